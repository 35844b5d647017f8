#!/bin/sh
# SPDX-License-Identifier: ISC
# Three gateways, each in a network of its own, behind one nginx, configured as in etc/examples: during
# load each is stopped and started again, one is killed, one is added.  What is stopped loses nothing;
# what is killed, only POSTs that it held.  No POST is ever run twice.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need ip nginx nsenter unshare
[ -r /etc/nginx/scgi_params ] || skip "no /etc/nginx/scgi_params here"
unshare -n true 2>/dev/null || skip "not allowed to make a network namespace"
EXAMPLES=$TESTS/../etc/examples

# Networks: that of nginx has a bridge, and each gateway a cable to it.  $T/net.NAME has a process
# in each, $T/pid.NAME the gateway itself.

apart() { [ -n "$(readlink "/proc/$1/ns/net")" ] && [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
network() {
	unshare -n "$PYTHON" -S -E -c 'import time; time.sleep(300)' &
	LEFT_PIDS="$LEFT_PIDS $!"
	echo $! >"$T/net.$1"
	poll apart $! || fail "there is a network for $1"
}
inside() { echo "nsenter -t $(cat "$T/net.$1") -n --"; }
network front
$(inside front) ip -b - 2>/dev/null <<'END' || skip "not allowed to make a bridge"
link add bridge type bridge
link set bridge up
link set lo up
addr add 10.0.0.10/24 dev bridge
END
for name in a:11 b:12 c:13 d:14; do
	number=${name#*:} name=${name%:*}
	network "$name"
	$(inside front) ip link add "cable-$name" master bridge up type veth peer name cable netns "$(cat "$T/net.$name")"
	$(inside "$name") ip -b - <<-END
		addr add 10.0.0.$number/24 dev cable
		link set cable up
		link set lo up
	END
	{
		sed "s|10.0.0.11|10.0.0.$number|" "$EXAMPLES/gateways.conf"
		! is_root || echo 'user = "nobody"'
		cat <<-END
			workers = 2
			max-processes = 3
			spool-directory = "$T/tmp"
			map "/cgi-bin/" { directory = "$CGI"  setenv = { "GATEWAY=$name" } }
		END
	} >"$T/$name.conf"
done

# Gateways

listens() { $(inside "$1") grep -q ":1964 00000000:0000 0A " /proc/net/tcp; }
silent() { ! listens "$1"; }
start() {
	$(inside "$1") "$DAEMON" -f -c "$T/$1.conf" 2>>"$LOG" &
	echo $! >"$T/pid.$1"
	LEFT_PIDS="$LEFT_PIDS $!"
	poll listens "$1"
}
# stop NAME: ask it to, and wait until it has.
stop() {
	s_pid=$(cat "$T/pid.$1")
	kill -TERM "$s_pid"
	poll gone "$s_pid" && wait "$s_pid"
}
# crash NAME: all its processes, at once; their programs go with them.
crash() {
	k_pid=$(cat "$T/pid.$1")
	# shellcheck disable=SC2046
	kill -KILL "$k_pid" $(children "$k_pid")
	wait "$k_pid" 2>/dev/null
	poll silent "$1"
}

# nginx, and what it is asked

# front_conf [LINE]: the line is one more server.
front_conf() {
	! is_root || echo "user nobody $(id -gn nobody);"
	cat <<-END
		worker_processes 2;
		daemon off;
		pid $T/nginx.pid;
		events { worker_connections 512; }
		http {
		log_format tried '\$request_method \$args \$status by \$upstream_addr';
		access_log $T/nginx.log tried;
		client_max_body_size 0;
		$(nginx_temp)
	END
	sed "s|^	server 10.0.0.13.*|&${1:-}|" "$EXAMPLES/nginx-upstream.conf"
	echo "server { listen 127.0.0.1:8000;"
	sed "s|include scgi_params|include /etc/nginx/scgi_params|" "$EXAMPLES/nginx-gateways.conf"
	echo '} }'
}
asked() { [ -s "$T/asked" ] && [ "$(cat "$T/asked")" -ge "$1" ]; }
more() { poll asked $(($(cat "$T/asked") + $1)); }
first=0
# during NAME COUNT COMMAND...: the command, while at least so many requests are asked.
during() {
	d_name=$1 d_count=$2 first=$((first + 10000))
	shift 2
	rm -f "$T/enough" "$T/asked"
	$(inside front) "$PYTHON" -S -E "$TESTS/cluster_client.py" 8000 $first "$d_count" "$T" >"$T/load.$d_name" 2>&1 &
	d_load=$!
	poll asked 40
	run_step "$d_name, during load" "$@"
	: >"$T/enough"
	wait $d_load || fail "$d_name: there is load"
	note "$d_name: $(tail -n 1 "$T/load.$d_name")"
}
lost() { sed -n 's/^lost=\([0-9]*\) .*/\1/p' "$T/load.$1"; }
lost_none() { ! grep '^lost [A-Z]' "$T/load.$1" && [ "$(lost "$1")" = 0 ]; }
# served PHASE NAME...: each of these gateways had a part in it.
served() {
	v_phase=$1
	shift
	for v_name; do
		grep -q "^lost=.* $v_name=[1-9]" "$T/load.$v_phase" || return 1
	done
}

for name in a b c; do
	start $name || fail "gateway $name starts"
done
front_conf >"$T/nginx.conf"
$(inside front) nginx -p "$T" -e "$T/nginx.err" -c "$T/nginx.conf" &
NGINX_PID=$!
poll test -s "$T/nginx.pid" || fail "nginx starts"

# serves NAME: nginx has found it again.
ran() { grep -c . "$T/tmp/ran.$1"; }
serves() { [ "$(ran "$1")" -ge "$r_ran" ]; }
in_turns() {
	for name in a b c a b c; do
		stop $name && more 100 && start $name || return 1
		r_ran=$(($(ran $name) + 3))
		poll serves $name || return 1
	done
}
during "stopped" 300 in_turns
run_step "six times one of them was stopped and started again: nothing is lost" lost_none stopped
run_step "they all served" served stopped a b c

during killed 300 crash b
run_step "one was killed: no more is lost than it could hold" test "$(lost killed)" -le 8
# held: what is lost is POSTs that nginx had given to that gateway and to no other after it.
held() {
	sed -n 's/^lost \([A-Z]* [0-9]*\) .*/\1/p' "$T/load.killed" >"$T/lost"
	while read -r method request; do
		grep "^$method $request " "$T/nginx.log" | grep -qx 'POST .* 502 by \(.*, \)\?10.0.0.12:6500' || return 1
	done <"$T/lost"
}
run_step "and those are POSTs that it had" held

grow() {
	start d
	front_conf '\n	server 10.0.0.14:6500 max_fails=1 fail_timeout=2s;' >"$T/nginx.conf"
	kill -HUP "$NGINX_PID"
	poll test -s "$T/tmp/ran.d"
}
during added 300 grow
run_step "one was added: nothing is lost" lost_none added
run_step "it serves, like the others" served added a c d

once_each() { ! sort "$T"/tmp/ran.? | grep '^POST' | uniq -d | grep .; }
run_step "no POST was run twice" once_each
run_step "there were programs for all of them" test "$(cat "$T"/tmp/ran.? | wc -l)" -ge 900
for name in a c d; do
	run_step "$name stops" stop $name
done
