#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Well-behaved, in Python."""
print('Content-Type: text/plain\n\nhello from Python')
