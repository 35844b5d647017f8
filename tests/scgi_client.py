#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""An SCGI client for the tests.

It asks what nginx would ask, and also what no good front end would: byte by
byte, too much, too little, without reading, without waiting.  The reply goes to
standard output as it came; with -v one line about it goes to standard error:

    status=200 head=57 body=6 ms=3 first=2 end=eof send=done sent=9d4e… sha=f572…

end is how the reply ended: eof, reset, timeout, left (we left first).
send is what became of the request: done, refused (the other side would not
take all of it), stopped (we did not send all of it).
sent and sha are the SHA-1 of the body sent and of the body received.

The status of the program is 0, or 1 if an expectation was not met.
"""
import argparse
import hashlib
import os
import resource
import socket
import struct
import sys
import threading
import time
from urllib.parse import unquote_to_bytes

PIECE = 65536


def escaped(text):
    """The bytes of an argument, with backslash escapes as in printf."""
    return os.fsencode(text).decode('unicode_escape').encode('latin-1')


def options():
    p = argparse.ArgumentParser(description='Send an SCGI request and show the reply.')
    a = p.add_argument
    a('address', help='/path, unix:/path, @abstract, 127.0.0.1:6500 or [::1]:6500')
    a('uri', nargs='?', default='/', help='as in a request line: /path?query')

    g = p.add_argument_group('the request')
    a = g.add_argument
    a('-X', '--method', help='default GET, or POST with a body')
    a('-p', '--param', action='append', default=[], metavar='NAME=VALUE',
      help='set a parameter, in place of a default one if there is one')
    a('-a', '--append', action='append', default=[], metavar='NAME=VALUE',
      help='one more parameter at the end, even if there is one of this name')
    a('-d', '--drop', action='append', default=[], metavar='NAME', help='leave a default one out')
    a('-H', '--header', action='append', default=[], metavar='NAME: VALUE', help='becomes HTTP_NAME')
    a('--bare', action='store_true', help='no default parameters but CONTENT_LENGTH and SCGI')
    a('-b', '--body', type=escaped, help='the body, backslash escapes understood')
    a('--body-file', metavar='FILE', help='the body from a file, - for standard input')
    a('--body-size', type=int, metavar='N', help='a body of N made-up bytes')
    a('--length', metavar='N', help='claim this CONTENT_LENGTH')
    a('--head-size', type=int, metavar='N', help='fill the header block up to N bytes')
    a('--excess', type=escaped, default=b'', help='bytes to send after the body')
    a('--raw', type=escaped, help='send these bytes instead of any request')

    g = p.add_argument_group('how it is told')
    a = g.add_argument
    a('--piece', type=int, metavar='N', help='send N bytes at a time')
    a('--pause', type=int, default=0, metavar='MS', help='wait between pieces')
    a('--stop-at', type=int, metavar='N', help='send no more than the first N bytes')
    a('--duplex', action='store_true', help='read while sending, as nginx does')
    a('--half-close', action='store_true', help='shut the sending side when all is sent')
    a('--keep-sending', action='store_true', help='and then send bytes until they are refused')
    a('--no-read', type=int, default=0, metavar='MS', help='wait so long before reading')
    a('--read-piece', type=int, default=1 << 18, metavar='N', help='read N bytes at a time')
    a('--read-pause', type=int, default=0, metavar='MS', help='wait between these')
    a('--leave-at', type=int, metavar='N', help='close after N bytes of the body, or a few more')
    a('--leave', type=int, metavar='MS', help='close MS after the request was sent, without reading')
    a('--leave-when', metavar='FILE', help='close as soon as there is something in FILE')
    a('--reset', action='store_true', help='leave with a reset rather than a FIN')
    a('--timeout', type=float, default=20, metavar='S', help='give up after S seconds in all')

    g = p.add_argument_group('what comes of it')
    a = g.add_argument
    a('-v', '--summary', action='store_true', help='one line about the reply to standard error')
    a('-q', '--quiet', action='store_true', help='do not print the reply')
    a('--body-only', action='store_true', help='print the body alone')
    a('--expect-status', metavar='N', help='fail unless the status is N')

    g = p.add_argument_group('many at once')
    a = g.add_argument
    a('-n', '--number', type=int, metavar='N', help='ask N times and count the outcomes')
    a('-c', '--concurrency', type=int, default=1, metavar='C', help='so many at a time')
    a('--idle', type=int, metavar='N', help='open N connections, say ready, hold until killed')
    return p.parse_args()


def connect(address, timeout):
    """A connected stream socket."""
    if address.startswith('unix:'):
        address = address[5:]
    if address.startswith(('/', '@')):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(timeout)
        sock.connect('\0' + address[1:] if address[0] == '@' else address)
        return sock
    host, _, port = address.rpartition(':')
    sock = socket.create_connection((host.strip('[]'), int(port)), timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def has_content(name):
    return os.path.exists(name) and os.path.getsize(name) > 0


def made_up(size):
    """Bytes in which every block differs, so that none can be lost or swapped."""
    filler = bytes(range(256)) * (PIECE // 256)
    for start in range(0, size, PIECE):
        yield (struct.pack('>Q', start) + filler)[:min(PIECE, size - start)]


def file_pieces(name):
    with (sys.stdin.buffer if name == '-' else open(name, 'rb')) as f:
        while piece := f.read(PIECE):
            yield piece


class Request:
    """What is to be sent: a header block, then the body in pieces."""

    def __init__(self, opt):
        self.opt = opt
        self.size = 0
        if opt.body is not None:
            self.size = len(opt.body)
        elif opt.body_size is not None:
            self.size = opt.body_size
        elif opt.body_file == '-':
            opt.body = sys.stdin.buffer.read()
            self.size = len(opt.body)
        elif opt.body_file:
            self.size = os.path.getsize(opt.body_file)
        self.head = opt.raw if opt.raw is not None else self.netstring()

    def netstring(self):
        block = b''.join(n + b'\0' + v + b'\0' for n, v in self.params())
        while len(block) < (self.opt.head_size or 0):
            size = self.opt.head_size - len(block)
            size = size if size <= 500 else 400
            block += b'FILLER\0' + b'x' * (size - 8) + b'\0'
        return b'%d:%s,' % (len(block), block)

    def params(self):
        """The parameters in nginx's order."""
        opt = self.opt
        has_body = opt.body is not None or opt.body_size is not None or opt.body_file
        path, _, query = opt.uri.partition('?')
        length = str(self.size) if opt.length is None else opt.length
        p = {b'CONTENT_LENGTH': length.encode(), b'SCGI': b'1'}
        if not opt.bare:
            p = {
                b'CONTENT_LENGTH': length.encode(),
                b'REQUEST_METHOD': (opt.method or ('POST' if has_body else 'GET')).encode(),
                b'REQUEST_URI': os.fsencode(opt.uri),
                b'QUERY_STRING': os.fsencode(query),
                b'CONTENT_TYPE': b'application/octet-stream' if has_body else b'',
                b'DOCUMENT_URI': unquote_to_bytes(os.fsencode(path)),
                b'DOCUMENT_ROOT': b'/usr/share/nginx/html',
                b'SCGI': b'1',
                b'SERVER_PROTOCOL': b'HTTP/1.1',
                b'REQUEST_SCHEME': b'http',
                b'REMOTE_ADDR': b'192.0.2.7',
                b'REMOTE_PORT': b'40000',
                b'SERVER_PORT': b'80',
                b'SERVER_NAME': b'test.example',
                b'HTTP_HOST': b'test.example',
            }
        for name in opt.drop:
            p.pop(name.encode(), None)
        for pair in opt.param:
            name, _, value = escaped(pair).partition(b'=')
            p[name] = value
        pairs = list(p.items())
        for pair in opt.append:
            name, _, value = escaped(pair).partition(b'=')
            pairs.append((name, value))
        for line in opt.header:
            name, _, value = escaped(line).partition(b':')
            pairs.append((b'HTTP_' + name.upper().replace(b'-', b'_'), value.strip()))
        return pairs

    def body(self):
        opt = self.opt
        if opt.raw is not None:
            return
        if opt.body is not None:
            yield opt.body
        elif opt.body_size is not None:
            yield from made_up(opt.body_size)
        elif opt.body_file:
            yield from file_pieces(opt.body_file)

    def pieces(self, digest):
        """All bytes to send, cut as the options say, and no more than they allow."""
        opt = self.opt
        left = opt.stop_at if opt.stop_at is not None else -1

        def chunks():
            yield self.head
            for chunk in self.body():
                digest.update(chunk)
                yield chunk
            yield opt.excess

        for chunk in chunks():
            step = opt.piece or len(chunk) or 1
            for i in range(0, len(chunk), step):
                piece = chunk[i:i + step]
                if left >= 0:
                    piece = piece[:left]
                    left -= len(piece)
                if piece:
                    yield piece


