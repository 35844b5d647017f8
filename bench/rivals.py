# SPDX-License-Identifier: ISC
"""Who takes part: our gateway, the others, and how each is set up for a workload.

Nobody writes an access log.  Whoever can listens on a Unix socket; only Apache cannot, and
beside it there is our gateway on TCP.  Those that keep a process for each request have as
many as there are clients, the others a worker for each processor.
"""
import os
import pwd
import resource
import subprocess

from servers import Failed, Loop, Server


# ---- each of them ----

class Ours(Server):
    name, protocol, counted = 'scgi-cgid', 'scgi', True

    def missing(self):
        return None if os.access(self.place.daemon, os.X_OK) else 'no %s' % self.place.daemon

    def workers(self, workload):
        """As many as there are processors; more if they may not have enough descriptors."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return max(os.cpu_count(), (workload.idle + workload.processes()) * 7 // files + 1)

    def prepare(self, workload):
        listen = '127.0.0.1:%d' % self.port if self.tcp else 'unix:' + self.socket
        return [self.place.daemon, '-f', '-c', self.write('conf', f'''
listen = {{ "{listen}" }}
workers = {self.workers(workload)}
requests-per-worker = 16384
max-processes = 0
header-timeout = 10m
log = stderr
access-log = none
map "/cgi-bin/" {{ directory = "{self.place.programs}" }}
''')]


class OursTcp(Ours):
    name, tcp, counted = 'scgi-cgid-tcp', True, False


class Fcgiwrap(Server):
    name = command = 'fcgiwrap'
    protocol, waits = 'fastcgi', False

    def prepare(self, workload):
        return ['fcgiwrap', '-c', str(workload.processes()), '-s', 'unix:' + self.socket]


class Slowcgi(Server):
    name = command = 'slowcgi'
    protocol = 'fastcgi'

    def prepare(self, workload):
        return ['slowcgi', '-d', '-p', '/', '-s', self.socket, '-u',
                pwd.getpwuid(self.place.uid).pw_name]


class Lighttpd(Server):
    name = command = 'lighttpd'
    protocol = 'http'

    def prepare(self, workload):
        return ['lighttpd', '-D', '-f', self.write('conf', f'''
server.modules = ( "mod_alias", "mod_cgi" )
server.document-root = "{self.place.directory}"
server.bind = "{self.socket}"
server.max-worker = {os.cpu_count()}
server.max-fds = 65536
server.max-connections = 32768
server.max-read-idle = 600
server.max-request-size = 0
server.upload-dirs = ( "{self.place.directory}" )
server.errorlog = "{self.place.directory}/lighttpd.errors"
alias.url = ( "/cgi-bin/" => "{self.place.programs}/" )
cgi.assign = ( "" => "" )
cgi.execute-x-only = "enable"
''')]


class Apache(Server):
    name, command, protocol, tcp, waits = 'apache', 'apache2', 'http', True, False
    modules = '/usr/lib/apache2/modules'

    def prepare(self, workload):
        needed = ('mpm_event', 'alias', 'authz_core', 'cgid')
        load = '\n'.join('LoadModule %s_module %s/mod_%s.so' % (m, self.modules, m) for m in needed)
        threads = max(64, (workload.processes() + 63) // 64 * 64)
        return ['apache2', '-D', 'FOREGROUND', '-f', self.write('conf', f'''
{load}
ServerName localhost
ServerRoot "{self.place.directory}"
DocumentRoot "{self.place.directory}"
DefaultRuntimeDir "{self.place.directory}"
PidFile "{self.place.directory}/apache.pid"
Listen 127.0.0.1:{self.port}
ErrorLog "{self.place.directory}/apache.errors"
ServerLimit 64
ThreadsPerChild 64
MaxRequestWorkers {threads}
Timeout 600
ScriptSock "{self.place.directory}/apache.cgid"
ScriptAlias "/cgi-bin/" "{self.place.programs}/"
''')]


class Go(Server):
    name, command, protocol = 'go', 'go', 'http'

    def prepare(self, workload):
        binary = self.place.tool('gocgi')
        source = self.place.source + '/gocgi.go'
        if not os.path.exists(binary) or os.path.getmtime(binary) < os.path.getmtime(source):
            environment = dict(os.environ, GO111MODULE='off', GOFLAGS='',
                               GOCACHE=self.place.directory + '/gocache')
            built = subprocess.run(['go', 'build', '-o', binary, source], check=False,
                                   capture_output=True, text=True, env=environment)
            if built.returncode != 0:
                raise Failed('go build: ' + built.stderr.strip())
        return [binary, self.socket, self.place.programs]


class Uwsgi(Server):
    name, command, protocol = 'uwsgi', 'uwsgi', 'scgi'

    def path_info(self, path):
        return path

    def prepare(self, workload):
        return ['uwsgi', '--plugin', 'cgi', '--scgi-socket', self.socket,
                '--scgi-modifier1', '9', '--master',
                '--processes', str(workload.processes()),
                '--cgi', '/cgi-bin=' + self.place.programs,
                '--disable-logging', '--die-on-term', '--listen', '1024', '--buffer-size', '65535']


LOOPS = ('vfork', 'posix_spawn', 'clone3')
SERVERS = (Ours, OursTcp, Fcgiwrap, Slowcgi, Lighttpd, Apache, Go, Uwsgi)
OURS = (Ours.name, OursTcp.name)


def everyone(place):
    return [Loop(place, means) for means in LOOPS] + [server(place) for server in SERVERS]
