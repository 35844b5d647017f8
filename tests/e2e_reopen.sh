#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGUSR1 with logs that are no plain files: a FIFO is opened anew, syslog and the journal go on.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

count() { grep -ca -e "$1" "$2"; }
# read_fifo NAME: a new FIFO, and what comes out of it in NAME.got.
read_fifo() {
	mkfifo -m 666 "$T/fifo"
	cat "$T/fifo" >"$T/$1.got" &
	LEFT_PIDS="$LEFT_PIDS $!"
	exec 3>"$T/fifo"
}

# held: a process of the daemon still has the former FIFO open.
held() {
	for h_pid in $DAEMON_PID $(workers); do
		! find "/proc/$h_pid/fd" -lname "$T/former" | grep -q . || return 0
	done
	return 1
}
let_go() { ! held; }

read_fifo first
start_daemon 3>&- <<END
log = "$T/fifo"
map "/cgi/" { directory = "$CGI" }
END
exec 3>&-
run_step "a FIFO: requests are logged" answers 200 /cgi/hello.sh
run_step "there" poll grep -q 'request id=.*hello.sh' "$T/first.got"
mv "$T/fifo" "$T/former"
read_fifo second
kill -USR1 "$DAEMON_PID"
run_step "another FIFO of that name gets the lines" poll grep -q 'log files opened anew' "$T/second.got"
exec 3>&-
run_step "all let go of the former one" poll let_go
run_step "also from the workers" answers 200 /cgi/env.sh
run_step "there" poll grep -q 'request id=.*env.sh' "$T/second.got"
run_step "and only there" test "$(count env.sh "$T/first.got")" = 0
mv "$T/fifo" "$T/former"
mkfifo -m 666 "$T/fifo"
kill -USR1 "$DAEMON_PID"
run_step "one that nobody reads: said where lines still go" poll grep -q 'the logs stay as they were' "$T/second.got"
run_step "where requests go, too" answers 200 /cgi/sum.sh
run_step "there" poll grep -q 'request id=.*sum.sh' "$T/second.got"
stop_daemon

if ! is_root || ! unshare -m true 2>/dev/null; then
	note "not allowed to play syslog"
	exit 0
fi
mkdir "$T/dev"
: >"$T/dev/null"
cat >"$T/syslog.py" <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(65536).decode(), flush=True)
END
"$PYTHON" -S -E "$T/syslog.py" "$T/dev/log" >"$T/syslog" &
export LEFT_PIDS="$LEFT_PIDS $!"
poll test -S "$T/dev/log"
chmod 666 "$T/dev/log"
echo "mount --bind /dev/null '$T/dev/null' && mount --rbind '$T/dev' /dev && exec \"\$@\"" >"$T/apart"
LAUNCH="unshare -m sh $T/apart" start_daemon <<END
log = syslog
map "/cgi/" { directory = "$CGI" }
END
run_step "syslog: a request" answers 200 /cgi/hello.sh
run_step "daemon.info" poll grep -q '^<30>.* scgi-cgid\[[0-9]*\]: request id=.*hello.sh' "$T/syslog"
kill -USR1 "$DAEMON_PID"
run_step "SIGUSR1" poll grep -q '^<29>.*: log files opened anew' "$T/syslog"
run_step "and on it goes" answers 200 /cgi/env.sh
run_step "there" poll grep -q 'request id=.*env.sh' "$T/syslog"
run_step "a bad program" answers 502 /cgi/nothing.sh
run_step "daemon.warning" poll grep -q '^<28>.*: request id=.*nothing.sh' "$T/syslog"
