# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What the soak scenarios share.  Sourced after lib.sh.
#
#     scaled 1000 20              so many at full scale; $SOAK_SCALE per cent of it, 20 at least
#     bound "lost" 0 -le 3        a figure for the table, and a step: is it within its bound?
#     figure "rate" "320 /s"      a figure without a bound
#     load "$SOCK" /work/%d ...   soak_load.py; its last line is in $T/load
#     began load_name             the same in the background; "ended" waits for it
#     value load_name ok          a number of that line
#
# tests/soak sets $SOAK_TABLE, where the figures go.

SCALE=${SOAK_SCALE:-100}
SOAK_TABLE=${SOAK_TABLE:-/dev/null}
SCENARIO=${NAME#soak_}
[ -x "$BUILD/tests/soak_work" ] || { echo "no tests/soak_work: make soak builds it"; exit 99; }
cp "$BUILD/tests/soak_work" "$CGI/work"
chmod 755 "$CGI/work"

scaled() {
	s_n=$(($1 * SCALE / 100))
	[ "$s_n" -ge "${2:-1}" ] || s_n=${2:-1}
	echo "$s_n"
}

# figure NAME VALUE [BOUND]
figure() {
	echo "# $1: $2${3:+ ($3)}"
	printf '%s\t%s\t%s\t%s\n' "$SCENARIO" "$1" "$2" "${3:-}" >>"$SOAK_TABLE"
}

# bound NAME VALUE OPERATOR LIMIT [UNIT]: whole numbers.
bound() {
	case $3 in
	-le) b_word="at most $4" ;;
	-ge) b_word="at least $4" ;;
	*) b_word="exactly $4" ;;
	esac
	figure "$1" "$2${5:+ $5}" "$b_word"
	run_step "$1: $2${5:+ $5}, $b_word" test "$2" "$3" "$4"
}

# patiently SECONDS COMMAND...: poll, for longer.
patiently() {
	y_end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt "$y_end" ] || return 1
		sleep 0.05
	done
}

# Load

# load ADDRESS PATH [OPTION...]; what it says is in $T/load.
load() { "$PYTHON" -S -E "$TESTS/soak_load.py" "$@" >"$T/load" 2>&1; }

# began NAME ADDRESS PATH [OPTION...]: until "ended NAME".
began() {
	g_name=$1
	shift
	rm -f "$T/enough.$g_name"
	"$PYTHON" -S -E "$TESTS/soak_load.py" "$@" --until "$T/enough.$g_name" >"$T/$g_name" 2>&1 &
	eval "LOAD_$g_name=\$!"
	LEFT_PIDS="$LEFT_PIDS $!"
	patiently 30 grep -q ready "$T/$g_name"
}

ended() {
	: >"$T/enough.$1"
	eval "wait \$LOAD_$1"
}

# value NAME KEY: of what load NAME said; whole, rounded up; nothing if it said nothing.
value() {
	tr ' ' '\n' <"$T/$1" | sed -n "s/^$2=//p" | awk '{ n = int($1); print n + ($1 > n) }'
}
fates() { sed -n 's/.* fates=//p' "$T/$1"; }

# The gateway, from outside

gateway_pids() { echo "$DAEMON_PID" "$(workers | tr '\n' ' ')"; }
programs() { for p_pid in $(workers); do children "$p_pid"; done | tr '\n' ' '; }
n_programs() { programs | wc -w; }
has_programs() { [ "$(n_programs)" -eq "$1" ]; }

# gateway_files: descriptors of the master, and of each worker; at rest, see lib.sh.
# shellcheck disable=SC2046
gateway_files() { open_files $(gateway_pids) | tr '\n' ' '; }
# shellcheck disable=SC2046
gateway_files_at_rest() { files_at_rest $(gateway_pids) | tr '\n' ' '; }

# zombies: children of the master or a worker that nobody has reaped.
zombies() {
	for z_pid in $(gateway_pids); do children "$z_pid"; done | tr ' ' '\n' | while read -r z_pid; do
		! grep -q '^State:.Z' "/proc/$z_pid/status" 2>/dev/null || echo "$z_pid"
	done | wc -l
}

