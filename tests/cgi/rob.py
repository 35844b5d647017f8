#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Writes until nobody takes any more, and ends; a child that it leaves behind
reads what is in the pipe, and keeps the pipe open."""
import os
import select
import time

me = os.getpid()
os.write(1, b'Content-Type: text/plain\n\n')
os.set_blocking(1, False)
while select.select([], [1], [], 0.2)[1]:
    os.write(1, bytes(4096))
if os.fork() == 0:
    os.fchmod(1, 0o600)     # which is not let be read otherwise
    pipe = os.open('/proc/self/fd/1', os.O_RDONLY | os.O_NONBLOCK)
    while os.path.exists('/proc/%d' % me):
        time.sleep(0.01)
    robbed = 0
    while select.select([pipe], [], [], 0)[0]:
        robbed += len(os.read(pipe, 65536))
    with open('../tmp/robbed', 'w') as f:
        print(robbed, file=f)
    time.sleep(20)