class Exchange:
    """One connection: the request out, the reply in."""

    def __init__(self, opt, request, out=None):
        self.opt, self.request, self.out = opt, request, out
        self.head = b''
        self.in_body = False
        self.body_len = 0
        self.sum = hashlib.sha1()
        self.sent_sum = hashlib.sha1()
        self.end, self.send_end = '', 'done'
        self.first_ms, self.ended_ms = None, 0
        self.start = time.monotonic()

    def ms(self):
        return int((time.monotonic() - self.start) * 1000)

    def run(self):
        try:
            self.sock = connect(self.opt.address, self.opt.timeout)
        except OSError as e:
            self.end = 'no-connection'
            print('connect %s: %s' % (self.opt.address, e), file=sys.stderr)
            return self
        with self.sock:
            if self.opt.duplex:
                sender = threading.Thread(target=self.send)
                sender.start()
                self.receive()
                sender.join()
            else:
                self.send()
                self.receive()
        self.total_ms = self.ms()
        return self

    def send(self):
        opt = self.opt
        try:
            for piece in self.request.pieces(self.sent_sum):
                self.sock.sendall(piece)
                if opt.pause:
                    time.sleep(opt.pause / 1000)
            if opt.half_close:
                self.sock.shutdown(socket.SHUT_WR)
            while opt.keep_sending and self.ms() < opt.timeout * 1000:
                self.sock.sendall(b'x' * 1000)
                time.sleep(0.02)
        except OSError:
            self.send_end = 'refused'
            return
        if opt.stop_at is not None:
            self.send_end = 'stopped'

    def receive(self):
        opt = self.opt
        if opt.leave is not None or opt.leave_when:
            time.sleep((opt.leave or 0) / 1000)
            while opt.leave_when and not has_content(opt.leave_when) and self.ms() < opt.timeout * 1000:
                time.sleep(0.01)
            if opt.reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            self.end = 'left'
            return
        if opt.no_read:
            time.sleep(opt.no_read / 1000)
        try:
            while not self.end:
                left = opt.timeout - self.ms() / 1000
                if left <= 0:
                    raise TimeoutError
                self.sock.settimeout(left)
                data = self.sock.recv(opt.read_piece)
                if data:
                    self.take(data)
                else:
                    self.end = 'eof'
                if opt.leave_at is not None and self.body_len >= opt.leave_at:
                    self.end = 'left'
                if opt.read_pause:
                    time.sleep(opt.read_pause / 1000)
        except TimeoutError:
            self.end = 'timeout'
        except OSError:
            self.end = 'reset'
        self.ended_ms = self.ms()

    def take(self, data):
        """Note one stretch of the reply."""
        if self.first_ms is None:
            self.first_ms = self.ms()
        if self.out and not self.opt.body_only:
            self.out.write(data)
        if not self.in_body:
            self.head += data
            at = self.head.find(b'\r\n\r\n')
            if at < 0:
                return
            self.in_body = True
            self.head, data = self.head[:at + 4], self.head[at + 4:]
        self.body_len += len(data)
        self.sum.update(data)
        if self.out and self.opt.body_only:
            self.out.write(data)

    def status(self):
        """NNN of `Status: NNN Reason` or `HTTP/1.1 NNN Reason`, or 000."""
        word = self.head.split(b'\r\n')[0].split(b' ')
        if word[0] == b'Status:' or word[0].startswith(b'HTTP/'):
            return word[1].decode('latin-1') if len(word) > 1 else '000'
        return '000'

    def summary(self):
        return ('status=%s head=%d body=%d ms=%d first=%d end=%s send=%s sent=%s sha=%s' % (
            self.status(), len(self.head), self.body_len, self.ms(), self.first_ms or 0, self.end,
            self.send_end, self.sent_sum.hexdigest(), self.sum.hexdigest()))


