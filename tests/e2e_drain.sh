#!/bin/sh
# SPDX-License-Identifier: ISC
# A stop turns away who comes later, serves who was there, and lets programs clean up.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
# start [LINE]: a daemon with two listeners.
start() {
	start_daemon <<-END
		listen = { "$SOCK", "127.0.0.1:$PORT" }
		${1:-}
		map "/cgi/" { directory = "$CGI" }
	END
}
# stops: the daemon leaves, with status 0.
stops() { poll gone "$DAEMON_PID" && wait "$DAEMON_PID"; }
# turned_away: nobody listens any more; one who is let in would wait here.
turned_away() {
	ask /cgi/hello.sh --timeout 2
	[ "$END" = no-connection ]
}
# connected N: so many clients of $ADDR, served or waiting.
connected() {
	case $ADDR in
	/*) [ "$(grep -c " $ADDR\$" /proc/net/unix)" -eq $(($1 + 1)) ] ;;
	*) [ "$(grep -ci "^ *[0-9]*: [^ ]* [^ ]*:$(printf %x "$PORT") 01 " /proc/net/tcp)" -eq "$1" ] ;;
	esac
}

for room in 9 1; do
	start "workers = 1 requests-per-worker = $room"
	rm -f "$T/tmp/sleep.2"
	scgi '/cgi/sleep.sh?2' -q --expect-status 200 &
	client=$!
	poll noted sleep.2
	kill -TERM "$DAEMON_PID"
	for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
		run_step "room for $room, $ADDR: who comes after SIGTERM is turned away" poll turned_away
	done
	run_step "while a request still runs" alive "$client"
	run_step "and is answered" wait "$client"
	run_step "that was the last of it" stops
	DAEMON_PID=
done

for ADDR in "127.0.0.1:$PORT" "$SOCK"; do
	start "workers = 1 requests-per-worker = 1"
	rm -f "$T/tmp/sleep.0.2"
	scgi '/cgi/sleep.sh?0.2' -n 3 -c 3 --expect-status 200 &
	client=$!
	poll noted sleep.0.2 && poll connected 3
	kill -TERM "$DAEMON_PID"
	run_step "$ADDR: who waits behind a full worker is served all the same" wait "$client"
	run_step "all three of them; then all is over" stops
	DAEMON_PID=
done

start "drain-timeout = 300ms"
scgi /cgi/trap.sh -q --expect-status 503 &
client=$!
poll noted trap
kill -TERM "$DAEMON_PID"
run_step "drain-timeout: the client is told" takes 200 1500 wait "$client"
run_step "the program could clean up" poll noted trap-ran
run_step "the log says why" logged 'trap.sh.* status=503 .*end=drain'
run_step "and all is over soon" takes 0 1500 stops
DAEMON_PID=

for ADDR in "127.0.0.1:$PORT" "$SOCK"; do
	start "workers = 1 requests-per-worker = 1 drain-timeout = 300ms"
	rm -f "$T/tmp/sleep.30"
	scgi '/cgi/sleep.sh?30' -n 3 -c 3 >"$T/summary" 2>&1 &
	client=$!
	poll noted sleep.30 && poll connected 3
	kill -TERM "$DAEMON_PID"
	run_step "$ADDR: who still waits when time is up is let go" takes 200 2500 stops
	run_step "and so is the client" poll gone "$client"
	run_step "no worker died of it" unlogged 'ended by signal'
	DAEMON_PID=
done
