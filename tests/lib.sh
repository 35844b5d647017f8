# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What every end-to-end script stands on.  A script sources this file first and
# then has a directory of its own, $T, below the build tree: $CGI in it holds
# copies of the programs of tests/cgi, $T/tmp is theirs to write to (they reach
# it as ../tmp), $SOCK is the socket the daemon listens on, $LOG what it said.
#
#     start_daemon <<END          a configuration; listen, user and so on are added
#     ask /cgi/env.sh?x=1         one request: $STATUS $MS $END, the reply in $T/reply
#     run_step "it is there" has '^QUERY_STRING=x=1$'
#
# A script that reaches its end has passed if every step did.  Nothing waits for
# a fixed time: poll repeats a question until the answer is yes or 5 s are over.

set -u
umask 022
LC_ALL=C
export LC_ALL
unset HTTP_PROXY http_proxy https_proxy all_proxy GIT_DIR GIT_WORK_TREE
# A make that a script starts has nothing to do with the one that runs the script.
unset MAKEFLAGS MFLAGS MAKELEVEL

NAME=${0##*/}
NAME=${NAME%.sh}
TESTS=$(cd "${0%/*}" && pwd -P)
BUILD=$(cd "${top_builddir:-.}" && pwd -P)
DAEMON=${DAEMON:-$BUILD/src/scgi-cgid}
REQUEST=${REQUEST:-$BUILD/src/scgi-request}
PYTHON=${PYTHON:-/usr/bin/python3}
FAILED=0
STEPS=0
DAEMON_PID=
NGINX_PID=
LEFT_PIDS=

# Words for people

note() { echo "# $*"; }
ok() { STEPS=$((STEPS + 1)); echo "ok - $*"; }

fail() {
	STEPS=$((STEPS + 1))
	FAILED=$((FAILED + 1))
	echo "FAILED - $*"
}

skip() {
	echo "skipped: $*"
	STEPS=1
	exit 77
}

# run_step TEXT COMMAND...: one thing the script shows.
run_step() {
	r_text=$1
	shift
	if "$@"; then
		ok "$r_text"
	else
		fail "$r_text"
		echo "    by: $*"
		echo "    last reply: $(cat "$T/summary" 2>/dev/null)"
		head -c 600 "$T/reply" 2>/dev/null | tr -d '\r' | head -12 | sed 's/^/    | /'
		echo
	fi
}

# fails COMMAND...: it ends by itself, soon, and not with success.
fails() {
	timeout 5 "$@" >"$T/output" 2>&1
	case $? in
	0 | 124) return 1 ;;
	esac
}

# open_files PID...: how many descriptors each has.
open_files() { for o_pid; do find "/proc/$o_pid/fd" -mindepth 1 | wc -l; done; }

# program_pipes PID...: those that programs write to; some are kept for the next, but not for long.
program_pipes() { files_by_kind "$@" | grep -c '^fifo 200$'; }
files_at_rest() { for o_pid; do files_by_kind "$o_pid" | grep -vc '^fifo 200$'; done; }
files_by_kind() { for k_pid; do stat -L -c '%F %a' "/proc/$k_pid/fd/"* 2>/dev/null; done; }
no_pipe_kept() { [ "$(program_pipes "$@")" -eq 0 ]; }

# no_files FILE...: none of them is there.
no_files() {
	for n_file; do
		[ ! -e "$n_file" ] || return 1
	done
}

# descriptors N: allow us and what we start so many.
descriptors() {
	prlimit --pid $$ --nofile="$1:" 2>/dev/null || skip "not allowed $1 descriptors"
}

# need COMMAND...: skip the script where one of them is missing.
need() {
	for n_command; do
		command -v "$n_command" >/dev/null || skip "no $n_command here"
	done
}

# Time

now_ms() { date +%s%3N; }

# poll COMMAND...: until it succeeds, for 5 s at most.
poll() {
	p_tries=0
	until "$@"; do
		p_tries=$((p_tries + 1))
		[ "$p_tries" -le 100 ] || return 1
		sleep 0.05
	done
}

# takes MIN MAX COMMAND...: it succeeds, and in so many milliseconds.
takes() {
	t_min=$1 t_max=$2 t_start=$(now_ms)
	shift 2
	"$@" || return 1
	t_ms=$(($(now_ms) - t_start))
	[ "$t_ms" -ge "$t_min" ] && [ "$t_ms" -le "$t_max" ] && return
	echo "    took $t_ms ms, not $t_min to $t_max"
	return 1
}

# Processes