def ask_many(opt):
    """Ask opt.number times, opt.concurrency at a time; count statuses and ends."""
    lock, left = threading.Lock(), iter(range(opt.number))
    counts, slowest = {}, 0
    start = time.monotonic()

    def work():
        nonlocal slowest
        while True:
            with lock:
                if next(left, None) is None:
                    return
            x = Exchange(opt, request).run()
            with lock:
                key = 'status=%s end=%s' % (x.status(), x.end)
                counts[key] = counts.get(key, 0) + 1
                slowest = max(slowest, x.ms())

    request = Request(opt)
    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=work) for _ in range(opt.concurrency)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for key, n in sorted(counts.items()):
        print('%s count=%d' % (key, n))
    print('slowest=%d ms=%d' % (slowest, (time.monotonic() - start) * 1000))
    good = 'status=%s end=eof' % opt.expect_status
    return opt.expect_status is None or counts.get(good, 0) == opt.number


def hold_idle(opt):
    held = [connect(opt.address, opt.timeout) for _ in range(opt.idle)]
    print('ready %d' % len(held), flush=True)
    while True:
        time.sleep(60)


def main():
    opt = options()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if opt.idle:
        hold_idle(opt)
    if opt.number:
        return 0 if ask_many(opt) else 1
    x = Exchange(opt, Request(opt), None if opt.quiet else sys.stdout.buffer).run()
    sys.stdout.flush()
    if opt.summary:
        print(x.summary(), file=sys.stderr)
    if opt.expect_status not in (None, x.status()):
        print('status %s, expected %s' % (x.status(), opt.expect_status), file=sys.stderr)
        return 1
    return 1 if x.end in ('timeout', 'no-connection') else 0


if __name__ == '__main__':
    sys.exit(main())
