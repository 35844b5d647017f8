#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Kills workers and programs of a running gateway, and accounts for every request.

    soak_killer.py kill MASTER NUMBER EVENTS
    soak_killer.py account EVENTS RECORDS ACCESS-LOG NOTES

kill: NUMBER processes get SIGKILL, one worker for every four programs, chosen
at random.  Only workers older than five seconds are chosen: one that dies
younger is replaced after a delay, and the figures would be about that.  Now and
then all of these go at once, so that for a moment nobody accepts.  A worker is
stopped first and its connections counted: more than these it cannot lose.
EVENTS gets a line "time kind pid held" for each.

account: every request that was not answered as it should be must have been held
by a process that was killed: the access line says that its program, which we
killed meanwhile, ended by signal 9; or there is no access line, as its worker,
which we killed meanwhile, could not write one, and the program, if it had begun,
was that worker's.  No kill of a worker may have lost more than that worker held,
and nothing may run twice.  A process is known by its number and the time together:
in so many requests the kernel gives the numbers out again and again.
"""
import os
import random
import re
import signal
import sys
import time
from collections import Counter, namedtuple

now = time.monotonic
YOUNG_S = 5.5       # the master calls a worker young for 5 s, by its own clock
PROGRAMS_PER_WORKER = 4
ALL_AT_ONCE = 10    # of so many times that workers are killed


def read(path):
    try:
        with open(path) as f:
            return f.read()
    except OSError:
        return ''


def children(pid):
    return [int(p) for p in read('/proc/%d/task/%d/children' % (pid, pid)).split()]


def stat(pid):
    """State and start time of a process, or None."""
    words = read('/proc/%d/stat' % pid).rpartition(') ')[2].split()
    return (words[0], int(words[19])) if words else None


def is_dead(pid):
    s = stat(pid)
    return s is None or s[0] in 'ZX'


def age(pid):
    s = stat(pid)
    up = float(read('/proc/uptime').split()[0])
    return up - s[1] / os.sysconf('SC_CLK_TCK') if s and s[0] not in 'ZX' else 0


def n_sockets(pid):
    n = 0
    for fd in os.listdir('/proc/%d/fd' % pid):
        try:
            n += os.readlink('/proc/%d/fd/%s' % (pid, fd)).startswith('socket:')
        except OSError:
            pass
    return n


class Killer:
    def __init__(self, master, number, events):
        self.master, self.number = master, number
        self.name = read('/proc/%d/comm' % master)
        self.events = open(events, 'w', buffering=1)
        self.dead = Counter()
        # Nobody is connected: what a worker has now, it always has.
        self.idle_sockets = max(map(n_sockets, self.workers()))

    def workers(self):
        return [p for p in children(self.master) if read('/proc/%d/comm' % p) == self.name]

    def note(self, at, kind, pid, held):
        self.dead[kind] += 1
        self.events.write('%.4f %s %d %d\n' % (at, kind, pid, held))

    def kill_program(self):
        for worker in random.sample(self.workers(), len(self.workers())):
            programs = children(worker)
            if not programs:
                continue
            pid = random.choice(programs)
            try:
                fd = os.pidfd_open(pid)
            except OSError:
                continue
            # The pidfd holds the process, so this is about the one that it kills.
            alive = pid in children(worker) and not is_dead(pid)
            at = now()      # before the request can have ended by it
            try:
                if alive:
                    signal.pidfd_send_signal(fd, signal.SIGKILL)
            except ProcessLookupError:      # it has just ended
                alive = False
            os.close(fd)
            if alive:
                self.note(at, 'program', pid, 1)
                return

    def kill_worker(self, pid):
        os.kill(pid, signal.SIGSTOP)
        while not is_dead(pid) and stat(pid)[0] != 'T':
            time.sleep(0.0005)
        self.note(now(), 'worker', pid, n_sockets(pid) - self.idle_sockets)
        os.kill(pid, signal.SIGKILL)

    def kill_workers(self):
        old = [p for p in self.workers() if age(p) > YOUNG_S]
        together = random.randrange(ALL_AT_ONCE) == 0
        for pid in old if together else random.sample(old, min(1, len(old))):
            if sum(self.dead.values()) < self.number:
                self.kill_worker(pid)

    def run(self):
        # The first workers are to be seen at work before they grow old enough.
        end = now() + 60 + self.number
        while sum(self.dead.values()) < self.number and now() < end:
            if self.dead['program'] < PROGRAMS_PER_WORKER * (self.dead['worker'] + 1):
                self.kill_program()
            else:
                self.kill_workers()
            time.sleep(0.02)
        print('killed %d programs and %d workers' % (self.dead['program'], self.dead['worker']))
        return 0 if sum(self.dead.values()) >= self.number else 1


def access_lines(path):
    """What the access log says of each request, by its number."""
    lines = {}
    for line in open(path, errors='replace'):
        m = re.search(r' request id=\S+ .* path=\S*/(\d+) status=(\d+).* pid=(\d+) (signal|exit)=(\d+)', line)
        if m:
            lines.setdefault(int(m[1]), []).append((int(m[2]), int(m[3]), m[4], int(m[5])))
    return lines


Kill = namedtuple('Kill', 'at kind pid held')
Record = namedtuple('Record', 'number begin end fate')


def under_way(record, kill):
    return record.begin <= kill.at <= record.end


class Account:
    def __init__(self, events, records, access, notes):
        kills = [Kill(float(at), kind, int(pid), int(held))
                 for at, kind, pid, held in map(str.split, open(events))]
        self.programs = [k for k in kills if k.kind == 'program']
        self.workers = sorted(k for k in kills if k.kind == 'worker')
        self.records = [Record(int(number), float(begin), float(end), fate)
                        for number, begin, end, fate in map(str.split, open(records))]
        self.access = access_lines(access)
        self.ran = {}       # the workers whose programs have begun with a request
        for line in open(notes):
            path, worker, _ = line.split()
            self.ran.setdefault(int(path.strip('/')), []).append(int(worker))

    def by_program(self, record):
        return any(kind == 'signal' and value == 9 and
                   any(k.pid == pid and under_way(record, k) for k in self.programs)
                   for _, pid, kind, value in self.access.get(record.number, []))

    def lost_by_nobody(self, lost):
        """Those that no killed worker can have lost.

        Each kill takes as many of those under way as the worker held: first those that its
        programs had begun with, which are hardly anybody else's, then those that end first, which
        fewer of the later kills can take.  So none is left over that could be placed."""
        left = lost
        for kill in self.workers:
            its = [r for r in left if under_way(r, kill) and r.number not in self.access and
                   kill.pid in self.ran.get(r.number, [kill.pid])]
            its.sort(key=lambda r: (r.number not in self.ran, r.end))
            taken = set(its[:max(kill.held, 0)])
            left = [r for r in left if r not in taken]
        return left

    def run(self):
        twice = [n for n, workers in self.ran.items() if len(workers) > 1]
        failed = [r for r in self.records if r.fate != 'ok']
        others = [r for r in failed if not self.by_program(r)]
        nobody = self.lost_by_nobody(others)
        for n in twice:
            print('# ran twice: %d' % n)
        for r in nobody:
            print('# lost by nobody: %d %s, %.4f to %.4f, %s' % (
                r.number, r.fate, r.begin, r.end, self.access.get(r.number, 'no access line')))
        print('requests=%d answered=%d by_program=%d by_worker=%d by_nobody=%d twice=%d held=%d' % (
            len(self.records), len(self.records) - len(failed), len(failed) - len(others),
            len(others) - len(nobody), len(nobody), len(twice), sum(k.held for k in self.workers)))
        return 1 if nobody or twice else 0


def main():
    if sys.argv[1] == 'kill':
        return Killer(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]).run()
    return Account(*sys.argv[2:]).run()


if __name__ == '__main__':
    sys.exit(main())