# alive PID: it runs; a zombie does not.
alive() {
	[ -r "/proc/$1/stat" ] || return 1
	a_stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	case ${a_stat##*) } in
	[ZX]*) return 1 ;;
	esac
}

# gone PID...: none of them is alive.
gone() {
	for g_pid; do
		! alive "$g_pid" || return 1
	done
}

# all_gone FILE: none of the processes a program noted there is alive.
all_gone() {
	# shellcheck disable=SC2046
	[ -s "$1" ] && gone $(cat "$1")
}

children() { cat "/proc/$1/task/$1/children" 2>/dev/null; }

# workers: the master's children, but for orphans of programs that it may have adopted.
workers() {
	read -r w_name 2>/dev/null <"/proc/$DAEMON_PID/comm" || return 0
	for w_pid in $(children "$DAEMON_PID"); do
		w_comm=
		read -r w_comm 2>/dev/null <"/proc/$w_pid/comm"
		[ "$w_comm" != "$w_name" ] || echo "$w_pid"
	done
}
n_workers() { workers | wc -w; }
has_workers() { [ "$(n_workers)" -eq "$1" ]; }

# end_process PID: ask, wait, insist.
end_process() {
	kill -TERM "$1" 2>/dev/null || return 0
	if ! poll gone "$1"; then
		fail "process $1 ends when told"
		kill -KILL "$1" 2>/dev/null
	fi
	wait "$1" 2>/dev/null
}

# What still has its working directory below ours.
strays() {
	find /proc -maxdepth 2 -name cwd -lname "$T/*" 2>/dev/null | cut -d/ -f3
}

