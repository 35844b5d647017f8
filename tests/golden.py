#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""What a client of nginx gets for what a program prints: golden.txt, row by row.

    golden.py PORT FRONT TMP LOG <golden.txt

asks nginx's server FRONT at PORT for each row, has the program print it by way
of a file in TMP, takes the answer apart as strictly as a browser should, and
looks for the row's line in LOG.  One line for each row that is not as written;
the status is 1 if there is one.  It talks HTTP itself, since a library would
mend just what is to be seen here: framing, bare statuses, cut transfers.
"""
import os
import re
import socket
import sys
import time

PORT, FRONT, TMP, LOG = int(sys.argv[1]), *sys.argv[2:5]

# Fields of nginx's own, and its framing, which is looked at elsewhere.
NGINX = {b'server', b'date', b'connection', b'transfer-encoding'}

# Of our documents so far, by the reason word.
LENGTHS = {}


class Wrong(Exception):
    """An answer that no client should see."""


def unescape(text):
    """Escapes as in printf; {x*5} is xxxxx."""
    text = re.sub(r'\{(.*?)\*(\d+)\}', lambda m: m[1] * int(m[2]), text)
    return text.encode().decode('unicode_escape').encode('latin-1')


def read_rows():
    """The rows of standard input: their line's number and their columns."""
    for number, line in enumerate(sys.stdin, 1):
        if line.strip() and not line.startswith('#'):
            columns = line.rstrip('\n').split('|')
            if len(columns) != 7:
                sys.exit(f'golden.txt:{number}: {len(columns)} columns')
            if re.match(r'  \s*\S', columns[2]):
                sys.exit(f'golden.txt:{number}: a space to be sent is written \\x20')
            columns = [c.strip() for c in columns]
            yield number, columns


def exchange(method, path, body):
    """All that comes back until nginx closes."""
    with socket.create_connection(('127.0.0.1', PORT), 20) as sock:
        sock.sendall(b'%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n'
                     b'Content-Length: %d\r\n\r\n%s' %
                     (method.encode(), path.encode(), FRONT.encode(), len(body), body))
        answer = b''
        while piece := sock.recv(65536):
            answer += piece
        return answer


def unchunk(rest):
    """Chunks to a body, and whether their end is there."""
    body = b''
    while m := re.match(rb'([0-9a-f]+)\r\n', rest):
        size, rest = int(m[1], 16), rest[m.end():]
        if size == 0:
            if rest != b'\r\n':
                raise Wrong(f'bytes behind the last chunk: {rest[:80]!r}')
            return body, True
        body += rest[:size]
        if len(rest) < size + 2:
            return body, False
        if rest[size:size + 2] != b'\r\n':
            raise Wrong('bad framing')
        rest = rest[size + 2:]
    if rest:
        raise Wrong(f'no chunk: {rest[:80]!r}')
    return body, False


def take_apart(answer, method):
    """Status with reason, fields but nginx's own, body, and whether it is whole."""
    head, end, rest = answer.partition(b'\r\n\r\n')
    first, *lines = head.split(b'\r\n')
    if not end or not re.fullmatch(rb'HTTP/1\.1 [2-5]\d\d [^\0-\x1f]+', first):
        raise Wrong(f'bad status line: {first[:80]!r}')
    fields = []
    for line in lines:
        if not (m := re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([^\0-\x08\x0a-\x1f]*)", line)):
            raise Wrong(f'bad field: {line[:80]!r}')
        fields.append((m[1], m[2]))
    named = {name.lower(): value for name, value in fields}
    body, whole = rest, True
    if method == 'HEAD' or first[9:12] in (b'204', b'304'):
        if rest:
            raise Wrong(f'a body where none may be: {rest[:80]!r}')
    elif named.get(b'transfer-encoding') == b'chunked':
        body, whole = unchunk(rest)
    elif b'content-length' in named:
        if len(rest) > int(named[b'content-length']):
            raise Wrong('bytes behind the body')
        whole = len(rest) == int(named[b'content-length'])
    kept = [n + b': ' + v for n, v in fields if n.lower() not in NGINX]
    return first[9:].decode('latin-1'), sorted(kept), body, whole


def document(method, reason, body):
    """Fields and body of our own 502, not nginx's.  Its second line is a phrase, which
    stands in the log; with HEAD, it is that of an answer to GET some rows before."""
    if method != 'HEAD':
        if not re.fullmatch(rb'502 Bad Gateway\n\n[^\0-\x1f]+\n', body):
            raise Wrong(f'not our document: {body[:80]!r}')
        LENGTHS[reason] = len(body)
    return [b'Content-Length: %d' % LENGTHS[reason],
            b'Content-Type: text/plain; charset=utf-8',
            b'X-Content-Type-Options: nosniff'], body


def ask(number, columns):
    """Have a row's program say it, and compare.  The path that the log will show."""
    _, request, output, status, fields, body, reason = columns
    method, _, script = (request or 'GET /cgi/say.sh').partition(' ')
    script, mark, query = script.partition('?')
    path = f'{script}/{FRONT}.{number}'
    with open(f'{TMP}/{FRONT}.{number}', 'wb') as file:
        file.write(unescape(output))
    answer = exchange(method, path + mark + query, unescape(output) if method == 'POST' else b'')
    got = take_apart(answer, method)
    cut = False
    if reason and status.startswith('502'):
        fields, body = document(method, reason, got[2])
    else:
        fields = sorted(unescape(f) for f in re.split(' *~ *', fields) if f)
        mark, body = re.fullmatch(r'(CUT-TCP|CUT|) ?(.*)', body).groups()
        cut = mark == 'CUT' or (mark == 'CUT-TCP' and FRONT.startswith('tcp'))
        body = unescape(body)
        if mark == 'CUT-TCP' and cut and body.startswith(got[2]):
            body = got[2]       # a reset may overtake what nginx still holds
    for what, is_so, want in zip(('status', 'fields', 'body'), got, (status, fields, body)):
        if is_so != want:
            raise Wrong(f'{what} {str(is_so)[:300]}, not {str(want)[:300]}')
    if got[3] == cut:
        raise Wrong('whole, not cut' if cut else 'cut, not whole')
    return path


def access_line(path):
    """The log's line about a path, which is written after the answer."""
    for _ in range(100):
        with open(LOG, encoding='utf-8') as log:
            for line in log:
                if f' path={path} ' in line and ' end=' in line:
                    return line
        time.sleep(0.05)
    raise Wrong('no line in the log')


def main():
    """All rows, then the log, which needs one look for most of them."""
    os.umask(0o022)
    asked, wrong, count = [], 0, 0
    for number, columns in read_rows():
        count += 1
        try:
            asked.append((number, columns, ask(number, columns)))
        except (Wrong, OSError) as error:
            wrong += 1
            print(f'{FRONT}: golden.txt:{number}: {columns[0]}: {error}')
    for number, columns, path in asked:
        try:
            found = re.search(r' reason=(\S+)', access_line(path))
            if (found[1] if found else '') != columns[6]:
                raise Wrong(f'the log gives {found and found[1]}, not {columns[6] or None}')
        except Wrong as error:
            wrong += 1
            print(f'{FRONT}: golden.txt:{number}: {columns[0]}: {error}')
    print(f'{FRONT}: {count} rows, {wrong} wrong')
    sys.exit(wrong > 0 or count < 60)


main()
