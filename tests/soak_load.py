#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Continuous load for the soak scenarios, and the fate of every request.

    soak_load.py ADDRESS PATH -c CLIENTS [-n NUMBER | --until FILE]

ADDRESS is an SCGI socket (/path or HOST:PORT) or http://HOST:PORT; %d in PATH
becomes the number of the request.  Each client asks, reads the answer to its
end, and asks again.  An answer is ok if its status is 200 and its last line is
"end"; it is refused if it is 503 with Retry-After; anything else has failed.
--records FILE gets a line "number begin end fate" for each request, times in
seconds on the monotonic clock.  One line sums it all up.
"""
import argparse
import errno
import heapq
import itertools
import os
import resource
import select
import socket
import sys
import time

now = time.monotonic


def options():
    p = argparse.ArgumentParser(description='Ask on and on; tell the fate of every request.')
    a = p.add_argument
    a('address')
    a('path')
    a('-c', '--clients', type=int, default=1)
    a('-n', '--number', type=int, default=0, help='requests in all')
    a('--seconds', type=float, default=0, help='ask for so long')
    a('--until', metavar='FILE', help='until there is such a file')
    a('--every', type=float, default=0, metavar='MS', help='pause of a client after an answer')
    a('--after-503', type=float, default=0, metavar='MS', help='and after a refusal')
    a('--post', type=int, default=0, metavar='N', help='every Nth request has a body')
    a('--body', type=int, default=1000, metavar='BYTES', help='of this size')
    a('--timeout', type=float, default=60, metavar='S', help='of one request')
    a('--idle', type=int, default=0, metavar='N', help='so many connections that say nothing')
    a('--records', metavar='FILE')
    return p.parse_args()


def netstring(pairs):
    block = b''.join(n + b'\0' + v + b'\0' for n, v in pairs)
    return b'%d:%s,' % (len(block), block)


class Target:
    """Where to connect, and how a request is written there."""

    def __init__(self, opt):
        self.http = opt.address.startswith('http://')
        self.path, self.post, self.size = opt.path, opt.post, opt.body
        where = opt.address.removeprefix('http://')
        if where.startswith('/'):
            self.family, self.address = socket.AF_UNIX, where
        else:
            host, _, port = where.rpartition(':')
            self.family, self.address = socket.AF_INET, (host, int(port))

    def connect(self):
        """A socket that is, or is about to be, connected; None if the queue is full."""
        sock = socket.socket(self.family)
        sock.setblocking(False)
        e = sock.connect_ex(self.address)
        if e in (0, errno.EINPROGRESS):
            return sock
        sock.close()
        if e == errno.EAGAIN:
            return None
        raise OSError(e, os.strerror(e))

    def request(self, number):
        body = b'x' * self.size if self.post and number % self.post == 0 else b''
        method = b'POST' if body else b'GET'
        uri = self.path.replace('%d', str(number)).encode()
        if self.http:
            length = b'Content-Length: %d\r\n' % len(body) if body else b''
            return b'%s %s HTTP/1.0\r\nHost: soak\r\n%s\r\n%s' % (method, uri, length, body)
        path, _, query = uri.partition(b'?')
        return netstring([
            (b'CONTENT_LENGTH', b'%d' % len(body)), (b'SCGI', b'1'), (b'REQUEST_METHOD', method),
            (b'REQUEST_URI', uri), (b'QUERY_STRING', query), (b'DOCUMENT_URI', path),
            (b'SERVER_PROTOCOL', b'HTTP/1.1'), (b'SERVER_NAME', b'soak'), (b'SERVER_PORT', b'80'),
            (b'REMOTE_ADDR', b'192.0.2.7'), (b'HTTP_HOST', b'soak')]) + body


def fate(data):
    """What an answer, read to its end, amounts to."""
    line, _, _ = data.partition(b'\r\n')
    words = line.split(b' ')
    if len(words) < 2 or b'\r\n\r\n' not in data:
        return 'cut'
    status = words[1].decode('latin-1')
    if status == '200':
        return 'ok' if data.endswith(b'\nend\n') else 'cut'
    if status == '503':
        return 'refused' if b'\nRetry-After: ' in data else '503'
    return status


class Client:
    """One that asks, one request at a time."""

    def __init__(self, load):
        self.load = load
        self.sock = None

    def ask(self, number):
        self.number, self.begin, self.data = number, now(), b''
        self.out = self.load.target.request(number)
        self.connect()

    def connect(self):
        try:
            self.sock = self.load.target.connect()
        except OSError as e:
            self.done(errno.errorcode[e.errno])
            return
        if self.sock is None:
            self.load.later(0.001, self.connect)
            return
        self.load.by_fd[self.sock.fileno()] = self
        self.load.epoll.register(self.sock.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def ready(self, events):
        try:
            if self.out and events & (select.EPOLLOUT | select.EPOLLERR | select.EPOLLHUP):
                self.send()
            if events & ~select.EPOLLOUT:
                self.receive()
        except BlockingIOError:
            pass
        except OSError as e:
            self.done(fate(self.data) if self.data else errno.errorcode[e.errno])

    def send(self):
        try:
            self.out = self.out[self.sock.send(self.out):]
        except (BrokenPipeError, ConnectionResetError):
            self.out = b''       # it may have answered before it closed
        if not self.out:
            self.load.epoll.modify(self.sock.fileno(), select.EPOLLIN)

    def receive(self):
        data = self.sock.recv(1 << 16)
        if data:
            self.data += data
        else:
            self.done(fate(self.data))

    def done(self, what):
        if self.sock:
            del self.load.by_fd[self.sock.fileno()]
            self.sock.close()
            self.sock = None
        self.load.account(self, what)


class Load:
    def __init__(self, opt):
        self.opt, self.target = opt, Target(opt)
        self.epoll, self.by_fd = select.epoll(), {}
        self.pauses, self.order = [], itertools.count()
        self.asked, self.fates, self.times = 0, {}, {'ok': [], 'refused': []}
        self.records = open(opt.records, 'w') if opt.records else None
        self.start = now()
        self.over_at = None     # nobody asks any more; who has asked waits
        self.ok_in_time = 0
        self.busy = 0

    def later(self, seconds, call):
        heapq.heappush(self.pauses, (now() + seconds, next(self.order), call))

    def is_over(self):
        o = self.opt
        return ((o.number and self.asked >= o.number) or
                (o.seconds and now() - self.start >= o.seconds) or
                (o.until and os.path.exists(o.until)))

    def next_for(self, client):
        if self.over_at or (self.opt.number and self.asked >= self.opt.number):
            return
        self.asked += 1
        self.busy += 1
        client.ask(self.asked)

    def account(self, client, what):
        self.busy -= 1
        end = now()
        self.fates[what] = self.fates.get(what, 0) + 1
        if what in self.times:
            self.times[what].append(end - client.begin)
        self.ok_in_time += what == 'ok' and not self.over_at
        if self.records:
            self.records.write('%d %.4f %.4f %s\n' % (client.number, client.begin, end, what))
        # Never from here: a target that refuses everybody would nest without end.
        self.later((self.opt.after_503 if what == 'refused' else self.opt.every) / 1000,
                   lambda: self.next_for(client))

    def give_up(self):
        for client in list(self.by_fd.values()):
            if now() - client.begin > self.opt.timeout:
                client.done('timeout')

    def run(self):
        idle = [self.idle() for _ in range(self.opt.idle)]
        print('ready', flush=True)
        self.start = now()
        for _ in range(self.opt.clients):
            self.next_for(Client(self))
        look = now()
        while self.busy or not self.over_at:
            if now() >= look:
                if not self.over_at and self.is_over():
                    self.over_at = now()
                self.give_up()
                look = now() + 0.05
            wait = min(look, self.pauses[0][0] if self.pauses else look) - now()
            for fd, events in self.epoll.poll(max(wait, 0)):
                if fd in self.by_fd:
                    self.by_fd[fd].ready(events)
            while self.pauses and self.pauses[0][0] <= now():
                heapq.heappop(self.pauses)[2]()
        self.seconds = self.over_at - self.start
        self.lost = sum(self.is_lost(s) for s in idle)

    def idle(self):
        while (sock := self.target.connect()) is None:
            time.sleep(0.001)
        return sock

    @staticmethod
    def is_lost(sock):
        """An idle connection is to stay open and silent."""
        try:
            sock.recv(1)
        except BlockingIOError:
            return False
        return True

    def summary(self):
        ok, refused = sorted(self.times['ok']), sorted(self.times['refused'])
        failed = {k: n for k, n in self.fates.items() if k not in self.times}
        return ('asked=%d ok=%d refused=%d failed=%d rate=%.1f seconds=%.1f p50_ms=%.1f p99_ms=%.1f '
                'max_ms=%.1f refused_p50_ms=%.1f refused_max_ms=%.1f idle_lost=%d fates=%s' % (
                    self.asked, len(ok), len(refused), sum(failed.values()), self.ok_in_time / self.seconds,
                    self.seconds, rank(ok, 50), rank(ok, 99), rank(ok, 100), rank(refused, 50),
                    rank(refused, 100), self.lost,
                    ','.join('%s:%d' % x for x in sorted(self.fates.items()))))


def rank(times, percent):
    """Milliseconds that so many in a hundred do not exceed."""
    return times[max(0, -(-len(times) * percent // 100) - 1)] * 1000 if times else 0.0


def main():
    opt = options()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load = Load(opt)
    load.run()
    if load.records:
        load.records.close()
    print(load.summary())
    return 0 if load.fates.keys() <= {'ok', 'refused'} and not load.lost else 1


if __name__ == '__main__':
    sys.exit(main())
