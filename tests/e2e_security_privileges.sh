#!/bin/sh
# SPDX-License-Identifier: ISC
# Started as root: what /proc says of the master, of its workers and of a program that runs, at the
# start, under load, after a reload, an upgrade, a worker's death. Nobody but the master is root, and the
# master touches no request.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

is_root || skip "not root"
cat >"$T/bare.py" <<'END'
"""Starts a command with descriptors 0, 1 and 2 and no others."""
import os
import sys
os.closerange(3, 65536)
os.execv(sys.argv[1], sys.argv[1:])
END
install -m 2755 -g 1 /bin/sleep "$T/gained"
install -d -o nobody -m 755 "$T/run"
SOCK=$T/run/sock LOG=$T/own.log PORT=$(free_port)
export ADDR="$SOCK"
write_conf <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
pid-file = "$T/pid"
log = "$T/own.log"
access-log = "$T/access.log"
max-processes = 8
kill-grace = 100ms
map "/cgi/"   { directory = "$CGI" }
map "/slow/"  { directory = "$CGI"  max-processes = 4 }
map "/gained" { program = "$T/gained"  arguments = { "30" }  no-new-privileges = no }
END
"$PYTHON" -S -E "$T/bare.py" "$DAEMON" -c "$T/conf"
DAEMON_PID=$(cat "$T/pid")
poll has_workers 2

# family PID: all that descend from it.
family() { for f_child in $(children "$1"); do echo "$f_child"; family "$f_child"; done; }
uid=$(id -u nobody) gid=$(id -g nobody) none=0000000000000000
# unprivileged PID: in every respect; one that has gone meanwhile is as well.
unprivileged() {
	tr '\t' ' ' <"/proc/$1/status" >"$T/status" 2>/dev/null && [ -s "$T/status" ] || return 0
	for u_line in "Uid: $uid $uid $uid $uid" "Gid: $gid $gid $gid $gid" "Groups: $(id -G nobody) " \
	    "CapInh: $none" "CapPrm: $none" "CapEff: $none" "CapAmb: $none"; do
		grep -qxF -e "$u_line" "$T/status" || { echo "    $1: not $u_line"; return 1; }
	done
}
all_unprivileged() { for a_pid; do unprivileged "$a_pid" || return 1; done; }
has_uid_0() { grep -qs "^Uid:.*	0\($\|	\)" "/proc/$1/status"; }
# thing PID FD: what it is; of sockets, whether it listens or is a leash.
thing() {
	t_link=$(readlink "/proc/$1/fd/$2")
	t_inode=${t_link##*[}
	case $t_link in
	socket:*)
		t_unix=$(grep -w "${t_inode%]}" "/proc/$1/net/unix")
		t_tcp=$(awk -v i="${t_inode%]}" '$10 == i { print $4 }' "/proc/$1/net/tcp")
		case "$t_unix$t_tcp" in
		*" 00010000 0001 01 "*" $SOCK" | 0A) echo listener ;;
		*" 00000000 0005 03 "*) echo leash ;;
		*) echo "socket $t_unix$t_tcp" ;;
		esac
		;;
	"/proc/$1/fd") echo "its descriptors" ;;
	*) echo "${t_link#"$T/"}" ;;
	esac
}
things() {
	for t_fd in "/proc/$1"/fd/*; do thing "$1" "${t_fd##*/}"; done | sort | uniq -c |
	    while read -r n what; do printf '%s %s, ' "$n" "$what"; done
}
facts() { echo "$(readlink "/proc/$1/cwd") $(readlink "/proc/$1/root") $(cat "/proc/$1/oom_score_adj")"; }
woken() { grep '^voluntary' "/proc/$DAEMON_PID/status"; cat "/proc/$DAEMON_PID/io"; }

