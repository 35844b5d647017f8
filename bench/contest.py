# SPDX-License-Identifier: ISC
"""The contest: everyone in turn, round by round, so that what else the machine does falls
on all alike.

A heat is one workload, or several that are to be compared with each other.  The servers are
started for it, asked once without being measured, and then take turns.  Who fails is out of
the workload, with the reason; it does not stop the others.
"""
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time

import servers
from workloads import WORKLOADS

# What tells whether a server answers.
EASY = WORKLOADS[0]


class Place:
    """Where things are, and as whom they run: as nobody, where we are root."""

    def __init__(self, build, seconds):
        self.build, self.seconds = build, seconds
        self.source = os.path.dirname(os.path.abspath(__file__))
        self.daemon = build + '/src/scgi-cgid'
        self.directory = tempfile.mkdtemp(prefix='scgi-cgid-bench.')
        self.programs = self.directory + '/cgi-bin'
        self.uid, self.gid = (65534, 65534) if os.getuid() == 0 else (os.getuid(), os.getgid())
        self.first = EASY
        shutil.copytree(self.source + '/cgi', self.programs)
        for binary in ('hello', 'hello-dynamic', 'work'):
            shutil.copy(self.tool(binary), self.programs)
        for path in (self.programs, *(self.program(name) for name in os.listdir(self.programs))):
            os.chmod(path, 0o755)
        os.chmod(self.directory, 0o755)
        os.chown(self.directory, self.uid, self.gid)
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    def tool(self, name):
        return '%s/bench/%s' % (self.build, name)

    def program(self, name):
        return self.programs + '/' + name

    def unprivileged(self, command):
        if os.getuid() != 0:
            return command
        return ['setpriv', '--reuid=%d' % self.uid, '--regid=%d' % self.gid, '--clear-groups',
                '--', *command]

    def load_command(self, server, work, n, clients, seconds=None):
        path = '/cgi-bin/' + work.program
        return [self.tool('load'), '-P', server.protocol, *self.where(server), '-n', str(n),
                '-c', str(clients), '-T', str(seconds or self.seconds), *work.load_options(),
                '-p', 'SCRIPT_NAME=' + path, '-p', 'SCRIPT_FILENAME=' + self.program(work.program),
                '-p', 'PATH_INFO=' + server.path_info(path), path + '?' + work.query]

    def idle_command(self, server, count):
        return [self.tool('load'), '-n', '0', '-i', str(count), *self.where(server), '/']

    def where(self, server):
        return ['-t', '127.0.0.1:%d' % server.port] if server.tcp else ['-u', server.socket]

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)


class Background:
    """What a server has to do beside what is measured."""

    def __init__(self, place, server, works):
        self.complaints = tempfile.TemporaryFile(dir=place.directory)
        self.loads = [subprocess.Popen(
            place.load_command(server, work, work.requests, work.clients, 3600),
            stdout=subprocess.DEVNULL, stderr=self.complaints) for work in works]
        time.sleep(0.5 if works else 0)

    def stop(self):
        lost = [load for load in self.loads if load.poll() is not None]
        for load in self.loads:
            load.terminate()
            load.wait()
        with self.complaints as file:
            failed = file.tell() > 0
        if lost or failed:
            raise servers.Failed('does not bear what runs beside')


