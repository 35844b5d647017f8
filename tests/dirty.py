#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Starts a command as no sane starter would: dirty.py WORD... -- COMMAND...

    block     all signals blocked          ignore    all signals ignored
    files     descriptors left open        closed    0, 1 and 2 closed
    names     an environment that steers   umask     a umask of 077
    caps      inheritable and ambient capabilities
    groups    more groups than it should have
    terminal  a controlling terminal
    modes     another personality, a timer far away, a death signal
"""
import ctypes
import fcntl
import os
import resource
import signal
import socket
import sys
import termios

ENVIRONMENT = {
    'SECRET_OF_DAEMON': 'x', 'HTTP_PROXY': 'http://evil', 'BASH_ENV': '/evil', 'ENV': '/evil',
    'PERL5LIB': '/evil', 'PERL5OPT': '-d', 'PYTHONPATH': '/evil', 'LD_LIBRARY_PATH': '/evil', 'IFS': '/',
    'SCRIPT_NAME': '/forged', 'REMOTE_USER': 'forged', 'PATH': '/evil', 'QUERY_STRING': 'forged',
    'AUTH_TYPE': 'forged', 'HTTP_COOKIE': 'forged', 'BASH_FUNC_ls%%': '() { :; }', 'TZ': 'UTC',
}
CAPS = '+setuid,+setgid,+dac_override,+net_raw,+net_bind_service'
PR_SET_PDEATHSIG, ADDR_NO_RANDOMIZE = 1, 0x0040000


def files():
    for n in (3, 4, 9, 17, 63):
        os.dup2(os.open('/etc/passwd', os.O_RDONLY), n, inheritable=True)
    listener = socket.socket(socket.AF_INET)
    listener.bind(('127.0.0.1', 0))
    listener.listen()
    os.dup2(listener.fileno(), 40, inheritable=True)
    listener.detach()
    for end in os.pipe():
        os.set_inheritable(end, True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    os.dup2(0, min(hard, 1024) - 1, inheritable=True)


def modes():
    libc = ctypes.CDLL(None)
    libc.personality(ADDR_NO_RANDOMIZE)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGURG)


def terminal():
    """Lead a session whose terminal somebody else holds the other end of."""
    theirs, ours = os.openpty()
    if os.fork() == 0:
        if os.fork() == 0:
            os.close(ours)
            try:
                while os.read(theirs, 4096):
                    pass
            except OSError:
                pass
        os._exit(0)
    os.wait()
    os.close(theirs)
    os.setsid()
    fcntl.ioctl(ours, termios.TIOCSCTTY, 0)
    os.dup2(ours, 0)


def each_signal():
    return set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}


def ignore():
    for sig in each_signal():
        signal.signal(sig, signal.SIG_IGN)


def main():
    at = sys.argv.index('--')
    words, command = sys.argv[1:at], sys.argv[at + 1:]
    environment = dict(os.environ)
    if 'names' in words:
        environment.update(ENVIRONMENT)
    if 'umask' in words:
        os.umask(0o077)
    if 'groups' in words:
        os.setgroups([0, 4, 6, 42])
    if 'caps' in words:
        command = ['setpriv', '--inh-caps=' + CAPS, '--ambient-caps=' + CAPS, '--'] + command
    if 'files' in words:
        files()
    if 'terminal' in words:
        terminal()
    if 'modes' in words:
        modes()
    if 'ignore' in words:
        ignore()
    if 'block' in words:
        signal.pthread_sigmask(signal.SIG_BLOCK, each_signal())
    if 'closed' in words:
        os.closerange(0, 3)
    os.execvpe(command[0], command, environment)


main()
