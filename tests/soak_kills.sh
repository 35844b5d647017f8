#!/bin/sh
# SPDX-License-Identifier: ISC
# 1,000 kills of workers and programs under load through nginx: each lost request is one
# that a killed process held, and afterwards all is as it was.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

: >"$T/tmp/notes"
chmod 666 "$T/tmp/notes"
mkfifo -m 666 "$T/tmp/gate"
start_daemon <<END
workers = 8
max-processes = 32
map "/work" { program = "$CGI/work"  setenv = { "NOTE=$T/tmp/notes", "GATE=$T/tmp/gate" } }
END
start_front <<END
server unix:$SOCK;
END
killer() { "$PYTHON" -S -E "$TESTS/soak_killer.py" "$@"; }
as_before() { [ "$(gateway_files)" = "$files" ]; }
open_gate() { timeout 1 sh -c ": >$T/tmp/gate"; }
let_all_out() { grep -q '^asked=' "$T/house" || { open_gate; false; }; }
holds_for_a_while() { sleep 0.3 && has_programs 32; }
# full_house: all places are taken at once, one request waits, and each gets its answer.
full_house() {
	h_full=no
	began house "$SOCK" '/work/x%d?gate' -c 33 -n 33
	! patiently 20 has_programs 32 || ! holds_for_a_while || h_full=yes
	patiently 30 let_all_out
	ended house && [ $h_full = yes ]
}
# warm_up: a worker keeps memory for as many requests at once as it has had.
warm_up() {
	load "$FRONT" '/work/x%d?sleep=60' -c 48 -n 4000
	poll has_programs 0
}

files=$(gateway_files_at_rest)
run_step "32 places for programs, not one more" full_house
warm_up
: >"$T/tmp/notes"
master=$(memory Anonymous "$DAEMON_PID")
# shellcheck disable=SC2046
workers=$(memory Anonymous $(workers))

killer kill "$DAEMON_PID" "$(scaled 1000 20)" "$T/events" >"$T/killed" &
killer=$!
LEFT_PIDS="$LEFT_PIDS $killer"
poll test -e "$T/events"
began load "$FRONT" '/work/%d?sleep=60' -c 48 --records "$T/records"
run_step "as many as are to be are killed" wait "$killer"
figure "killed" "$(sed 's/killed //' "$T/killed")"
ended load
poll has_programs 0
killer account "$T/events" "$T/records" "$LOG" "$T/tmp/notes" >"$T/account"
grep '^#' "$T/account" | head -n 20
held=$(value account held)
figure "requests" "$(value account requests)"
bound "answered" "$(value account answered)" -gt 0
bound "lost with a killed program" "$(value account by_program)" -le "$(grep -c program "$T/events")"
figure "lost with a killed worker, which held" "$(value account by_worker), $held"
bound "lost otherwise" "$(value account by_nobody)" -eq 0
bound "run twice" "$(value account twice)" -eq 0

run_step "eight workers" patiently 35 has_workers 8
run_step "32 places again, not one more" full_house
poll has_programs 0
bound "processes left" "$(n_programs)" -eq 0
bound "zombies left" "$(zombies)" -eq 0
run_step "descriptors as before: $files" poll as_before
figure "descriptors of master and workers" "$(gateway_files)" "as before"
warm_up
bound "growth of the master, from $master kB" "$(($(memory Anonymous "$DAEMON_PID") - master))" -le 64 kB
# shellcheck disable=SC2046
bound "growth of 8 workers, from $workers kB" "$(($(memory Anonymous $(workers)) - workers))" -le 1024 kB
