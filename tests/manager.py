# SPDX-License-Identifier: ISC
"""Play the service manager.

    manager.py serve DIR SOCKET...   make DIR; listen on the sockets, NAME=/path, NAME=@abstract,
                                     NAME=host:port, NAME=dgram:/path or NAME=file; write what is said
                                     on DIR/notify to DIR/said, a line each
    manager.py exec DIR COMMAND...   become the command, with the sockets, told where to speak

The sockets stay open between commands, as those of a socket unit do.  In the environment, WATCHDOG is the
command's WATCHDOG_USEC, PROMISE more or fewer sockets than there are, WHOSE another process for LISTEN_PID,
NOTIFY (for both) another place than DIR/notify."""
import array
import os
import select
import socket
import sys

FIRST = 3


def opened(where):
    if where == "file":
        return os.open("/dev/null", os.O_RDWR)
    kind = socket.SOCK_STREAM
    if where.startswith("dgram:"):
        where, kind = where[6:], socket.SOCK_DGRAM
    if where[0] in "/@":
        s = socket.socket(socket.AF_UNIX, kind)
        s.bind(where.replace("@", "\0", 1))
    else:
        s = socket.socket(socket.AF_INET, kind)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((where.rsplit(":", 1)[0], int(where.rsplit(":", 1)[1])))
    if kind == socket.SOCK_STREAM:
        s.listen(128)
    return s.detach()


def serve(place, sockets):
    os.makedirs(place, exist_ok=True)
    names = [s.split("=", 1)[0] for s in sockets]
    fds = [opened(s.split("=", 1)[1]) for s in sockets]
    said = open(place + "/said", "ab", buffering=0)
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(os.environ.get("NOTIFY", place + "/notify").replace("@", "\0", 1))
    if os.environ.get("NOTIFY", "/")[0] == "/":
        os.chmod(place + "/notify", 0o666)
    offer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    offer.bind(place + "/offer")
    offer.listen(8)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    while True:
        ready = select.select([notify, offer], [], [])[0]
        if notify in ready:
            said.write(notify.recv(4096).replace(b"\n", b" | ") + b"\n")
        if offer in ready:
            with offer.accept()[0] as peer:
                peer.sendmsg([":".join(names).encode() + b"\n"], rights)


def become(place, command):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.connect(place + "/offer")
        names, rights, _, _ = s.recvmsg(4096, socket.CMSG_SPACE(4 * 64))
    fds = array.array("i")
    for _, _, data in rights:
        fds.frombytes(data)
    fds = [os.dup2(fd, 100 + i) for i, fd in enumerate(fds)]    # out of the way
    for i, fd in enumerate(fds):
        os.dup2(fd, FIRST + i, inheritable=True)
    env = dict(os.environ, NOTIFY_SOCKET=os.environ.get("NOTIFY", place + "/notify"))
    if fds or "PROMISE" in env:
        env["LISTEN_FDS"] = env.get("PROMISE", str(len(fds)))
        env["LISTEN_FDNAMES"] = names.decode().strip()
        env["LISTEN_PID"] = env.get("WHOSE", str(os.getpid()))
    if "WATCHDOG" in env:
        env["WATCHDOG_USEC"] = env["WATCHDOG"]
        env["WATCHDOG_PID"] = str(os.getpid())
    os.closerange(100, 200)
    os.execve(command[0], command, env)


if sys.argv[1] == "serve":
    serve(sys.argv[2], sys.argv[3:])
else:
    become(sys.argv[2], sys.argv[3:])
