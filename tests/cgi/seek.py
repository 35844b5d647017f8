#!/usr/bin/python3
# SPDX-License-Identifier: ISC
# Reads its input twice, from the end and from the start, if it can seek.
import hashlib
import os
import sys

open('../tmp/seek.%s' % os.environ.get('QUERY_STRING', ''), 'w').write('here')
try:
    size = os.lseek(0, 0, os.SEEK_END)
    tail = os.pread(0, 4, max(0, size - 4))
    os.lseek(0, 0, os.SEEK_SET)
except OSError:
    size, tail = -1, b''
body = sys.stdin.buffer.read()
print('Content-Type: text/plain\n')
print('size=%d read=%d length=%s sum=%s tail=%r' % (
    size, len(body), os.environ.get('CONTENT_LENGTH'), hashlib.sha1(body).hexdigest(), tail))