class Idle:
    """Connections that are open beside, and say nothing."""

    def __init__(self, place, server, count):
        self.process = subprocess.Popen(
            place.idle_command(server, count), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if not self.process.stdout.readline():
            why = self.process.communicate()[1].strip().splitlines()
            raise servers.Failed(why[0] if why else 'no idle connections')
        time.sleep(0.5)         # until they are accepted

    def stop(self):
        lost = servers.read_values(self.process.communicate()[0]).get('idle_lost')
        if lost != '0':
            raise servers.Failed('%s idle connections were closed' % lost)


def programs_asleep():
    """How many of the program work there are."""
    count = 0
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open('/proc/%s/comm' % pid, encoding='utf-8') as comm:
                count += comm.read() == 'work\n'
        except OSError:
            pass
    return count


def measure_memory(place, server, work, n):
    """What the server's own processes hold more than when it was idle, for each program."""
    idle = server.memory_kib()
    load = subprocess.Popen(place.load_command(server, work, n, n), stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)
    asleep, held = 0, idle
    while load.poll() is None and asleep < n * 0.95:
        time.sleep(0.02)
        asleep = programs_asleep()
    if load.poll() is None:
        held = server.memory_kib()
    complaints = load.communicate()[1].strip().splitlines()
    if load.returncode != 0:
        raise servers.Failed(complaints[0] if complaints else 'load failed')
    if asleep < n * 0.95:
        raise servers.Failed('only %d programs at once' % asleep)
    return {'kib': (held - idle) / asleep, 'idle_kib': idle}


def measure_calls(place, server, work, n):
    """The system calls of the workers for each request, as strace counts them."""
    counts, tracers = {}, []
    for pid in servers.children(server.process.pid):
        path = '%s/calls.%d' % (place.directory, pid)
        tracers.append((path, subprocess.Popen(['strace', '-qq', '-c', '-p', str(pid), '-o', path])))
    time.sleep(1)               # until it has them all
    try:
        server.measure(work, n)
    finally:
        for _, tracer in tracers:
            tracer.send_signal(signal.SIGINT)
            tracer.wait()
    for path, tracer in tracers:
        if not os.path.exists(path):
            raise servers.Failed('strace ends with status %d' % tracer.returncode)
        with open(path, encoding='ascii') as file:
            for words in map(str.split, file):
                if len(words) >= 5 and words[3].isdigit() and words[-1] != 'total':
                    counts[words[-1]] = counts.get(words[-1], 0) + int(words[3]) / n
    return {'calls': counts}


def measure(place, contestant, work, n):
    if work.calls:
        return measure_calls(place, contestant, work, n)
    if work.startup:
        contestant.stop()
        contestant.start(work)
        return {'start_ms': contestant.start_ms}
    if work.memory:
        return measure_memory(place, contestant, work, n)
    beside = None
    if work.idle:
        beside = Idle(place, contestant, work.idle)
    elif work.behind:
        beside = Background(place, contestant, work.behind)
    try:
        values = contestant.measure(work, n)
    finally:
        if beside is not None:
            beside.stop()
    if work.behind:
        for key in ('cpu_us', 'user_us'):
            values.pop(key, None)   # they have the others' in them
    return values


class Contest:
    def __init__(self, place, rounds, scale, say):
        self.place, self.rounds, self.scale, self.say = place, rounds, scale, say
        self.results = []       # work, contestant, round, values
        self.out = {}           # work, contestant: why

    def fail(self, work, contestant, why):
        self.out[work.name, contestant.name] = why
        self.say('%s: %s is out: %s' % (work.name, contestant.name, why))

    def ready(self, works, contestants):
        """Start those that can be, and have them do everything once."""
        present = []
        for contestant in contestants:
            if isinstance(contestant, servers.Loop) and \
               contestant.name not in works[0].limits():
                continue
            if works[0].calls and not contestant.counted:
                continue
            if works[0].calls and not shutil.which('strace'):
                self.say('%s: no strace here' % works[0].name)
                continue
            why = contestant.missing()
            try:
                if why is None:
                    contestant.start(works[-1])
            except servers.Failed as failure:
                why = str(failure)
            if why is not None:
                for work in works:
                    self.out[work.name, contestant.name] = why
                continue
            present.append(contestant)
            for work in works:
                if not work.startup:
                    self.one(work, contestant, 0, max(self.count(work) // 10, 1))
        return present

    def count(self, work):
        return max(int(work.requests * self.scale), 1)

    def one(self, work, contestant, number, n):
        if (work.name, contestant.name) in self.out:
            return
        try:
            values = measure(self.place, contestant, work, n)
        except servers.Failed as failure:
            self.fail(work, contestant, str(failure))
            return
        if number > 0:
            self.results.append((work, contestant.name, number, values))

    def heat(self, works, contestants):
        present = []
        try:
            present = self.ready(works, contestants)
            for number in range(1, self.rounds + 1):
                self.say('%s: round %d of %d' % (works[0].name, number, self.rounds))
                for contestant in present:
                    for work in works:
                        self.one(work, contestant, number, self.count(work))
        finally:
            for contestant in contestants:
                if contestant.group is not None:
                    contestant.stop()
                    contestant.group = None

    def run(self, works, contestants):
        heats = {}
        for work in works:
            heats.setdefault(work.heat or work.name, []).append(work)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for heat in heats.values():
            self.heat(heat, contestants)
