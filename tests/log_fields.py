#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Reads the daemon's log as strictly as it can be read.

    log_fields.py judge LOG [PREFIX]   every line is one that the daemon wrote, and safe to show
    log_fields.py round ADDRESS LOG    made-up paths come back from the access lines as they went
    log_fields.py json ADDRESS LOG     likewise, where the lines are JSON objects
    log_fields.py combined LOG         every line has the nine parts of the combined log format
"""
import json
import random
import re
import sys
import time

sys.dont_write_bytecode = True
import scgi_client  # noqa: E402

# What may steer a terminal, end a line for somebody, or not be seen.
UNSAFE = re.compile('[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb'
                    '\U000e0000-\U000e007f]')
ESCAPE = re.compile(rb'\\(x[0-9a-f]{2}|["\\])')
FIELD = re.compile(rb' ([a-z_]+)=(?:"((?:[^"\\]|\\x[0-9a-f]{2}|\\["\\])*)"|([^ "=]*))')


def unescaped(text):
    def byte(m):
        return bytes([int(m[1][1:], 16)]) if m[1][:1] == b'x' else m[1]
    return ESCAPE.sub(byte, text)


def fields(line):
    """The names and values of an access line, and nothing beside them."""
    at = line.index(b'request id=') + len(b'request')
    found = {}
    while at < len(line):
        m = FIELD.match(line, at)
        if m is None:
            raise ValueError('no field at %r in %r' % (line[at:at + 40], line))
        if m[1] in found:
            raise ValueError('%r twice in %r' % (m[1], line))
        found[m[1].decode()] = unescaped(m[2] if m[2] is not None else m[3])
        at = m.end()
    return found


def json_fields(line):
    """The same of a JSON object; numbers must be numbers, and no key may stand twice."""
    pairs = json.loads(line.decode('utf-8'), object_pairs_hook=list)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError('a key twice in %r' % line)
    for key in ('status', 'in', 'out', 'total_ms'):
        if type(found[key]) is not int:
            raise ValueError('%s is no number in %r' % (key, line))
    return {k: unescaped(v.encode('utf-8')) if isinstance(v, str) else v for k, v in pairs}


def access_lines(log):
    with open(log, 'rb') as f:
        return [line for line in f.read().split(b'\n') if re.match(rb'[^ ]* ?request id=|\{', line)]


def judge(log, prefix='scgi-cgid: '):
    with open(log, 'rb') as f:
        text = f.read()
    faults = [] if text.endswith(b'\n') else ['the last line has no end']
    for line in text.split(b'\n')[:-1]:
        try:
            words = line.decode()
        except UnicodeDecodeError:
            words = '\0'
        if UNSAFE.search(words):
            faults.append('unsafe: %r' % line)
        if not words.startswith(prefix):
            faults.append('not ours: %r' % line)
        if len(line) >= 4096:
            faults.append('%d bytes: %r' % (len(line), line[:80]))
    for line in access_lines(log):
        try:
            found = fields(line)
            if not {'id', 'peer', 'status', 'in', 'out', 'total_ms', 'end'} <= set(found):
                faults.append('fields are missing: %r' % line)
            if 'forged' in found or found['id'].startswith(b'9-9'):
                faults.append('forged: %r' % line)
        except ValueError as e:
            faults.append(str(e))
    return faults


def made_up(dice):
    """A path made of what is hard to quote; no control characters, which are refused before."""
    parts = [b' ', b'"', b'\\', b'=', b'\\x41', b'\\"', b'" forged="1', b' status=200', b"'", b'...', b'%', b'%s%n',
             b'\xff', b'\xc2\x85', b'\xe2\x80\xae', b'\xe2\x80\xa8', 'ä€😀'.encode(), b'\xc3', b'\x9b31m', b'a', b'/b']
    return b'/' + b''.join(dice.choice(parts) for _ in range(dice.randrange(1, 40)))


def ask(address, path):
    sys.argv = ['x', address, '/', '--bare', '-p', 'REQUEST_METHOD=GET']
    opt = scgi_client.options()
    request = scgi_client.Request(opt)
    block = b'CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0DOCUMENT_URI\0' + path + b'\0'
    request.head = b'%d:%s,' % (len(block), block)
    return scgi_client.Exchange(opt, request).run()


def round_trip(address, log, read=fields, least=250):
    dice = random.Random(3)
    paths = [made_up(dice) for _ in range(400)] + [b'/' + bytes([c]) * n for c in b'a \xff"\\' for n in (250, 1000)]
    before = len(access_lines(log))
    for path in paths:
        ask(address, path)
    patience = time.monotonic() + 5
    while len(access_lines(log)) < before + len(paths) and time.monotonic() < patience:
        time.sleep(0.05)
    lines = access_lines(log)[before:]
    faults = [] if len(lines) == len(paths) else ['%d lines for %d requests' % (len(lines), len(paths))]
    for path, line in zip(paths, lines):
        if UNSAFE.search(line.decode()):
            faults.append('unsafe: %r' % line)
        got = read(line)['path']
        cut = got[:-3] if got.endswith(b'...') and len(got) < len(path) else None
        if got != path and (cut is None or len(cut) < least or not path.startswith(cut)):
            faults.append('%r came back as %r' % (path, got))
    return faults


def json_trip(address, log):
    return round_trip(address, log, json_fields, 200)


def combined(log):
    form = re.compile(rb'[!-~]+ - [!-~]+ \[[!-Z^-~ ]+\] "(-|[!-~]+ [!-~]+ [!-~]+)" [0-9]{3} [0-9]+ "[^"]*" "[^"]*"\n')
    with open(log, 'rb') as f:
        return ['not combined: %r' % line for line in f if not form.fullmatch(line)]


found_faults = {'judge': judge, 'round': round_trip, 'json': json_trip, 'combined': combined}[sys.argv[1]](*sys.argv[2:])
for fault in found_faults[:10]:
    print('    ' + fault)
sys.exit(1 if found_faults else 0)
