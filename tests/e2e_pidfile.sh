#!/bin/sh
# SPDX-License-Identifier: ISC
# The lock of a pid file is gone with its master, though workers live a little longer.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# start SOCKET
start() {
	start_daemon <<-END
		listen = { "$1" }
		pid-file = "$T/pid"
		map "/cgi/" { directory = "$CGI" }
	END
}

start "$SOCK"
run_step "a second one is refused" fails "$DAEMON" -f -c "$T/conf"
run_step "by the pid file" grep -q "$T/pid.*already runs as process $DAEMON_PID" "$T/output"
scgi '/cgi/gate.sh?old' -q --expect-status 200 &
client=$!
poll noted ran
LEFT_PIDS=$(workers)
kill -KILL "$DAEMON_PID"
DAEMON_PID=
run_step "the master killed while a request runs: another one" start "$T/second"
run_step "starts and does not wait for its end" alive "$client"
run_step "and is in the pid file" test "$(cat "$T/pid")" = "$DAEMON_PID"
export ADDR="$T/second"
run_step "it answers" answers 200 /cgi/hello.sh
: >"$T/tmp/gate"
run_step "and so does the old worker" wait "$client"
# shellcheck disable=SC2086
run_step "before it leaves" poll gone $LEFT_PIDS
