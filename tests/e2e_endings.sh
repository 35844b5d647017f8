#!/bin/sh
# SPDX-License-Identifier: ISC
# Whoever ends a program, and whatever it does about it: its whole group is gone, politely if it
# obeys, by force if not, reaped, and the access line says why. Only who has left it stays.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

KINDS='plain deaf family half away closed parent tidy'
pids() { while read -r p_pids; do echo "$p_pids"; done <"$T/tmp/end.$1"; }
# shellcheck disable=SC2046
ended() { noted "end.$1" && gone $(pids "$1"); }
lives() { alive "$(pids "$1")"; }
is_masters() { [ "$(cut -d' ' -f4 "/proc/$(pids "$1")/stat")" = "$DAEMON_PID" ]; }
tidied() { [ -e "$T/tmp/end.$1.tidy" ]; }
all_noted() { for a_kind in $KINDS; do noted "end.$a_kind.$1" || noted "end.$a_kind.$1.left" || return 1; done; }
line() { grep -aq " path=/$1/ending.sh/$2 .*$3" "$LOG"; }
no_zombies() {
	for z_pid in "$DAEMON_PID" $(workers); do
		for z_child in $(children "$z_pid"); do alive "$z_child" || return 1; done
	done
}
start() {
	stop_daemon
	rm -f "$T"/tmp/end.* "$T/tmp/leave"
	start_daemon <<-END
		workers = 1
		kill-grace = 700ms
		drain-timeout = 300ms
		map "/cgi/"     { directory = "$CGI" }
		map "/output/"  { directory = "$CGI"  output-timeout = 600ms }
		map "/runtime/" { directory = "$CGI"  max-runtime = 600ms }
	END
}
# begin CAUSE MAP STATUS [OPTION...]: a program of each kind; they run when this returns.
begin() {
	b_cause=$1 b_map=$2 b_status=$3
	shift 3
	for kind in $KINDS; do
		case $kind in closed | parent) status=200 ;; *) status=$b_status ;; esac
		echo "$status /$b_map/ending.sh/$kind.$b_cause?$kind.$b_cause $*"
	done >"$T/asked"
	"$PYTHON" -S -E "$TESTS/scgi_rows.py" --together "$ADDR" <"$T/asked" >"$T/told.$b_cause" &
	poll all_noted "$b_cause"
}
told() { [ "$(grep -c '^ok' "$T/told.$1")" -eq 8 ]; }
# judge CAUSE MAP WORD: they have ended, for this reason, and the clients were told.
judge() {
	for kind in plain family half away; do
		run_step "$1, $kind: ended" poll ended "$kind.$1"
		run_step "$1, $kind: by SIGTERM" poll line "$2" "$kind.$1" "signal=15 .*end=$3"
	done
	run_step "$1, deaf: ended" poll ended "deaf.$1"
	run_step "$1, deaf: by SIGKILL" poll line "$2" "deaf.$1" "signal=9 .*end=$3"
	run_step "$1, tidy: ended" poll ended "tidy.$1"
	run_step "$1, tidy: when it had tidied up" tidied "tidy.$1"
	run_step "$1, tidy: as it likes" poll line "$2" "tidy.$1" "exit=3 .*end=$3"
	run_step "$1, away: the child that left stays" lives "away.$1.left"
	run_step "$1, parent: so does one whose parent was done" lives "parent.$1.left"
	run_step "$1, parent: which is no ending" poll line "$2" "parent.$1" 'exit=0 .*end=done'
	[ "$1" = gone ] || run_step "$1: the clients are told" poll told "$1"
}

start
begin worker cgi 000
begin gone cgi 000 --leave-when "$T/tmp/leave"
begin output output 504
begin runtime runtime 504
echo now >"$T/tmp/leave"
judge gone cgi client-gone
judge output output output-timeout
judge runtime runtime max-runtime
run_step "runtime, closed: ended" poll ended closed.runtime
run_step "runtime, closed: the answer was whole" line runtime closed.runtime 'status=200 .*signal=15 .*end=max-runtime'
for cause in gone output; do
	run_step "$cause, closed: has answered and works on" lives closed.$cause
done
run_step "nothing waits to be reaped" poll no_zombies
run_step "who has lost its parent is the master's, to be reaped" is_masters away.gone.left
kill -KILL "$(workers)"
for kind in plain deaf family half away closed tidy; do
	run_step "worker killed, $kind: ended" poll ended $kind.worker
done
run_step "worker killed, what worked on: ended" poll ended closed.gone
run_step "worker killed, away: stays" lives away.worker.left
run_step "worker killed, parent: what has stayed in the session goes" poll ended parent.worker.left
run_step "nothing waits to be reaped" poll no_zombies

# The group is being ended, its leader has gone already: then the worker goes, too.
poll has_workers 1
scgi '/cgi/ending.sh?half.grace' -q --leave-when "$T/tmp/end.half.grace"
read -r leader _ <"$T/tmp/end.half.grace"
poll gone "$leader"
kill -KILL "$(workers)"
run_step "worker killed in kill-grace: nobody is forgotten" poll ended half.grace

start
begin drain cgi 503
kill -TERM "$DAEMON_PID"
judge drain cgi drain
run_step "drain, closed: ended" poll ended closed.drain
run_step "drain: and all is over" poll gone "$DAEMON_PID"

start
begin quit cgi 503
kill -QUIT "$DAEMON_PID"
for kind in plain deaf family half away closed tidy; do
	run_step "SIGQUIT, $kind: ended" poll ended $kind.quit
	run_step "SIGQUIT, $kind: at once" poll line cgi $kind.quit 'signal=[0-9]* .*end=drain'
done
run_step "SIGQUIT: and all is over" poll gone "$DAEMON_PID"

start
begin master cgi 503
worker=$(workers)
kill -KILL "$DAEMON_PID"
judge master cgi drain
run_step "master killed, closed: ended" poll ended closed.master
run_step "master killed: the worker leaves" poll gone "$worker"
