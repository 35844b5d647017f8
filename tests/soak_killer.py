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
killed, ended by signal 9; or there is no access line, as its worker, which we
killed meanwhile, could not write one, and the program, if it had begun, was that
worker's.  No worker may have lost more than it held, and nothing may run twice.
"""
import os
import random
import re
import signal
import sys
import time
from collections import Counter

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

    def note(self, kind, pid, held):
        self.dead[kind] += 1
        self.events.write('%.4f %s %d %d\n' % (now(), kind, pid, held))

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
            try:
                if alive:
                    signal.pidfd_send_signal(fd, signal.SIGKILL)
            except ProcessLookupError:      # it has just ended
                alive = False
            os.close(fd)
            if alive:
                self.note('program', pid, 1)
                return

    def kill_worker(self, pid):
        os.kill(pid, signal.SIGSTOP)
        while not is_dead(pid) and stat(pid)[0] != 'T':
            time.sleep(0.0005)
        self.note('worker', pid, n_sockets(pid) - self.idle_sockets)
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


class Account:
    def __init__(self, events, records, access, notes):
        self.events = [e.split() for e in open(events)]
        self.records = [r.split() for r in open(records)]
        self.access = access_lines(access)
        self.notes = {}
        for line in open(notes):
            path, worker, _ = line.split()
            self.notes.setdefault(int(path.strip('/')), []).append(int(worker))
        self.programs = {int(e[2]) for e in self.events if e[1] == 'program'}
        self.workers = [(float(e[0]), int(e[2]), int(e[3])) for e in self.events if e[1] == 'worker']
        self.lost_by = Counter()

    def by_program(self, number):
        return any(kind == 'signal' and value == 9 and pid in self.programs
                   for _, pid, kind, value in self.access.get(number, []))

    def by_worker(self, number, begin, end):
        """Which worker lost it: of those killed while it was under way, the right one, or
        the one that can lose most yet."""
        if number in self.access:
            return None
        ran = self.notes.get(number, [])
        can = [(held - self.lost_by[pid], pid) for at, pid, held in self.workers
               if begin <= at <= end and (not ran or pid in ran)]
        return max(can)[1] if can and max(can)[0] > 0 else None

    def run(self):
        why = Counter()
        # First those of whom the worker is known, so that the others get what is left.
        for number, begin, end, fate in sorted(self.records, key=lambda r: int(r[0]) not in self.notes):
            number = int(number)
            if len(self.notes.get(number, [])) > 1:
                why['ran twice'] += 1
                print('# ran twice: %d' % number)
            if fate == 'ok':
                why['answered'] += 1
            elif self.by_program(number):
                why['lost by a program'] += 1
            elif (pid := self.by_worker(number, float(begin), float(end))) is not None:
                self.lost_by[pid] += 1
                why['lost by a worker'] += 1
            else:
                why['lost by nobody'] += 1
                print('# lost by nobody: %d %s, %s to %s, %s' % (
                    number, fate, begin, end, self.access.get(number, 'no access line')))
        print('requests=%d answered=%d by_program=%d by_worker=%d by_nobody=%d twice=%d held=%d' % (
            len(self.records), why['answered'], why['lost by a program'], why['lost by a worker'],
            why['lost by nobody'], why['ran twice'], sum(w[2] for w in self.workers)))
        return 1 if why['lost by nobody'] or why['ran twice'] else 0


def main():
    if sys.argv[1] == 'kill':
        return Killer(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]).run()
    return Account(*sys.argv[2:]).run()


if __name__ == '__main__':
    sys.exit(main())
