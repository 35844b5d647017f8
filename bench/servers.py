# SPDX-License-Identifier: ISC
"""What takes part: bare loops as the limit, and servers; rivals.py has each of these.

A Server is started once for a workload and asked again and again; a Loop is a program
that does its runs and ends.  Both tell the processor time of all that they started, also
of what nobody waited for, from a control group of their own where there are such; else
from /proc, which forgets children that their parent does not wait for.
"""
import os
import shutil
import signal
import socket
import subprocess
import time

HERTZ = os.sysconf('SC_CLK_TCK')


class Failed(Exception):
    """It cannot be measured, and why."""


# ---- processor time ----

def find_groups():
    """Where control groups can be made that count the processor's time, and the file."""
    for top, usage in (('/sys/fs/cgroup', 'cpu.stat'), ('/sys/fs/cgroup/unified', 'cpu.stat'),
                       ('/sys/fs/cgroup/cpuacct', 'cpuacct.usage')):
        trial = '%s/scgi-cgid-bench.%d' % (top, os.getpid())
        try:
            os.mkdir(trial)
        except OSError:
            continue
        try:
            if os.path.exists(trial + '/' + usage) and \
               os.access(trial + '/cgroup.procs', os.W_OK):
                return top, usage
        finally:
            os.rmdir(trial)
    return None, None


class Group:
    """A control group, or none."""
    top, usage = find_groups()

    def __init__(self, name):
        self.path = None
        if self.top:
            self.path = '%s/scgi-cgid-bench.%d.%s' % (self.top, os.getpid(), name)
            os.mkdir(self.path)

    def wrap(self, command):
        """The command, but inside the group."""
        if self.path is None:
            return command
        return ['sh', '-c', 'echo $$ >"$0/cgroup.procs" && exec "$@"', self.path, *command]

    def cpu_us(self):
        if self.path is None:
            return None
        with open(self.path + '/' + self.usage, encoding='ascii') as file:
            words = file.read().split()
        if self.usage == 'cpu.stat':
            return int(words[words.index('usage_usec') + 1])
        return int(words[0]) / 1000

    def members(self):
        if self.path is None:
            return set()
        with open(self.path + '/cgroup.procs', encoding='ascii') as file:
            return set(map(int, file.read().split()))

    def remove(self):
        for _ in range(100):
            try:
                if self.path is not None:
                    os.rmdir(self.path)
                return
            except OSError:
                time.sleep(0.05)


def processes():
    """Parent and processor time of each process, by its number; times of dead children too."""
    found = {}
    for entry in os.listdir('/proc'):
        if not entry.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % entry, encoding='utf-8', errors='replace') as file:
                fields = file.read().rpartition(')')[2].split()
        except OSError:
            continue
        found[int(entry)] = int(fields[1]), sum(map(int, fields[11:15])) * 1e6 / HERTZ
    return found


def children(root):
    return [pid for pid, (parent, _) in processes().items() if parent == root]


def user_us(pids):
    """What these processes themselves have used in user mode."""
    total = 0
    for pid in pids:
        try:
            with open('/proc/%d/stat' % pid, encoding='utf-8', errors='replace') as file:
                total += int(file.read().rpartition(')')[2].split()[11]) * 1e6 / HERTZ
        except OSError:
            pass
    return total


def family(root, found):
    """The process and all its descendants."""
    members, before = {root}, 0
    while len(members) > before:
        before = len(members)
        members |= {pid for pid, (parent, _) in found.items() if parent in members}
    return members & found.keys()


# ---- what is common ----

class Contestant:
    name = protocol = command = ''
    counted = False     # are its system calls

    def __init__(self, place):
        self.place, self.process, self.group = place, None, None
        self.log = '%s/%s.log' % (place.directory, self.name)

    def missing(self):
        """Why it cannot take part, or None."""
        return None if shutil.which(self.command) else 'no %s here' % self.command

    def launch(self, command, wait):
        # A session of its own: Apache tells its whole process group to end.
        command = self.group.wrap(self.place.unprivileged(command))
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if wait else log,
                stderr=log, start_new_session=True)
        return self.process.communicate()[0].decode() if wait else ''


