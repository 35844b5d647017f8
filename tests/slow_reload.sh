#!/bin/sh
# SPDX-License-Identifier: ISC
# 200 reloads and 50 upgrades during continuous load through nginx and directly: nothing is lost,
# nothing left.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

cp "$DAEMON" "$T/daemon"
DAEMON=$T/daemon
TCP=127.0.0.1:$(free_port)
start_daemon <<END
listen = { "unix:$SOCK", "$TCP" }
access-log = none
map "/cgi/" { directory = "$CGI" }
END
start_nginx
# What it was given at its first start and does not need is gone after an upgrade.
master_files() { find "/proc/$DAEMON_PID/fd" -type l -printf '%l\n' | grep -vc '^pipe\|^/dev/null'; }
before=$(master_files)

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
# change SIGNAL TEXT: until the daemon has said TEXT once more.
change() {
	n=$(grep -c "$2" "$LOG")
	kill "-$1" "$DAEMON_PID"
	until [ "$(grep -c "$2" "$LOG")" -gt "$n" ] || ! alive "$DAEMON_PID"; do sleep 0.01; done
}
changes=0
while [ $changes -lt 200 ]; do
	changes=$((changes + 1))
	change HUP 'reloaded: workers'
	[ $((changes % 4)) -eq 0 ] || continue
	cp "$DAEMON" "$T/new" && mv "$T/new" "$DAEMON"
	change USR2 'upgraded to .*: workers'
done
: >"$T/enough"
run_step "200 reloads, 50 upgrades: nothing lost on the Unix socket" wait $one
run_step "nor over TCP" wait $two
run_step "nor through nginx" wait $three
run_step "it is the last binary" test "$(stat -Lc %i "/proc/$DAEMON_PID/exe")" = "$(stat -c %i "$DAEMON")"
run_step "two workers in the end" poll has_workers 2
as_before() { [ "$(master_files)" -eq "$before" ]; }
run_step "descriptors as before" poll as_before
note "$(grep -c count "$T/load.out") rounds of 200"