BOTH='1 access.log, 2 anon_inode:[eventfd], 1 anon_inode:[eventpoll], 1 anon_inode:[signalfd], '
MASTER="3 /dev/null, ${BOTH}2 leash, 2 listener, 1 own.log, 1 pid, "
# And copies of its 0, 1 and 2, which it puts back after each start of a program; and where it
# finds pipes to use again.
WORKER="6 /dev/null, ${BOTH}1 its descriptors, 1 leash, 2 listener, 1 own.log, "
# has_things PID THINGS
has_things() {
	h_now=$(things "$1")
	[ "$h_now" = "$2" ]
}
look() {
	run_step "$1: the master holds its listeners, leashes, logs and lock, nothing else" \
	    poll has_things "$DAEMON_PID" "$MASTER"
	for worker in $(workers); do
		run_step "$1: a worker is somebody else, without any capability" unprivileged "$worker"
		run_step "$1: holds its listeners, leash and logs, nothing else" poll has_things "$worker" "$WORKER"
		run_step "$1: is in no place of ours, to be spared as we are" test "$(facts "$worker")" = "/ / $(cat /proc/$$/oom_score_adj)"
	done
}

look "at the start"
before=$(woken)
scgi /cgi/hello.sh -n 50 -c 5 --expect-status 200 >"$T/result"
scgi /cgi/sum.sh --body-size 300000 -n 10 -c 5 --expect-status 200 >"$T/result"
ADDR=127.0.0.1:$PORT scgi /cgi/early-sum.sh --body-size 300000 -n 10 -c 5 --expect-status 200 >"$T/result"
run_step "70 requests: the master does not even wake up" test "$(woken)" = "$before"

scgi '/slow/sleep.sh?30' --timeout 9 -q --leave-when "$T/tmp/leave" &
poll noted sleep.30
read -r program <"$T/tmp/sleep.30"
run_step "a program is somebody else as well" unprivileged "$program"
run_step "and may gain nothing" grep -q '^NoNewPrivs:	1$' "/proc/$program/status"
run_step "it is where it should be" test "$(facts "$program")" = "$CGI / $(cat /proc/$$/oom_score_adj)"
scgi /cgi/crowd.sh -n 60 -c 8 --expect-status 200 >"$T/result" &
load=$!
looks=0 roots=0
while alive "$load"; do
	for pid in $(family "$DAEMON_PID"); do
		looks=$((looks + 1))
		! has_uid_0 "$pid" || roots=$((roots + 1))
	done
done
run_step "under load, $looks looks at processes below the master: none is root's" test "$looks" -gt 20 -a "$roots" -eq 0
echo now >"$T/tmp/leave"

reloaded() { [ "$(grep -c 'reloaded: workers' "$LOG")" -eq 1 ] && has_workers 2; }
kill -HUP "$DAEMON_PID"
poll reloaded && poll gone "$program"
look "after a reload"
kill -USR1 "$DAEMON_PID"
logged 'log files opened anew'
look "with logs opened anew"
old=$(workers)
kill -USR2 "$DAEMON_PID"
# shellcheck disable=SC2086
poll gone $old && poll has_workers 2
look "after an upgrade"
# shellcheck disable=SC2046
set -- $(workers)
kill -KILL "$1"
anew() {
	a_now=" $(workers | tr '\n' ' ')"
	case $a_now in
	*" $1 "*) return 1 ;;
	*) [ "$(echo "$a_now" | wc -w)" -eq 2 ] ;;
	esac
}
poll anew "$1"
look "after a worker's death"

scgi /gained -q --timeout 9 &
gained() {
	program=$(for worker in $(workers); do children "$worker"; done)
	program=${program% }
	[ -n "$program" ]
}
poll gained
case $(sed -n 's/^Gid:	//p' "/proc/$program/status") in
"$gid	1	1	1")
	kill -KILL "$(cut -d' ' -f4 "/proc/$program/stat")"
	run_step "a program that has gained a group does not outlive its worker" poll gone "$program"
	;;
*) note "no setgid programs here" ;;
esac