class Loop(Contestant):
    """A bare loop; its programs are started without any gateway."""

    def __init__(self, place, means):
        self.name = self.means = means
        super().__init__(place)

    def missing(self):
        return None

    def start(self, _workload):
        self.group = Group(self.name)

    def stop(self):
        self.group.remove()

    def measure(self, work, n):
        command = [self.place.tool('bareloop'), '-m', self.means, '-n', str(n),
                   '-j', str(min(work.clients, n)), *work.loop_options()]
        before = self.group.cpu_us()
        said = self.launch(command + [self.place.program(work.program)], wait=True)
        values = read_values(said)
        if self.process.returncode != 0:
            raise Failed(values.get('failed', '?') + ' programs failed')
        if before is not None:
            values['cpu_us'] = (self.group.cpu_us() - before) / n
        return values


class Server(Contestant):
    """Something that listens on $socket, or on a TCP port."""
    tcp = False
    waits = True        # for its programs: only then does /proc know their time
    others_programs = ('work', 'hello', 'hello-dynamic', 'sh', 'perl', 'python3')

    def start(self, workload):
        self.group = Group(self.name)
        self.socket = '%s/%s.sock' % (self.place.directory, self.name)
        self.port = free_port() if self.tcp else None
        if os.path.exists(self.socket):
            os.unlink(self.socket)
        begun = time.monotonic()
        self.launch(self.prepare(workload), wait=False)
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > begun + 10:
                self.stop()
                raise Failed('does not start: ' + self.last_words())
            time.sleep(0.002)
        self.start_ms = (time.monotonic() - begun) * 1000

    def last_words(self):
        with open(self.log, encoding='utf-8', errors='replace') as log:
            return (log.read().strip().splitlines() or ['it says nothing'])[-1]

    def path_info(self, _path):
        return ''

    def ready(self):
        """Does it answer?"""
        command = self.place.load_command(self, self.place.first, 1, 1, 1)
        try:
            with socket.socket(socket.AF_INET if self.tcp else socket.AF_UNIX) as s:
                s.connect(('127.0.0.1', self.port) if self.tcp else self.socket)
        except OSError:
            return False
        return subprocess.run(command, check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def stop(self):
        """Ask it to end, and then make sure: not all take their children with them."""
        members = family(self.process.pid, processes()) | self.group.members()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        for pid in (self.group.members() if self.group.path else members):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.group.remove()

    def cpu_us(self):
        used = self.group.cpu_us()
        if used is not None or not self.waits:
            return used
        found = processes()
        return sum(found[pid][1] for pid in family(self.process.pid, found))

    def own(self):
        """Its processes that are no programs."""
        for pid in family(self.process.pid, processes()):
            try:
                with open('/proc/%d/comm' % pid, encoding='utf-8') as comm:
                    if comm.read().strip() not in self.others_programs:
                        yield pid
            except OSError:
                pass

    def memory_kib(self):
        """What its own processes hold, shared pages in parts."""
        total = 0
        for pid in self.own():
            try:
                with open('/proc/%d/smaps_rollup' % pid, encoding='ascii') as file:
                    total += sum(int(line.split()[1]) for line in file if line.startswith('Pss:'))
            except OSError:
                pass
        return total

    def measure(self, work, n):
        before, own = self.cpu_us(), list(self.own())
        own_before = user_us(own)
        run = subprocess.run(self.place.load_command(self, work, n, min(work.clients, n)),
                             check=False, capture_output=True, text=True)
        after = self.cpu_us()
        values = read_values(run.stdout)
        if run.returncode != 0:
            raise Failed('%s%s' % (
                (run.stderr.strip().splitlines() or ['load failed'])[0],
                '' if self.process.poll() is None else
                ' (it has ended, with status %d: %s)' % (self.process.returncode,
                                                         self.last_words())))
        del values['cpu_us']    # that of the load generator
        values['user_us'] = (user_us(own) - own_before) / n
        if before is not None:
            values['cpu_us'] = (after - before) / n
        return values

    def write(self, suffix, text):
        path = '%s/%s.%s' % (self.place.directory, self.name, suffix)
        with open(path, 'w', encoding='ascii') as file:
            file.write(text)
        return path


def read_values(line):
    return dict(word.split('=', 1) for word in line.split() if '=' in word)


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]
