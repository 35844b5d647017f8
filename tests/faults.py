#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Lets the Nth allocation or system call of the daemon fail, for every N.

    faults.py [--sites] [--often] DAEMON DIRECTORY SCENARIO KIND

DAEMON is tests/scgi-cgid-faults.  In DIRECTORY are conf and conf.other, which
differ in the environment that programs get (MARK=one, MARK=other), and there
the daemon runs; its socket is sock and a TCP port that conf names.

For N = 1, 2, ... the SCENARIO is played with the Nth call of that KIND failing,
until it is over before the call's turn comes.  With --sites a call is failed at
the first time only that it comes from the same place in the source; with --often
all that come after it fail, too, for a while.  Each time a scenario says what must
be true, whatever failed.  The last line counts.
"""
import ctypes
import glob
import mmap
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
import scgi_client  # noqa: E402

KINDS = {'memory': 1, 'calls': 2, 'descriptors': 4, 'interruptions': 8}
TRACE = 8192
PATIENCE = 8.0          # seconds after which something hangs
WHILE = 0.3             # seconds that a lasting want lasts


class Control(ctypes.Structure):
    """As in faults.c."""
    _fields_ = [(name, ctypes.c_uint32) for name in
                ('kind', 'depth', 'epoch', 'born', 'nth', 'often', 'seen', 'fired')] + [
        ('trace', ctypes.c_uint32 * TRACE), ('names', ctypes.c_char * 16 * TRACE)]


class Wrong(Exception):
    """Something that must not be."""


def wait_until(question, what, patience=PATIENCE):
    """The first answer to a question that is not false."""
    end = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Wrong('not in %g s: %s' % (patience, what))
        time.sleep(0.002)


def words_of(path):
    try:
        with open(path) as f:
            return f.read().split()
    except OSError:
        return []


class Daemon:
    """The daemon, its log, and the file that tells it what is to fail."""

    def __init__(self, binary, place):
        self.binary, self.place = binary, place
        self.process = self.timer = None
        self.logged = 0
        name = place + '/control'
        with open(name, 'wb') as f:
            f.write(bytes(ctypes.sizeof(Control)))
        os.chmod(name, 0o666)
        with open(name, 'r+b') as f:
            self.control = Control.from_buffer(mmap.mmap(f.fileno(), 0))
        with open(place + '/conf') as f:
            self.port = int(re.search(r'127\.0\.0\.1:(\d+)', f.read()).group(1))
        self.use('conf')

    # what fails

    def arm(self, kind, depth, nth, often=False, fresh=False):
        """From now on count, in processes forked so often; fresh: born from now on."""
        c = self.control
        c.kind = 0
        c.epoch += 1
        c.depth, c.nth, c.often, c.seen, c.fired = depth, nth, often, 0, 0
        c.born = c.epoch if fresh else 0
        c.kind = KINDS[kind]
        if often:
            self.timer = threading.Timer(WHILE, self.disarm)
            self.timer.start()

    def disarm(self):
        self.control.kind = 0
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def site(self, n):
        """Where the Nth call came from."""
        return self.control.trace[n - 1] if 0 < n <= TRACE else 0

    def failed(self):
        """The call that has failed, if one has."""
        c = self.control
        return c.names[c.nth - 1].value.decode() if c.fired else None

    def name(self, n):
        """The Nth call in words."""
        text = subprocess.run(['addr2line', '-sfe', self.binary, hex(self.site(n) - 1)], text=True,
                              capture_output=True).stdout.split()
        return '%s in %s' % (self.control.names[n - 1].value.decode(), ' '.join(text))

    # the process

    def use(self, conf):
        """Let a configuration be the one that is read."""
        with open('%s/%s' % (self.place, conf)) as f, open(self.place + '/now.new', 'w') as g:
            g.write(f.read())
        os.rename(self.place + '/now.new', self.place + '/now')

    def start(self):
        self.mark()
        with open(self.place + '/log', 'ab') as log:
            self.process = subprocess.Popen([self.binary, '-f', '-c', 'now'], cwd=self.place, stderr=log,
                                            env=dict(os.environ, FAULTS=self.place + '/control'))

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """End it; what is its exit status?"""
        if self.process is None:
            return None
        self.signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Wrong('does not stop') from None
        finally:
            self.process = None
        return status

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def children(self, pid=None):
        pid = pid or self.process.pid
        return [int(w) for w in words_of('/proc/%d/task/%d/children' % (pid, pid))]

    def files(self, pid=None):
        """Its descriptors, but for the pipes that it keeps for the next program."""
        return self.files_and_kept(pid or self.process.pid)[0]

    def kept(self, pid):
        return self.files_and_kept(pid)[1]

    @staticmethod
    def files_and_kept(pid):
        files, kept = [], []
        try:
            names = sorted(os.listdir('/proc/%d/fd' % pid))
        except OSError:
            return files, kept
        for fd in names:
            name = '/proc/%d/fd/%s' % (pid, fd)
            try:
                of_program = os.stat(name).st_mode == stat.S_IFIFO | stat.S_IWUSR
                reading = os.lstat(name).st_mode & stat.S_IWUSR == 0
                (kept if of_program and reading else files).append(fd)
            except OSError:
                pass    # it has gone meanwhile
        return files, kept

    # the log

    def mark(self):
        name = self.place + '/log'
        self.logged = os.path.getsize(name) if os.path.exists(name) else 0

    def said(self):
        """What the log has got since the mark."""
        with open(self.place + '/log', 'rb') as f:
            f.seek(self.logged)
            return f.read().decode('latin-1')

    def says(self, *texts):
        said = self.said()
        return next((text for text in texts if text in said), None)

    # requests

    def ask(self, uri, size=None, unix=False, patience=PATIENCE, more=()):
        """The whole reply to a request and how it ended."""
        argv, sys.argv = sys.argv, ['faults', self.place + '/sock' if unix else
                                    '127.0.0.1:%d' % self.port, uri, '--duplex']
        if size is not None:
            sys.argv += ['--body-size', str(size)]
        sys.argv += ['--timeout', str(patience), *more]
        opt = scgi_client.options()
        sys.argv = argv
        return Reply(opt)

    def serves(self, mark='one'):
        """It answers as it should."""
        try:
            reply = self.ask('/mark/env.sh')
        except ConnectionRefusedError:
            return False
        return reply.end == 'eof' and reply.status == '200' and b'\nMARK=%s\n' % mark.encode() in reply.body


class Reply:
    """What a client gets."""

    def __init__(self, opt):
        parts = []
        sink = type('Sink', (), {'write': lambda self, data: parts.append(data)})()
        with open(os.devnull, 'w') as null:
            stderr, sys.stderr = sys.stderr, null
            exchange = scgi_client.Exchange(opt, scgi_client.Request(opt), sink).run()
            sys.stderr = stderr
        self.end, self.status = exchange.end, exchange.status()
        self.head, _, self.body = b''.join(parts).partition(b'\r\n\r\n')
        self.bytes = len(b''.join(parts))

    def length(self):
        found = re.search(rb'\r\nContent-Length: (\d+)', self.head + b'\r\n')
        return int(found.group(1)) if found else None

    def kind(self, good):
        """Whole, refused by us, or cut and seen to be; everything else is wrong."""
        if self.end == 'timeout':
            raise Wrong('a client is left waiting; it has %d bytes' % self.bytes)
        if self.end == 'eof' and (self.status, self.body) == good:
            return 'whole'
        if self.end == 'reset' or self.bytes == 0:
            return 'cut'
        if self.length() is not None and self.length() > len(self.body):
            return 'cut'
        if self.status in ('500', '502', '503', '507') and self.length() == len(self.body):
            if self.status == '503' and b'\r\nRetry-After: ' not in self.head:
                raise Wrong('503 without Retry-After')
            return self.status
        raise Wrong('an answer that is none of ours looks complete: %s, %d bytes, %s' % (
            self.status, self.bytes, self.end))


# ---- the scenarios: each plays once, and returns in one word what came of it ----


class Start:
    """The daemon is started. It says why it cannot, or does."""
    depth, fresh = 0, False

    def __init__(self, daemon):
        self.d = daemon

    def play(self, arm):
        d = self.d
        arm(d, self.depth)
        d.start()
        wait_until(lambda: d.process.poll() is not None or d.serves(), 'starts or says that it cannot')
        if d.process.poll() is not None:
            status, d.process = d.process.returncode, None
            if status <= 0:
                raise Wrong('exit status %d' % status)
            if not d.said().endswith('\n'):
                raise Wrong('leaves with %d and does not say why' % status)
            # One that could not be looked at is left for the next start to clear.
            if os.path.exists(d.place + '/sock') and d.failed() not in ('open', 'fstat', 'lstat', 'unlink'):
                raise Wrong('leaves its socket behind')
            return 'exit-%d' % status
        d.disarm()
        wait_until(lambda: len(d.children()) == 1, 'one worker')
        d.mark()
        d.signal(signal.SIGHUP)
        wait_until(lambda: d.says('reloaded: workers'), 'reloads')
        wait_until(d.serves, 'serves after that')
        status = d.stop()
        if status != 0:
            raise Wrong('exit status %d when told to stop' % status)
        if glob.glob(d.place + '/sock') + glob.glob(d.place + '/run/*'):
            raise Wrong('leaves its socket or its pid file behind')
        return 'started'


class StartWorker(Start):
    """The first worker starts. If it cannot, another does."""
    depth = 1


class Running:
    """Something happens to a daemon that runs."""

    def __init__(self, daemon):
        self.d = daemon
        self.d.start()
        wait_until(self.d.serves, 'serves')
        self.settle()

    def settle(self):
        wait_until(lambda: len(self.d.children()) == 1 and not self.d.children(self.d.children()[0]),
                   'one worker without programs')
        self.worker = self.d.children()[0]
        self.master_files = self.d.files()
        wait_until(self.is_quiet, 'no connection')

    def is_quiet(self):
        """The last connections are closed: nothing changes any more."""
        self.files = self.d.files(self.worker)
        time.sleep(0.05)
        return self.files == self.d.files(self.worker)

    def idle(self):
        d = self.d
        return (not d.children(self.worker) and len(d.files(self.worker)) == len(self.files) and
                len(d.kept(self.worker)) <= 4)

    def check(self, mark='one'):
        """As before: the same worker, with nothing more than it had, serves."""
        d = self.d
        if d.process.poll() is not None:
            raise Wrong('the master has left with %d' % d.process.returncode)
        wait_until(lambda: d.serves(mark), 'serves the next request', 3)
        wait_until(lambda: d.children() == [self.worker], 'the same worker, and no other child')
        try:
            wait_until(self.idle, 'idle')
        except Wrong:
            raise Wrong('left behind: children %s, descriptors %s, not %s' % (
                d.children(self.worker), d.files(self.worker), self.files)) from None
        if len(d.files()) != len(self.master_files):
            raise Wrong('the master has descriptors %s, not %s' % (d.files(), self.master_files))
        if os.listdir(d.place + '/spool'):
            raise Wrong('left in the spool directory: %s' % os.listdir(d.place + '/spool'))


class Request(Running):
    """One request to a worker, and then a good one."""
    uri, size, unix, more = '/cgi/hello.sh', None, False, ()

    def __init__(self, daemon):
        super().__init__(daemon)
        reply = self.ask()
        self.good = reply.status, reply.body
        self.settle()

    def ask(self):
        return self.d.ask(self.uri, self.size, self.unix, more=self.more)

    def play(self, arm):
        arm(self.d, 1)
        self.d.mark()
        kind = self.ask().kind(self.good)
        if not self.d.control.often:
            wait_until(self.idle, 'nothing is left behind of a request that was %s' % kind)
        self.d.disarm()
        self.check()
        return kind


class Get(Request):
    """A program without a body."""


class Unix(Request):
    """An answer with Content-Length, on a Unix socket."""
    uri, unix = '/cgi/length.sh', True


class Spooled(Request):
    """A body that is spooled before the program starts."""
    uri, size = '/spool/sum.sh', 100000


class Small(Request):
    """A small one, which the program finds in a file without a name in memory."""
    uri, size = '/spool/sum.sh', 1000


class Early(Request):
    """The program answers before it reads: the rest of the body goes to a file."""
    uri, size = '/cgi/flood-first.sh', 200000


class Bulk(Request):
    """An answer that the kernel moves; the program has exited when the client reads."""
    uri, size, unix, more = '/cgi/bulk.pl?h600000,w600000', None, True, ('--no-read', '60')

    def play(self, arm):
        kind = super().play(arm)
        if self.d.failed() == 'splice' and kind != 'whole':
            raise Wrong('what cannot be moved is not read and written, but %s' % kind)
        return kind


class Refused(Request):
    """An answer of our own to a request with a body."""
    uri, size = '/cgi/missing.sh', 100000


class Late(Request):
    """A program that is ended because it is silent too long."""
    uri = '/late/ignore-term.sh'


class Waiting(Request):
    """Two at once where one may run."""

    def ask(self):
        other = []
        thread = threading.Thread(target=lambda: other.append(self.d.ask(self.uri)))
        thread.start()
        reply = self.d.ask(self.uri)
        thread.join()
        if hasattr(self, 'good'):
            other[0].kind(self.good)
        return reply


class Reload(Running):
    """SIGHUP, with another configuration. It is in force then, or the old one is."""
    depth, fresh = 0, False

    def __init__(self, daemon):
        super().__init__(daemon)
        self.mark = 'one'

    def reload(self, mark):
        d = self.d
        d.use({'one': 'conf', 'other': 'conf.other'}[mark])
        d.mark()
        d.signal(signal.SIGHUP)
        # What cannot be written cannot be read: then the new configuration speaks for itself.
        return 'not' not in wait_until(
            lambda: d.says('not reloaded', 'reloaded: workers') or
            (d.failed() == 'write' and d.serves(mark) and 'reloaded'), 'reloads or says that it does not')

    def play(self, arm):
        d = self.d
        mark = 'other' if self.mark == 'one' else 'one'
        arm(d, self.depth)
        if self.reload(mark):
            self.mark, word = mark, 'reloaded'
        else:
            word = 'not-reloaded'
        wait_until(lambda: len(d.children()) == 1, 'one worker again')
        d.disarm()
        if word == 'reloaded':
            self.worker = d.children()[0]
            self.files = None
        self.check_reloaded()
        return word

    def check_reloaded(self):
        d = self.d
        if d.process.poll() is not None:
            raise Wrong('the master has left with %d' % d.process.returncode)
        wait_until(lambda: d.serves(self.mark), 'serves with the configuration that is in force', 3)
        if d.children() != [self.worker]:
            raise Wrong('workers %s, not %d' % (d.children(), self.worker))
        if len(d.files()) != len(self.master_files):
            raise Wrong('the master has descriptors %s, not %s' % (d.files(), self.master_files))


class ReloadWorker(Reload):
    """The same, with the new worker failing."""
    depth, fresh = 1, True


class Upgrade(Reload):
    """SIGUSR2, with the same binary. It is another one then, or nothing has changed."""

    def reload(self, mark):
        d = self.d
        d.mark()
        d.signal(signal.SIGUSR2)
        return 'not' not in wait_until(
            lambda: d.says('not upgraded', 'upgraded to scgi') or
            (d.failed() == 'write' and d.serves(mark) and 'upgraded'), 'upgrades or says that it does not')

    def play(self, arm):
        d = self.d
        arm(d, self.depth)
        if self.reload('one'):
            word = 'upgraded'
        else:
            word = 'not-upgraded'
        wait_until(lambda: len(d.children()) == 1, 'one worker again')
        d.disarm()
        self.worker = d.children()[0]
        self.check_reloaded()
        return word


class Reopen(Running):
    """SIGUSR1. The logs are those of before or new ones."""
    depth = 0

    def play(self, arm):
        d = self.d
        arm(d, self.depth)
        d.mark()
        d.signal(signal.SIGUSR1)
        word = wait_until(lambda: d.says('opened anew', 'stay as they were') or
                          (d.failed() == 'write' and 'opened'), 'opens logs')
        d.disarm()
        d.mark()
        self.check()
        wait_until(lambda: d.says('path=/mark/env.sh'), 'logs the next request')
        return word.split()[0]


class Stop(Start):
    """SIGTERM while a program runs. Its client gets the answer, and the daemon ends."""
    depth = 0

    def play(self, arm):
        d = self.d
        d.start()
        wait_until(d.serves, 'serves')
        wait_until(lambda: not d.children(d.children()[0]), 'no programs')
        arm(d, self.depth)
        status = d.stop()
        if status != 0:
            raise Wrong('exit status %d' % status)
        if glob.glob(d.place + '/sock') and not d.control.fired:
            raise Wrong('leaves its socket behind')
        return 'stopped'


class StopWorker(Stop):
    """The same for its worker."""
    depth = 1


SCENARIOS = {c.__name__.lower(): c for c in (
    Start, StartWorker, Get, Unix, Spooled, Small, Early, Bulk, Refused, Late, Waiting, Reload, ReloadWorker,
    Upgrade, Reopen, Stop, StopWorker)}


class Campaign:
    """One scenario, again and again."""

    def __init__(self, daemon, name, kind, sites, often):
        self.d, self.name, self.kind, self.sites, self.often = daemon, name, kind, sites, often
        self.make = SCENARIOS[name]
        self.counts, self.failures = {}, 0
        self.scenario = None

    def once(self, nth):
        """What became of it, or None if the call's turn did not come."""
        d = self.d

        def arm(daemon, depth):
            daemon.arm(self.kind, depth, nth, self.often, getattr(self.scenario, 'fresh', False))

        try:
            if self.scenario is None:
                self.scenario = self.make(d)
            word = self.scenario.play(arm)
            fired = d.control.fired
            d.disarm()
            said = d.said()
            if 'Sanitizer' in said or 'Assertion' in said or 'runtime error' in said:
                raise Wrong('insane')
            if self.kind == 'interruptions' and fired and word not in ('whole', 'started', 'reloaded', 'upgraded', 'stopped',
                                                                       'opened'):
                raise Wrong('an interruption made a difference: %s' % word)
        except Wrong as wrong:
            d.disarm()
            fired = True
            word = 'WRONG'
            self.failures += 1
            print('FAILED - %s, %s %d (%s): %s' % (
                self.name, self.kind, nth, d.name(nth) if nth else 'nothing fails', wrong))
            print(''.join('    %s\n' % line for line in d.said().splitlines()[-8:]), end='', flush=True)
            d.kill()
            d.use('conf')
            time.sleep(0.2)
            for name in glob.glob(d.place + '/spool/*') + glob.glob(d.place + '/run/*') + [d.place + '/sock']:
                if os.path.exists(name):
                    os.unlink(name)
            self.scenario = None
        if fired:
            self.counts[word] = self.counts.get(word, 0) + 1
        return word if fired else None

    def run(self):
        if self.sites:
            self.once(0)
            seen = min(self.d.control.seen, TRACE)
            first = {}
            for n in range(seen, 0, -1):
                first[self.d.site(n)] = n
            for n in sorted(first.values()):
                self.once(n)
        else:
            n = missed = 0
            while missed < 3 and self.failures < 12:
                n += 1
                missed = 0 if self.once(n) else missed + 1
        try:
            for worker in self.d.process and self.d.children() or []:
                wait_until(lambda: not self.d.kept(worker), 'a worker at rest keeps no pipe')
            self.d.stop()
        except Wrong as wrong:
            self.failures += 1
            print('FAILED - at the end: %s' % wrong)
        print('# %s, %s%s: %s' % (self.name, self.kind, ' from then on' if self.often else '', ', '.join(
            '%s %d' % pair for pair in sorted(self.counts.items())) or 'nothing failed'), flush=True)
        return self.failures == 0


def main():
    words = sys.argv[1:]
    sites = '--sites' in words
    often = '--often' in words
    binary, place, name, kind = [w for w in words if not w.startswith('--')]
    campaign = Campaign(Daemon(binary, place), name, kind, sites, often)
    try:
        return 0 if campaign.run() else 1
    finally:
        campaign.d.kill()


if __name__ == '__main__':
    sys.exit(main())
