#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Asks a web server what a table says, and compares its answers with the table.

    front_client.py TABLE PORT TLS-PORT HOST [TAG...]

The table, tests/frontends.txt, explains itself.  TAGs say which web server this
is and how it is set up.  Each answer that differs is shown; the status is 0 if
there is none.  @HOST@, @PORT@ and @TLSPORT@ in the table stand for the arguments,
@T@ for the directory of the test.
"""
import hashlib
import os
import re
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

# How a web server frames its answer is its own business, but must be right.
OWN = {'date', 'server', 'connection', 'keep-alive', 'transfer-encoding',
       'content-length', 'accept-ranges'}


class Row:
    """A request, and the answers to it by tag."""

    def __init__(self, name):
        self.name, self.asked, self.flags, self.says = name, [], set(), []


def read_table(path):
    rows, says = {}, None
    with open(path, encoding='utf-8') as table:
        for number, line in enumerate(table, 1):
            kind, text = line[:1], line[2:].rstrip('\n')
            if kind == '=':
                name, _, tags = text.partition(' @ ')
                if not tags and name in rows:
                    sys.exit('%s:%d: %s is there twice' % (path, number, name))
                row = rows[name] if tags else rows.setdefault(name, Row(name))
                says = (set(tags.split()), [])
                row.says.append(says)
            elif kind == '<':
                says[1].append(text)
            elif kind == '!':
                row.flags.update(text.split())
            elif kind == '>' or kind.isalpha():
                row.asked.append(text if kind == '>' else line.rstrip('\n'))
            elif kind not in ('#', '\n', ''):
                sys.exit('%s:%d: not understood' % (path, number))
    return rows.values()


def request(row, fill):
    """Head and body, as they are sent."""
    lines = [fill(line) for line in row.asked]
    cut = lines.index('') if '' in lines else len(lines)
    fields, text = lines[1:cut], lines[cut + 1:]
    made_up = re.fullmatch(r'@bytes (\d+)', text[0]) if text else None
    if made_up:
        body = bytes(i * i % 251 for i in range(1000)) * (int(made_up[1]) // 1000)
    else:
        body = ''.join(line + '\n' for line in text).encode()
    names = {field.partition(':')[0].lower() for field in fields}
    if 'host' not in names:
        fields.insert(0, fill('Host: @HOST@:@' + ('TLS' if 'tls' in row.flags else '') + 'PORT@'))
    if 'transfer-encoding' in names:
        body = b''.join(b'%x\r\n%s\r\n' % (len(body[i:i + 5000]), body[i:i + 5000])
                        for i in range(0, len(body), 5000)) + b'0\r\n\r\n'
    elif body and 'content-length' not in names:
        fields.append('Content-Length: %d' % len(body))
    fields.append('Connection: close')
    head = '\r\n'.join([lines[0] + ' HTTP/1.1'] + fields) + '\r\n\r\n'
    return head.encode(), body


def exchange(row, fill, port):
    """Send a request, return the bytes of the answer."""
    head, body = request(row, fill)
    with socket.create_connection(('127.0.0.1', port), 20) as conn:
        if 'tls' in row.flags:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            conn = context.wrap_socket(conn)
        try:
            conn.sendall(head if 'hold' in row.flags else head + body)
        except (ConnectionError, TimeoutError):
            pass                        # it has answered already
        answer = []
        try:
            while data := conn.recv(65536):
                answer.append(data)
        except (ConnectionError, TimeoutError) as error:
            answer.append(b'(%s)\n' % str(error).encode())
        conn.close()
    return b''.join(answer)


def unchunk(data):
    body = b''
    while (m := re.match(rb'([0-9a-fA-F]+)[^\r\n]*\r\n', data)):
        size = int(m[1], 16)
        body, data = body + data[m.end():m.end() + size], data[m.end() + size + 2:]
        if size == 0:
            return body if not data else body + b'\n(and more)'
    return body + b'(cut short)\n'


def parse(row, answer):
    """Status and reason, fields, body without its framing."""
    head, _, body = answer.partition(b'\r\n\r\n')
    if head.startswith(b'HTTP/1.1 100 '):
        head, _, body = body.partition(b'\r\n\r\n')
    first, *lines = head.decode('latin-1').split('\r\n')
    fields = [(name.lower(), value.strip())
              for name, _, value in (line.partition(':') for line in lines)]
    length = dict(fields).get('content-length')
    if dict(fields).get('transfer-encoding') == 'chunked':
        body = unchunk(body)
    elif row.asked[0].startswith('HEAD ') or first[9:12] in ('204', '304'):
        body = b'(a body)\n' + body if body else body
    elif length is not None and int(length) != len(body):
        body += b'(cut short)\n' if len(body) < int(length) else b'(and more)\n'
    return first[9:], fields, body


def matches(pattern, text):
    return re.fullmatch(re.escape(pattern).replace('@ANY@', '.*'), text) is not None


def differs(says, status, fields, body):
    """What is not as the table says: pairs of lines, expected and seen."""
    cut = says.index('') if '' in says else None
    wanted = [(name.lower(), value.strip())
              for name, _, value in (line.partition(':') for line in says[1:cut])]
    named = {name for name, _ in wanted}
    wanted = sorted('%s: %s' % field for field in wanted if field[1] != '@NONE@')
    seen = sorted('%s: %s' % field for field in fields if field[0] not in OWN - named)
    pairs = [(says[0], status)]
    if len(says) == 1:
        return [] if matches(*pairs[0]) else pairs
    if cut is not None:
        text = says[cut + 1:]
        if text and text[0].startswith('@sha1 '):
            body = ('@sha1 ' + hashlib.sha1(body).hexdigest()).encode() + b'\n'
        wanted.append('')
        seen.append('')
        wanted += text
        *lines, last = body.decode('utf-8', 'backslashreplace').split('\n')
        seen += lines + [last, '(no newline at its end)'] * (last != '')
    size = max(len(wanted), len(seen))
    wanted += ['(nothing)'] * (size - len(wanted))
    seen += ['(nothing)'] * (size - len(seen))
    return [pair for pair in pairs + list(zip(wanted, seen)) if not matches(*pair)]


def main():
    table, port, tls_port, host, *tags = sys.argv[1:]
    places = {'@HOST@': host, '@PORT@': port, '@TLSPORT@': tls_port, '@T@': os.environ['T']}

    def fill(line):
        return re.sub('@[A-Z]+@', lambda m: places.get(m[0], m[0]), line)

    def ask(row):
        says = [lines for wants, lines in row.says if not wants or wants & set(tags)][-1]
        if not says:
            return None                 # not asked here
        answer = exchange(row, fill, int(tls_port if 'tls' in row.flags else port))
        return differs([fill(line) for line in says], *parse(row, answer))

    rows = list(read_table(table))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(ask, rows))
    for row, result in zip(rows, results):
        for expected, seen in result or ():
            print('    %s: expected %s\n    %s  but saw  %s' %
                  (row.name, expected[:200], ' ' * len(row.name), seen[:200]))
    asked = sum(result is not None for result in results)
    print('    %d asked' % asked)
    sys.exit(asked == 0 or any(results))


main()