# left_behind: what the test started and did not end, if it still runs: children of the
# shell, and whatever has our $RUN in its environment.  A program's environment has not.
left_behind() {
	b_found=
	read -r b_children 2>/dev/null <"/proc/$$/task/$$/children"
	for b_pid in $b_children $(env -u RUN grep -lszxF -e "RUN=$RUN" /proc/[0-9]*/environ); do
		b_pid=${b_pid#/proc/}
		b_pid=${b_pid%/environ}
		! alive "$b_pid" || b_found="$b_found $b_pid"
	done
	[ -n "$b_found" ]
}
none_left_behind() { ! left_behind; }

# shellcheck disable=SC2329
finish() {
	f_status=$?
	trap - EXIT
	if [ -n "$DAEMON_PID" ]; then
		LEFT_PIDS="$LEFT_PIDS $(workers)"
		end_process "$DAEMON_PID"
	fi
	[ ! -s "$LOG" ] || check_sane
	[ -z "$NGINX_PID" ] || end_process "$NGINX_PID"
	[ ! -s "$T/pid" ] || LEFT_PIDS="$LEFT_PIDS $(cat "$T/pid")"
	for f_pid in $LEFT_PIDS $(strays); do
		kill -KILL "$f_pid" 2>/dev/null
	done
	if ! poll none_left_behind; then
		fail "nothing is left behind"
		for f_pid in $b_found; do
			echo "    $f_pid: $(tr '\0' ' ' <"/proc/$f_pid/cmdline")"
			kill -KILL "$f_pid" 2>/dev/null
		done
	fi
	if [ "$f_status" -eq 0 ] && { [ "$FAILED" -ne 0 ] || [ "$STEPS" -eq 0 ]; }; then
		f_status=1
	fi
	if [ "$f_status" -ne 0 ] && [ "$f_status" -ne 77 ]; then
		echo "$FAILED of $STEPS steps failed; the daemon's last words:"
		tail -n 25 "$T/log" 2>/dev/null | cut -c1-300
		[ ! -s "$T/nginx.err" ] || tail -n 5 "$T/nginx.err"
	fi
	[ -n "${KEEP:-}" ] || rm -rf "$T"
	exit "$f_status"
}

# Our own place

is_root() { [ "$(id -u)" -eq 0 ]; }
as_nobody() { setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"; }

# fits DIRECTORY: its sockets have short enough names, and nobody can reach it.
fits() {
	[ "${#1}" -le 90 ] || return 1
	! is_root || as_nobody test -x "$1"
}

make_place() {
	T=$(cd "${TESTDIR:-.}" && pwd -P)/tests/$NAME.dir
	rm -rf "$T"
	mkdir -p "$T"
	if ! fits "$T"; then
		rm -rf "$T"
		T=$(mktemp -d /tmp/scgi-cgid.XXXXXX)
		chmod 755 "$T"
	fi
	CGI=$T/cgi SOCK=$T/sock LOG=$T/log ADDR=$T/sock RUN=$T.$$
	export T CGI SOCK LOG ADDR RUN
	mkdir "$T/tmp" "$CGI"
	cp "$TESTS"/cgi/* "$CGI"
	chmod 755 "$CGI" "$CGI"/*
	! is_root || chown nobody "$T" "$T/tmp"
}

[ -x "$DAEMON" ] || { echo "no $DAEMON: build it first"; exit 99; }
[ -x "$PYTHON" ] || { echo "skipped: no $PYTHON here"; exit 77; }
! is_root || command -v setpriv >/dev/null || { echo "skipped: no setpriv here"; exit 77; }
make_place
trap finish EXIT
trap 'exit 1' HUP INT TERM

# The daemon

# write_conf: the configuration on standard input, with what every test needs.
write_conf() {
	{
		cat
		echo
	} >"$T/conf.in"
	{
		cat "$T/conf.in"
		add_unless listen "listen = { \"unix:$SOCK\" }"
		add_unless workers 'workers = 2'
		add_unless spool-directory "spool-directory = \"$T/tmp\""
		if is_root; then
			add_unless user 'user = "nobody"'
			add_unless socket-owner 'socket-owner = "nobody"'
		fi
	} >"$T/conf"
}

add_unless() { grep -q "^$1 *=" "$T/conf.in" || echo "$2"; }

# start_daemon [OPTION...]: with the configuration on standard input.  As a job in the
# background it starts with SIGINT ignored, unless $LAUNCH says otherwise.
start_daemon() {
	stop_daemon
	write_conf
	: >"$LOG"
	# shellcheck disable=SC2086
	${LAUNCH:-} "$DAEMON" -f -c "$T/conf" "$@" 2>>"$LOG" &
	DAEMON_PID=$!
	until has_workers "$(sed -n 's/^workers *= *\([0-9]*\).*/\1/p' "$T/conf")"; do
		if ! alive "$DAEMON_PID"; then
			fail "the daemon starts"
			exit 1
		fi
		sleep 0.02
	done
}

stop_daemon() {
	[ -n "$DAEMON_PID" ] || return 0
	end_process "$DAEMON_PID"
	DAEMON_PID=
	check_sane
}

# check_sane: no assertion failed and no sanitizer complained.
check_sane() {
	if grep -qa 'Sanitizer\|runtime error:\|Assertion ' "$LOG"; then
		fail "the daemon is sane"
		grep -a -A 12 'Sanitizer\|runtime error:\|Assertion ' "$LOG" | head -40
	fi
}

# logged PATTERN: the daemon says it, now or soon.
logged() { poll grep -qa -e "$1" "$LOG"; }

# unlogged PATTERN: it has not said it.
unlogged() { ! grep -qa -e "$1" "$LOG"; }

# free_port: a TCP port below those the kernel hands out.
free_port() {
	"$PYTHON" -S -E -c '
import random, socket
while True:
    s = socket.socket()
    try:
        port = random.randrange(10000, 32000)
        s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'
}

# Requests

scgi() {
	s_uri=$1
	shift
	"$PYTHON" -S -E "$TESTS/scgi_client.py" "$ADDR" "$s_uri" "$@"
}

# ask URI [OPTION...]: one request; leaves STATUS, MS, END and so on.
ask() {
	scgi "$@" -v >"$T/reply" 2>"$T/summary"
	STATUS=000 BODY_LEN=0 MS=0 FIRST_MS=0 END='' SEND='' SENT='' SHA=''
	for a_word in $(tail -n 1 "$T/summary"); do
		case $a_word in
		status=*) STATUS=${a_word#*=} ;;
		body=*) BODY_LEN=${a_word#*=} ;;
		ms=*) MS=${a_word#*=} ;;
		first=*) FIRST_MS=${a_word#*=} ;;
		end=*) END=${a_word#*=} ;;
		send=*) SEND=${a_word#*=} ;;
		sent=*) SENT=${a_word#*=} ;;
		sha=*) SHA=${a_word#*=} ;;
		esac
	done
	export BODY_LEN MS FIRST_MS SEND SENT SHA
}

# rows [--together]: a request for each line of standard input, see scgi_rows.py.
rows() {
	"$PYTHON" -S -E "$TESTS/scgi_rows.py" "$@" "$ADDR" >"$T/rows" || fail "the table is read"
	cat "$T/rows"
	STEPS=$((STEPS + $(grep -c '^ok' "$T/rows")))
	FAILED=$((FAILED + $(grep -c '^FAILED' "$T/rows")))
	! grep -q '^FAILED' "$T/rows"
}

# is STATUS: the last reply had it (a shell pattern), and ended as it should.
is() {
	# shellcheck disable=SC2254
	case $STATUS in
	$1) [ "$END" = eof ] ;;
	*) return 1 ;;
	esac
}

