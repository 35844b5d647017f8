#!/bin/sh
# SPDX-License-Identifier: ISC
# The socket file: its mode and owner, one left over, one in use.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start() {
	start_daemon <<-END
		$1
		map "/cgi/" { directory = "$CGI" }
	END
}
mode() { stat -c %a "$SOCK"; }

start ''
run_step "mode 0660 by default" test "$(mode)" = 660
start 'socket-mode = 0600'
run_step "or as configured" test "$(mode)" = 600
start "socket-group = \"$(id -gn)\""
run_step "a group of one's own" test "$(stat -c %g "$SOCK")" = "$(id -g)"

cp "$T/conf" "$T/conf.twin"
run_step "a live socket is not taken from its owner" fails "$DAEMON" -f -c "$T/conf.twin"
run_step "who goes on" answers 200 /cgi/hello.sh
old=$(workers)
kill -KILL "$DAEMON_PID"
# shellcheck disable=SC2086
poll gone "$DAEMON_PID" $old
run_step "a socket left over" test -S "$SOCK"
start ''
run_step "is replaced" answers 200 /cgi/hello.sh
stop_daemon
run_step "it is gone after the stop" no_files "$SOCK"

echo precious >"$SOCK"
run_step "a file in the way" fails "$DAEMON" -f -c "$T/conf.twin"
run_step "is left alone" grep -q precious "$SOCK"
