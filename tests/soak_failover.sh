#!/bin/sh
# SPDX-License-Identifier: ISC
# Two gateways in one upstream of nginx; each is stopped and started in turn under load,
# of which some requests have a body: none fails.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

# With few requests to a worker, some wait to be accepted when it is told to stop.
write_conf <<END
requests-per-worker = 2
map "/work" { program = "$CGI/work" }
END
# gateway NAME: start it, and wait until it listens.
gateway() {
	sed "s|$SOCK|$T/$1.sock|" "$T/conf" >"$T/$1.conf"
	"$DAEMON" -f -c "$T/$1.conf" 2>>"$T/$1.log" &
	echo $! >"$T/$1.pid"
	LEFT_PIDS="$LEFT_PIDS $!"
	poll test -S "$T/$1.sock"
}
# stopped NAME: told to end, as by a service manager, it does so within its drain-timeout.
stopped() {
	s_pid=$(cat "$T/$1.pid")
	kill -TERM "$s_pid"
	patiently 35 gone "$s_pid" && wait "$s_pid" && grep -q 'stopped$' "$T/$1.log"
}
lines() { grep -c "request id=" "$T/$1.log"; }
# busy NAME: it gets requests, so that there are some to lose.
busy() {
	b_lines=$(lines "$1")
	patiently 20 more_lines "$1"
}
both_busy() { busy one && busy two; }
more_lines() { [ "$(lines "$1")" -gt $((b_lines + 20)) ]; }
turn() { both_busy && stopped "$1" && gateway "$1"; }
# rounds N: each is stopped and started N times.
rounds() {
	for round in $(seq "$1"); do
		for name in one two; do
			turn "$name" || fail "round $round, gateway $name"
		done
	done
}
# scenario TEXT OPTION ROUNDS
scenario() {
	gateway one
	gateway two
	rm -f "$T/nginx.err"
	start_front <<-END
		server unix:$T/one.sock $2;
		server unix:$T/two.sock $2;
	END
	began quick "$FRONT" '/work/%d' -c 4 --post 4
	began long "$FRONT" '/work/%d?sleep=200' -c 12 --post 4 --body 50000
	rounds "$3"
	ended quick
	ended long
	figure "$1: stops under load" "$((2 * $3))"
	figure "$1: requests" "$(($(value quick asked) + $(value long asked)))"
	bound "$1: failed" "$(($(value quick failed) + $(value quick refused) +
	    $(value long failed) + $(value long refused)))" -eq 0
	note "$(fates quick); $(fates long)"
	# What nginx may not do twice, it did not have to: no connection was taken and then cut.
	bound "$1: taken and cut" "$(grep -vc 'connect() to ' "$T/nginx.err")" -eq 0
	figure "$1: longest wait" "$(value quick max_ms) ms"
	run_step "both end when told" both_end
	end_process "$NGINX_PID"
	NGINX_PID=
}
both_end() { stopped one && stopped two; }

# To find out that a Unix socket is gone costs nothing: nginx need not remember it.
scenario "max_fails=0" max_fails=0 "$(scaled 25 2)"
# By default it leaves one that has failed alone for 10 s, and then there is no other; each
# round waits until both get requests again.
scenario "nginx's default" "" "$(scaled 4)"
