#!/bin/sh
# SPDX-License-Identifier: ISC
# 200 reloads during continuous load through nginx and directly: nothing is lost, nothing left.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
start_daemon <<END
listen = { "unix:$SOCK", "$TCP" }
access-log = none
map "/cgi/" { directory = "$CGI" }
END
start_nginx
open_files() { find "/proc/$DAEMON_PID/fd" -mindepth 1 | wc -l; }
before=$(open_files)

# load ADDRESS: until there is a file "enough"; every answer must be 200.
load() {
	while [ ! -e "$T/enough" ]; do
		"$PYTHON" -S -E "$TESTS/scgi_client.py" "$1" /cgi/hello.sh -n 200 -c 4 --expect-status 200 \
		    >>"$T/load.out" || { cat "$T/load.out" >&2; return 1; }
	done
}
# web: the same through nginx.
web() {
	while [ ! -e "$T/enough" ]; do
		[ "$(curl -sS -o /dev/null -w '%{http_code}' -H 'Host: tcp' "http://127.0.0.1:$1/cgi/hello.sh" 2>&1)" = 200 ] ||
		    return 1
	done
}
load "$SOCK" & one=$!
load "$TCP" & two=$!
web "$PORT" & three=$!
reloads=0
while [ $reloads -lt 200 ]; do
	reloads=$((reloads + 1))
	n=$(grep -c 'reloaded: workers' "$LOG")
	kill -HUP "$DAEMON_PID"
	until [ "$(grep -c 'reloaded: workers' "$LOG")" -gt "$n" ] || ! alive "$DAEMON_PID"; do sleep 0.01; done
done
: >"$T/enough"
run_step "200 reloads: nothing lost on the Unix socket" wait $one
run_step "nor over TCP" wait $two
run_step "nor through nginx" wait $three
run_step "two workers in the end" poll has_workers 2
as_before() { [ "$(open_files)" -eq "$before" ]; }
run_step "descriptors as before" poll as_before
note "$(grep -c count "$T/load.out") rounds of 200"
