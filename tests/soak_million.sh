#!/bin/sh
# SPDX-License-Identifier: ISC
# A million requests, one in a hundred with a body that is spooled: memory, descriptors,
# zombies and spooled files at the start and after 100,000, 500,000 and all of them.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

LOAD=$BUILD/bench/load
[ -x "$LOAD" ] || skip "no bench/load here"
start_daemon <<END
access-log = none
map "/work"  { program = "$CGI/work" }
map "/spool" { program = "$CGI/work"  request-body = spool }
END
WORKERS=$(workers)
# Unlinked ones count too, as long as a worker holds them.
n_spooled() {
	{ find "$T/tmp" -type f
	for n_pid in $WORKERS; do find "/proc/$n_pid/fd" -lname "$T/tmp/*"; done; } | wc -l
}
spools() { [ "$(n_spooled)" -eq "$1" ]; }
# ask_for N: so many requests, a hundredth of them with 200,000 bytes of body.
ask_for() {
	"$LOAD" -u "$SOCK" -n "$(($1 / 100))" -c 1 -T 3600 -b 200000 -e end /spool >"$T/bodies" 2>&1 &
	bodies=$!
	LEFT_PIDS="$LEFT_PIDS $bodies"
	"$LOAD" -u "$SOCK" -n "$(($1 - $1 / 100))" -c 8 -T 3600 -e end /work >"$T/load" 2>&1 &
	LEFT_PIDS="$LEFT_PIDS $!"
	wait $! && wait "$bodies"
}
# look_at WHEN
look_at() {
	poll has_programs 0
	# shellcheck disable=SC2086
	poll no_pipe_kept $WORKERS
	master=$(memory Anonymous "$DAEMON_PID")
	# shellcheck disable=SC2086
	worker=$(most_memory $WORKERS)
	files=$(gateway_files | tr ' ' '\n' | awk '{ n += $1 } END { print n }')
	figure "$1: allocated by master, largest worker" "$master, $worker kB"
	figure "$1: descriptors, zombies, spooled files" "$files, $(zombies), $(n_spooled)"
	run_step "$1: no zombie, no spooled file" test "$(zombies) $(n_spooled)" = "0 0"
}
# step N TEXT
step() {
	run_step "$2: all are answered" ask_for "$1"
	figure "$2: rate and p99" "$(value load rate) /s, $(($(value load p99_us) / 1000)) ms"
	look_at "$2"
}

# What is counted can be seen: a body that stops short of its end is in a file.
scgi /spool --body-size 200000 --stop-at 150000 --leave-when "$T/seen" >"$T/short" &
short=$!
run_step "a spooled file is seen" poll spools 1
echo >"$T/seen"
wait $short
run_step "and gone" poll spools 0
look_at "start"
at_start=$files
# What a worker keeps for as many requests at once as it may come to hold, it is given now.
run_step "many at once" "$LOAD" -u "$SOCK" -n 2000 -c 64 -e end /work
step "$(scaled 100000)" "after $(scaled 100000)"
first_master=$master first_worker=$worker
step "$(scaled 400000)" "after $(scaled 500000)"
step "$(scaled 500000)" "after $(scaled 1000000)"
bound "master's growth since $(scaled 100000)" $((master - first_master)) -le 64 kB
bound "largest worker's growth since $(scaled 100000)" $((worker - first_worker)) -le 64 kB
bound "descriptors, at the start $at_start" "$files" -eq "$at_start"
run_step "they are the same workers" test "$WORKERS" = "$(workers)"
