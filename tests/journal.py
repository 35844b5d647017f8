#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Plays systemd's journal: each entry that arrives at a socket becomes a line of JSON in a file.

    journal.py SOCKET FILE

A datagram is read by the letter of the native protocol: KEY=value, or KEY, a length of eight bytes and so many bytes.
"""
import json
import re
import socket
import struct
import sys


def fields(entry):
    found, at = {}, 0
    while at < len(entry):
        end = entry.index(b'\n', at)
        key, equals, value = entry[at:end].partition(b'=')
        if not equals:
            size, = struct.unpack('<Q', entry[end + 1:end + 9])
            value = entry[end + 9:end + 9 + size]
            end += 9 + size
            if entry[end:end + 1] != b'\n':
                raise ValueError('a value does not end where it says')
        if not re.fullmatch(rb'[A-Z][A-Z0-9_]*', key) or key.decode() in found:
            raise ValueError('bad or second key %r' % key)
        found[key.decode()] = value.decode('utf-8', 'surrogateescape')
        at = end + 1
    return found


there = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
there.bind(sys.argv[1])
with open(sys.argv[2], 'a', encoding='ascii') as out:
    while True:
        datagram = there.recv(1 << 20)
        try:
            line = json.dumps(fields(datagram))
        except (ValueError, struct.error) as e:
            line = 'bad entry: %s: %r' % (e, datagram)
        print(line, file=out, flush=True)
