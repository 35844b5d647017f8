#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Every row of scgi.table against a running daemon.

    scgi_table.py TABLE SOCKET LOG

The daemon's one worker has a map that gives all paths to tests/cgi/mirror.sh
and accepts all names. Each row is sent whole, cut in two, and byte by byte if
it is short, while a good request waits in the same worker for the rest of its
body; then that one is let go, and has its right answer.
"""
import re
import socket
import sys
import time

MACROS = {
    'in': {'R': r'SCGI\01\0REQUEST_METHOD\0GET\0REQUEST_URI\0/t\0'},
    'out': {'R': 'SCGI=1|REQUEST_METHOD=GET|REQUEST_URI=/t'},
}
MACROS['in']['M'] = r'CONTENT_LENGTH\00\0' + MACROS['in']['R']
MACROS['out']['M'] = 'CONTENT_LENGTH=0|' + MACROS['out']['R']
ESCAPES = {'0': b'\0', 't': b'\t', 'n': b'\n', 'r': b'\r', '\\': b'\\'}
# What the environment must never have, whoever sends it.
DROPPED = {b'HTTP_CONNECTION', b'HTTP_CONTENT_LENGTH', b'HTTP_CONTENT_TYPE', b'HTTP_PROXY',
           b'HTTP_TRANSFER_ENCODING', b'HTTP_AUTHORIZATION', b'HTTP_PROXY_AUTHORIZATION'}
UNFOLD = bytes.maketrans(b'\r\n', b'  ')
SHORT = 400


def closing(text, at):
    """Where the repetition ends that began before `at`."""
    depth = 1
    while True:
        if text.startswith(r'\(', at):
            depth += 1
        elif text[at] == ')':
            depth -= 1
            if not depth:
                return at
        at += 1


def plain(text, kind, count=0):
    """Macros and repetitions written out."""
    out, at = [], 0
    while at < len(text):
        if text[at] != '\\':
            out.append(text[at])
            at += 1
            continue
        letter = text[at + 1]
        at += 2
        if letter in MACROS[kind]:
            out.append(MACROS[kind][letter])
        elif letter == '#':
            out.append(str(count))
        elif letter == '(':
            end = closing(text, at)
            number, _, inner = text[at:end].partition('*')
            out.extend(plain(inner, kind, i + 1) for i in range(int(number)))
            at = end + 1
        else:
            out.append('\\' + letter)
    return ''.join(out)


def to_bytes(text):
    """Escapes become bytes, brackets netstrings."""
    stack, out = [], bytearray()
    for word in re.findall(r'\\x[0-9a-f]{2}|\\.|[^\\]+', text, re.S):
        if word == r'\[':
            stack.append(out)
            out = bytearray()
        elif word == r'\]':
            out = stack.pop() + b'%d:%b,' % (len(out), out)
        elif word.startswith(r'\x'):
            out.append(int(word[2:], 16))
        elif word[0] == '\\':
            out += ESCAPES[word[1]]
        else:
            out += word.encode()
    return bytes(out)


class Row:
    """What stands in the table under one name."""

    def __init__(self, name):
        self.name = name
        self.head = self.then = b''
        self.says = None        # where it is accepted: what the daemon says itself
        self.params = None      # where it is accepted
        self.refusal = None         # where it is refused: '400 reason'

    def line(self, word, text):
        if word == 'in':
            self.head = to_bytes(plain(text, 'in'))
        elif word == 'then':
            self.then = to_bytes(plain(text, 'in'))
        elif word == 'says':
            self.says = text
        elif text.startswith('accepted '):
            pairs = [p.partition('=') for p in plain(text[9:], 'out').split('|')]
            self.params = {to_bytes(n): to_bytes(v) for n, _, v in pairs}
        elif text != 'incomplete':
            self.refusal = text

    def length(self):
        return int(self.params[b'CONTENT_LENGTH'])


def read_table(path):
    rows = []
    with open(path, encoding='ascii') as table:
        for line in table:
            word, _, text = line.rstrip('\n').partition(' ')
            if word == 'row':
                rows.append(Row(text.strip()))
            elif word and word[0] != '#':
                rows[-1].line(word, text.lstrip(' '))
    return rows


class Log:
    """The daemon's log, from where we last were."""

    def __init__(self, path):
        self.file = open(path, 'rb')
        self.file.seek(0, 2)
        self.text = b''

    def until(self, what):
        """What was written, up to a line that has `what` and is no bystander's."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            self.text += self.file.read()
            for line in re.finditer(rb'[^\n]*\n', self.text):
                if what in line[0] and b'path=/by ' not in line[0]:
                    seen, self.text = self.text[:line.end()], self.text[line.end():]
                    return seen, line[0]
            time.sleep(0.001)
        raise AssertionError('no line in the log with %r' % what)


def connect(address):
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(10)
    sock.connect(address)
    return sock


def answer(sock):
    reply = b''
    try:
        while piece := sock.recv(1 << 18):
            reply += piece
    except ConnectionResetError:
        reply += b'(reset)'
    sock.close()
    return reply


def send(sock, pieces):
    """All of it, if the other side takes all of it."""
    try:
        for piece in pieces:
            sock.sendall(piece)
    except BrokenPipeError:
        pass


def equal(what, got, want):
    if got != want:
        raise AssertionError('%s is %.200r, not %.200r' % (what, got, want))


def look_at_refusal(reply, refusal, log):
    status, reason = refusal.encode().split(b' ')
    equal('status', reply[:11], b'Status: ' + status)
    line = log.until(b' end=')[1]
    if b' status=%s ' % status not in line or b' reason=%s ' % reason not in line:
        raise AssertionError('the log says %r' % line)


def unfolded(name, value):
    """A field on several lines is given on one (RFC 3875 4.1.18)."""
    return value.translate(UNFOLD) if name.startswith(b'HTTP_') else value


def look_at_mirror(row, reply, log, whole):
    """The program's environment and its standard input."""
    head, _, rest = reply.partition(b'\r\n\r\n')
    equal('status', head[:11], b'Status: 200')
    environ, _, body = rest.partition(b'\0\0')
    env = dict(v.split(b'=', 1) for v in environ.split(b'\0'))
    free = re.compile(rb'(HTTP_|X_)[A-Z0-9_]*')
    equal('environment', {n: v for n, v in env.items() if free.fullmatch(n)},
          {n: unfolded(n, v) for n, v in row.params.items()
           if free.fullmatch(n) and n not in DROPPED})
    for name in (b'REQUEST_METHOD', b'REQUEST_URI'):
        equal(name, env[name], row.params[name])
    length = row.length()
    equal('CONTENT_LENGTH', env.get(b'CONTENT_LENGTH'), b'%d' % length if length else None)
    equal('body', body, row.then[:length])
    seen, line = log.until(b' end=')
    if b' end=done' not in line:
        raise AssertionError('the log says %r' % line)
    excess = len(row.then) - length
    if whole and (b'%d bytes beyond' % excess in seen) != (excess > 0):
        raise AssertionError('of %d bytes too many the log says %r' % (excess, seen))


