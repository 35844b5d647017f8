#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Swaps files for others as fast as it can: swap.py SECONDS A B [A B ...]

Each pair changes places by one rename (RENAME_EXCHANGE), so that there is
always something of either name.  The number of swaps goes to standard output.
"""
import ctypes
import sys
import time

AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None, use_errno=True)
end = time.monotonic() + float(sys.argv[1])
pairs = [(a.encode(), b.encode()) for a, b in zip(sys.argv[2::2], sys.argv[3::2])]
swaps = 0
while time.monotonic() < end:
    for a, b in pairs:
        if libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) != 0:
            sys.exit('cannot swap: errno %d' % ctypes.get_errno())
        swaps += 1
print(swaps)
