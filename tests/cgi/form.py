#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A Python program: shows the fields of a form, or the checksum of another body."""
import hashlib
import os
import sys
from urllib.parse import parse_qs

print('Content-Type: text/plain\n')
print('method=' + os.environ['REQUEST_METHOD'])
fields = parse_qs(os.environ['QUERY_STRING'])
length = int(os.environ.get('CONTENT_LENGTH', 0))
if length:
    body = sys.stdin.buffer.read(length)
    if os.environ.get('CONTENT_TYPE') == 'application/x-www-form-urlencoded':
        fields.update(parse_qs(body.decode()))
    else:
        print('length=%d' % len(body))
        print('sum=' + hashlib.sha1(body).hexdigest())
for name in sorted(fields):
    print('%s=%s' % (name, ','.join(fields[name])))
