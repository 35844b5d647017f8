# SPDX-License-Identifier: ISC
"""What is asked: each workload is a row here."""
from dataclasses import dataclass, field

MIB = 1 << 20


@dataclass
class Work:
    """A program, how often it is asked for in a round, and by how many clients at once."""
    name: str
    title: str
    program: str
    requests: int
    clients: int = 8
    query: str = 'name=value'
    says: str = 'hello from bench'      # somewhere in the body; '': not looked for
    body_len: int = 0                   # of the answer, exactly, a pattern; 0: any
    upload: int = 0                     # bytes of the request's body
    idle: int = 0                       # connections open beside
    pace: int = 0                       # asked for in a second, at most; 0: as often as answered
    params: list = field(default_factory=list)
    loops: bool = True                  # do bare loops take part
    behind: list = field(default_factory=list)   # what runs meanwhile
    memory: bool = False                # what does a program cost the gateway
    startup: bool = False               # how long from its start to an answer
    calls: bool = False                 # which system calls does our worker make
    heat: str = ''                      # those of one heat take turns, too

    def bulk(self):
        """Bytes that a request moves, where that is what matters."""
        return self.body_len or self.upload

    def limits(self):
        """Which bare loops take part."""
        if not self.loops:
            return ()
        return ('vfork',) if self.bulk() else ('vfork', 'posix_spawn', 'clone3')

    def processes(self):
        """For those that keep a process for each request."""
        return max(self.clients + sum(w.clients for w in self.behind), 8)

    def load_options(self):
        options = [word for param in self.params for word in ('-p', param)]
        if self.says:
            options += ['-e', self.says]
        if self.pace:
            options += ['-r', str(self.pace)]
        if self.body_len:
            options += ['-l', str(self.body_len)]
        if self.upload:
            options += ['-b', str(self.upload)]
        return options

    def loop_options(self):
        options = [word for param in ['QUERY_STRING=' + self.query, *self.params]
                   for word in ('-e', param)]
        if self.body_len:
            options += ['-x']
        if self.upload:
            options += ['-b', str(self.upload)]
        return options


def reply(name, mib, requests, **more):
    return Work(name, 'a reply of %d MiB' % mib, 'work', requests, query='fill=%d' % (mib * MIB),
                says='', body_len=mib * MIB, **more)


FIELDS = ['HTTP_X_FIELD_%02d=a value of some forty bytes, number %02d ....' % (i, i)
          for i in range(60)]
BURN = Work('burn', '', 'work', 10 ** 6, 2, 'burn=50', 'burnt')
NAP = Work('nap', '', 'work', 10 ** 6, 50, 'nap=1000', 'rested')
BIG = reply('big', 100, 10 ** 6, clients=1, pace=2)     # that all can do

WORKLOADS = [
    Work('static-c', 'a C program, linked statically', 'hello', 4000),
    Work('dynamic-c', 'a C program, linked dynamically', 'hello-dynamic', 3000),
    Work('sh', 'a shell script', 'hello.sh', 3000),
    Work('perl', 'a Perl script', 'hello.pl', 1500),
    Work('perl-cgi', 'a Perl script with CGI.pm', 'hello-cgi.pl', 200),
    Work('python', 'a Python script', 'hello.py', 400),
    Work('fields', 'static C, and 60 header fields', 'hello', 3000, params=FIELDS),
    reply('reply-10m', 10, 100, clients=2),
    reply('reply-100m', 100, 12, clients=1),
    Work('upload-100m', 'an upload of 100 MiB', 'work', 12, 1, 'sink',
         'read %d bytes' % (100 * MIB), upload=100 * MIB),
    Work('sleepers', '500 programs asleep at once', 'work', 500, 500, 'nap=3000', 'rested',
         loops=False, memory=True),
    Work('idle-0', 'static C, nobody beside', 'hello', 3000, loops=False,
         heat='idle'),
    Work('idle-1000', 'static C, 1,000 idle connections beside', 'hello', 3000, idle=1000,
         loops=False, heat='idle'),
    Work('idle-10000', 'static C, 10,000 idle connections beside', 'hello', 3000, idle=10000,
         loops=False, heat='idle'),
    Work('mixed', 'static C, beside 2 busy programs, 50 asleep, and 100 MiB twice a second',
         'hello', 500, 1, loops=False, behind=[BURN, NAP, BIG]),
    Work('calls', "the system calls of our worker", 'hello', 1000, loops=False, calls=True),
    Work('start', 'from the start of the server to the first answer', 'hello', 1, 1, loops=False,
         startup=True),
]