# answers STATUS URI [OPTION...]: ask and is in one.
answers() {
	w_status=$1
	shift
	ask "$@"
	is "$w_status"
}

# within MIN MAX: the last reply took so many milliseconds.
within() {
	[ "$MS" -ge "$1" ] && [ "$MS" -le "$2" ]
}

# has PATTERN: the last reply has such a line, in its header or its body.
has() { tr -d '\r' <"$T/reply" | grep -a -e "$1" >/dev/null; }
lacks() { ! has "$1"; }

# holds: the last reply has every line that standard input has.
holds() {
	h_missing=0
	while read -r h_line; do
		tr -d '\r' <"$T/reply" | grep -aFx -e "$h_line" >/dev/null && continue
		echo "    missing: $h_line"
		h_missing=1
	done
	return $h_missing
}

# lacks_all NAME...: none of them is a variable in the reply.
lacks_all() {
	for l_name; do
		lacks "^$l_name=" || { echo "    unwanted: $l_name"; return 1; }
	done
}

# body_is TEXT: the body of the last reply, byte by byte, printf escapes understood.
body_is() {
	# shellcheck disable=SC2059
	[ "$SHA" = "$(printf "$1" | sha1sum | cut -d' ' -f1)" ]
}

# reply_is TEXT: the whole of the last reply, likewise.
reply_is() {
	# shellcheck disable=SC2059
	printf "$1" | cmp -s - "$T/reply"
}

# noted FILE: a program has written something there.
noted() { [ -s "$T/tmp/$1" ]; }

# scgi-request

# sane FILE: no sanitizer complains there.
sane() { ! grep -qa 'Sanitizer\|runtime error:' "$1"; }

# request STATUS OPTION...: scgi-request ends with that status; what it wrote is in
# $T/reply and $T/summary.
request() {
	q_status=$1
	shift
	"$REQUEST" "$@" >"$T/reply" 2>"$T/summary"
	[ $? -eq "$q_status" ] && sane "$T/summary"
}

# says PATTERN: the last scgi-request did, on standard error.
says() { grep -qa -e "$1" "$T/summary"; }

# nginx

# nginx_temp: directories of nginx's own are here.
nginx_temp() {
	for nt_what in client_body proxy fastcgi uwsgi scgi; do
		echo "${nt_what}_temp_path $T/nginx-${nt_what%_body};"
	done
}

# nginx_head CONNECTIONS: how each configuration begins; http { } is open then.
nginx_head() {
	! is_root || echo "user nobody $(id -gn nobody);"
	cat <<-END
		worker_processes 1;
		daemon off;
		pid $T/nginx.pid;
		events { worker_connections $1; }
		http {
		access_log off;
		$(nginx_temp)
	END
}

# start_nginx: four servers, named by how they pass requests on: unix, tcp, and
# unix-unbuffered, tcp-unbuffered.  TCP ones are there if $TCP is set.
start_nginx() {
	need nginx curl
	[ -r /etc/nginx/scgi_params ] || skip "no /etc/nginx/scgi_params here"
	PORT=$(free_port)
	{
		nginx_head 1024
		echo 'client_max_body_size 0;'
		nginx_server unix "unix:$SOCK" on
		nginx_server unix-unbuffered "unix:$SOCK" off
		if [ -n "${TCP:-}" ]; then
			nginx_server tcp "$TCP" on
			nginx_server tcp-unbuffered "$TCP" off
		fi
		echo '}'
	} >"$T/nginx.conf"
	nginx -p "$T" -e "$T/nginx.err" -c "$T/nginx.conf" &
	NGINX_PID=$!
	poll test -s "$T/nginx.pid" || { fail "nginx starts"; exit 1; }
}

# nginx_server NAME ADDRESS BUFFERING
nginx_server() {
	cat <<-END
		server {
		listen 127.0.0.1:$PORT;
		server_name $1;
		location / {
		include /etc/nginx/scgi_params;
		scgi_pass $2;
		scgi_buffering $3;
		scgi_request_buffering $3;
		${NGINX_EXTRA:-}
		}
		}
	END
}

# fetch PATH [CURL OPTION...]: through nginx's server $FRONT; the status in $STATUS,
# the body in $T/reply.
FRONT=unix
fetch() {
	c_path=$1
	shift
	STATUS=$(curl -sS --max-time 60 -H "Host: $FRONT" -H 'Expect:' -o "$T/reply" \
	    -w '%{http_code}' "$@" "http://127.0.0.1:$PORT$c_path" 2>"$T/summary")
	END=eof
}
