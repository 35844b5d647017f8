#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGTERM drains and stops; a second one, or the deadline, stops now.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

LAUNCH='env --default-signal=INT'
export LAUNCH
start() {
	start_daemon <<-END
		drain-timeout = $1
		kill-grace = 300ms
		map "/cgi/" { directory = "$CGI" }
	END
}
# stops: the daemon leaves, with status 0 and without its socket file.
stops() {
	poll gone "$DAEMON_PID" || return 1
	wait "$DAEMON_PID" && [ ! -e "$SOCK" ]
}

for signal in TERM INT; do
	start 10s
	rm -f "$T/tmp/sleep.0.5"
	scgi '/cgi/sleep.sh?0.5' --expect-status 200 -q &
	client=$!
	poll noted sleep.0.5
	kill -"$signal" "$DAEMON_PID"
	run_step "SIG$signal while busy: the answer is given" wait "$client"
	run_step "and then all is over" takes 0 1500 stops
	DAEMON_PID=
done

start 10s
kill -TERM "$DAEMON_PID"
run_step "SIGTERM while idle" takes 0 1000 stops

start 300ms
scgi '/cgi/sleep.sh?31' -q &
client=$!
poll noted sleep.31
kill -TERM "$DAEMON_PID"
run_step "drain-timeout ends what is too slow" takes 200 2500 stops
run_step "its program too" poll all_gone "$T/tmp/sleep.31"
run_step "and says why" logged 'sleep.sh.*end=drain'
wait "$client"

start 30s
scgi '/cgi/sleep.sh?32' -q &
client=$!
poll noted sleep.32
kill -TERM "$DAEMON_PID"
poll test ! -e "$SOCK"
kill -TERM "$DAEMON_PID"
run_step "a second SIGTERM stops now" takes 0 2500 stops
run_step "its program too" poll all_gone "$T/tmp/sleep.32"
wait "$client"
DAEMON_PID=