# memory WORD PID...: kilobytes of all of them together: Pss, what they cost the machine,
# or Anonymous, what they have written to of their own.  Rss would not do for growth: it
# counts the pages of the program's file as well, which come and go with the kernel's cache.
memory() {
	m_word=$1
	shift
	for m_pid; do cat "/proc/$m_pid/smaps_rollup"; done 2>/dev/null |
	    awk -v word="$m_word:" '$1 == word { n += $2 } END { print n + 0 }'
}

# most_memory PID...: allocated kilobytes of the largest of them.
most_memory() { for k_pid; do memory Anonymous "$k_pid"; done | sort -n | tail -n 1; }

# nginx: on $PORT, its upstream "gateways" made of the lines on standard input.
start_front() {
	need nginx
	[ -r /etc/nginx/scgi_params ] || skip "no /etc/nginx/scgi_params here"
	PORT=$(free_port)
	{
		nginx_head 4096
		echo 'upstream gateways {'
		cat
		cat <<-END
			}
			server {
			listen 127.0.0.1:$PORT backlog=4096;
			location / {
			include /etc/nginx/scgi_params;
			scgi_pass gateways;
			}
			}
			}
		END
	} >"$T/nginx.conf"
	nginx -p "$T" -e "$T/nginx.err" -c "$T/nginx.conf" &
	# shellcheck disable=SC2034 # lib.sh ends it
	NGINX_PID=$!
	FRONT=http://127.0.0.1:$PORT
	poll test -s "$T/nginx.pid" || { fail "nginx starts"; exit 1; }
}

# A gateway that is changed under load

# start_changing: the gateway, and nginx before it.
start_changing() {
	C_TCP=127.0.0.1:$(free_port)
	start_daemon <<-END
		listen = { "unix:$SOCK", "unix:$T/alone.sock", "$C_TCP" }
		access-log = none
		map "/work" { program = "$CGI/work" }
	END
	start_front <<-END
		server unix:$SOCK;
	END
}

# begin_load: four kinds; one of these is a single client that alone uses its socket, so
# that nobody else's connection wakes a worker up for it.
begin_load() {
	patiently 35 settled
	C_FILES=$(gateway_files_at_rest)
	C_MEMORY=$(memory Anonymous "$DAEMON_PID")
	began alone "$T/alone.sock" '/work/%d' -c 1 --timeout 10
	began unix "$SOCK" '/work/%d?sleep=30' -c 4 --timeout 10
	began tcp "$C_TCP" '/work/%d' -c 2 --post 4 --timeout 10
	began web "$FRONT" '/work/%d' -c 2 --post 4 --timeout 10
}
settled() { has_workers 2 && has_programs 0; }

# change SIGNAL PATTERN: until the daemon has said it once more.
change() {
	c_said=$(grep -c -e "$2" "$LOG")
	kill "-$1" "$DAEMON_PID"
	patiently 30 said_again "$2" || { fail "a line like $2, after SIG$1"; exit 1; }
}
said_again() { [ "$(grep -c -e "$1" "$LOG")" -gt "$c_said" ]; }

# end_changing: none of them has failed, and the gateway has kept nothing.
end_changing() {
	for c_load in alone unix tcp web; do
		ended "$c_load"
		note "$c_load: $(tail -n 1 "$T/$c_load")"
		figure "$c_load: requests, longest" "$(value "$c_load" asked), $(value "$c_load" max_ms) ms"
		bound "$c_load: failed" "$(($(value "$c_load" failed) + $(value "$c_load" refused)))" -eq 0
	done
	run_step "two workers in the end" patiently 35 settled
	run_step "descriptors as before: $C_FILES" poll changing_as_before
	bound "zombies left" "$(zombies)" -eq 0
	# It does not grow with their number; the first few leave the heap somewhat larger.
	bound "growth of the master" "$(($(memory Anonymous "$DAEMON_PID") - C_MEMORY))" -le 128 kB
}
changing_as_before() { [ "$(gateway_files)" = "$C_FILES" ]; }
