#!/bin/sh
# SPDX-License-Identifier: ISC
# Over a network a connection takes a while to be made.  One that has begun to be when its listener
# goes is served, like those that were there: to its client it is a connection already.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need ip nsenter unshare
[ -w /dev/net/tun ] || skip "not allowed to use TUN devices"
unshare -n true 2>/dev/null || skip "not allowed to make a network namespace"
unshare -n "$PYTHON" -S -E -c 'import time; time.sleep(60)' &
NET=$!
export LEFT_PIDS="$NET"
apart() { [ -n "$(readlink "/proc/$NET/ns/net")" ] && [ "$(readlink "/proc/$NET/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
poll apart || fail "there is a namespace"
nsenter -t $NET -n ip -b - 2>/dev/null <<'END' || skip "not allowed to make a TUN device"
tuntap add dev far mode tun
link set far up
addr add 10.98.0.1/24 dev far
END

export LAUNCH="nsenter -t $NET -n --"
start() {
	start_daemon <<-END
		listen = { "$SOCK", "10.98.0.1:6500" }
		workers = $1
		allow = { "10.98.0.2" }
		map "/cgi/" { directory = "$CGI" }
	END
}
said() { grep -q "$1" "$T/peer"; }
# begin: a handshake, to be ended when there is a file "now".
begin() {
	rm -f "$T/now"
	: >"$T/peer"
	nsenter -t $NET -n "$PYTHON" -S -E "$TESTS/handshake.py" far 10.98.0.1 6500 /cgi/hello.sh "$T/now" >"$T/peer" 2>&1 &
	peer=$!
	poll said half || fail "a handshake begins"
}
# served: it is ended, and there is the answer.
served() {
	: >"$T/now"
	wait "$peer" && said '^Status: 200 OK$'
}
# stops: the daemon leaves, with status 0.
stops() { poll gone "$DAEMON_PID" && wait "$DAEMON_PID"; }

for workers in 1 3; do
	start $workers
	begin
	kill -TERM "$DAEMON_PID"
	poll test ! -e "$SOCK"
	run_step "$workers workers, SIGTERM: who is half-way is served" served
	run_step "then all is over" takes 0 1500 stops
	DAEMON_PID=
done

start 2
begin
sed -i 's/, "10.98.0.1:6500"//' "$T/conf"
kill -HUP "$DAEMON_PID"
logged 'reloaded: workers'
run_step "a reload without the listener: likewise" served
run_step "then there are two workers" poll has_workers 2
