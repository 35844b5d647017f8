#!/bin/sh
# SPDX-License-Identifier: ISC
# Whatever becomes of requests and workers, their places come back; and those
# who wait get one, uploads through nginx and the end of the gateway included.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# start WORKERS TIME: with so many, and so much time to drain.
start() {
	start_daemon <<-END
		workers = $1
		max-processes = 2
		drain-timeout = $2
		kill-grace = 200ms
		map "/cgi/" { directory = "$CGI"  body-length = client }
		map "/one/" { directory = "$CGI"  max-processes = 1  output-timeout = 200ms }
	END
}
runs() { grep -qx "$1" "$T/tmp/ran"; }
# taken PID...: bytes that these workers have read; who has a request's head has it in line, too.
taken() { for t_pid; do cat "/proc/$t_pid/task/$t_pid/io"; done | awk '/^rchar:/ { n += $2 } END { print n }'; }
# took_head N PID...: it was N before.
took_head() { t_n=$1; shift; [ "$(taken "$@")" -gt $((t_n + 100)) ]; }
# begin NAME: a request in the background for a program that waits for its gate.
begin() {
	scgi "/cgi/gate.sh?$1" --expect-status "${2:-200}" -q &
	eval "client_$1=$!"
}
# arrive NAME STATUS: likewise; it has arrived when this returns.
arrive() {
	# shellcheck disable=SC2046
	before=$(taken $(workers))
	begin "$@"
	# shellcheck disable=SC2046
	poll took_head "$before" $(workers)
}
through() { eval "wait \$client_$1"; }
# both_run: two programs can run, so no place is lost.
both_run() {
	: >"$T/tmp/ran"
	rm -f "$T"/tmp/gate*
	begin x
	begin y
	poll runs x && poll runs y || return 1
	: >"$T/tmp/gate"
	through x && through y
}
: >"$T/tmp/ran"
chmod 666 "$T/tmp/ran"

start 2 10s
{
	scgi /cgi/hello.sh -n 100 -c 10 --expect-status 200
	scgi /cgi/missing.sh -n 50 -c 10 --expect-status 404
	scgi '/cgi/die.sh?KILL' -n 50 -c 10 --expect-status 502
	scgi /cgi/raw.sh -b bad -n 50 -c 10 --expect-status 502
	scgi /cgi/ignore.sh --body-size 300000 -n 50 -c 10 --expect-status 403
	scgi /cgi/early-sum.sh --body-size 100000 -n 30 -c 10 --expect-status 200
	scgi '/one/sleep.sh?9' -n 3 -c 3 --expect-status 504
	scgi '/cgi/sleep.sh?9' -n 40 -c 10 --leave 10
	scgi /cgi/sum.sh --length 1000 -b x -n 40 -c 10 --leave 10 --reset
	scgi /cgi/close-stdout.sh -n 2 -c 2 --expect-status 200
	scgi /one/hello.sh -n 90 -c 10 --expect-status 200
} >"$T/result"
run_step "500 requests of all kinds keep no place" both_run

# shellcheck disable=SC2046
set -- $(workers)
: >"$T/tmp/ran"
rm -f "$T"/tmp/gate*
kill -STOP "$1"
begin a 000
begin b 000
poll runs a && poll runs b
kill -CONT "$1"
kill -STOP "$2"
before=$(taken "$1")
begin c
poll took_head "$before" "$1"
kill -KILL "$2"
run_step "a worker dies with all places: another's request gets one" poll runs c
: >"$T/tmp/gate"
run_step "and is answered" through c
poll has_workers 2
# shellcheck disable=SC2046
set -- $(workers)
run_step "the dead one's places are free" both_run

head -c 300000 /dev/urandom >"$T/tmp/random"
sum=$(sha1sum <"$T/tmp/random" | cut -d' ' -f1)
start_nginx
for FRONT in unix unix-unbuffered; do
	: >"$T/tmp/ran"
	rm -f "$T"/tmp/gate*
	begin d
	begin e
	poll runs d && poll runs e
	before=$(taken "$@")
	(
		trap - EXIT
		poll took_head "$before" "$@"
		: >"$T/tmp/gate"
	) &
	fetch /cgi/sum.sh --data-binary "@$T/tmp/random"
	run_step "$FRONT: an upload that waits comes whole" has "^sum=$sum$"
	run_step "and it has waited" logged "sum.sh .*status=200 in=300000 .* queue_ms=[0-9]"
	through d
	through e
	: >"$LOG"
done

: >"$T/tmp/ran"
rm -f "$T"/tmp/gate*
for name in a b c d e f; do arrive $name; done
kill -TERM "$DAEMON_PID"
logged stopping
: >"$T/tmp/gate"
for name in a b c d e f; do run_step "told to stop, it still serves $name" through $name; done
poll gone "$DAEMON_PID"

rm -f "$T"/tmp/gate*
: >"$T/tmp/ran"
start 1 300ms
for name in a b c d e; do arrive $name 503; done
kill -TERM "$DAEMON_PID"
for name in a b c d e; do run_step "no time left: 503 for $name" through $name; done
run_step "for that reason" logged 'status=503 .* queue_ms=[0-9]* .*end=drain'
run_step "and it leaves" poll gone "$DAEMON_PID"