def ask(row, address, log, pieces):
    sock = connect(address)
    send(sock, pieces)
    silent = row.says == '' if row.params else not row.refusal
    if silent:
        sock.shutdown(socket.SHUT_WR)
    reply = answer(sock)
    if silent:
        equal('reply', reply, b'')
        if row.head:
            log.until(b' end=client-gone' if row.params else
                      b' reason=header-cut ')
    elif row.refusal or row.says:
        look_at_refusal(reply, row.refusal or row.says, log)
    else:
        look_at_mirror(row, reply, log, len(pieces) == 1)


def look_at(row, address, log):
    wire = row.head + row.then
    half = len(row.head) // 2
    bystander = connect(address)
    by = (b'CONTENT_LENGTH\0006\0SCGI\0001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/by\0')
    bystander.sendall(b'%d:%b,abc' % (len(by), by))
    ask(row, address, log, [wire])
    ask(row, address, log, [wire[:half], wire[half:]])
    if len(wire) <= SHORT:
        ask(row, address, log, [wire[i:i + 1] for i in range(len(wire))])
    bystander.sendall(b'def')
    reply = answer(bystander)
    if not reply.startswith(b'Status: 200') or not reply.endswith(b'\0\0abcdef'):
        raise AssertionError('the bystander got %r' % reply)


def catch_up(address, log, path):
    """After a row that went wrong, leave its lines in the log behind."""
    sock = connect(address)
    head = (b'CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0REQUEST_URI\0%b\0' % path)
    sock.sendall(b'%d:%b,' % (len(head), head))
    answer(sock)
    log.until(b' path=%b ' % path)


def main():
    table, address, path = sys.argv[1:]
    log, failed = Log(path), 0
    rows = read_table(table)
    for row in rows:
        try:
            look_at(row, address, log)
        except (AssertionError, OSError) as e:
            print('    %s: %s' % (row.name, e))
            failed += 1
            catch_up(address, log, b'/marker-%d' % failed)
    print('    %d rows, %d not as written' % (len(rows), failed))
    return failed != 0 or len(rows) < 80


if __name__ == '__main__':
    sys.exit(main())
