#!/bin/sh
# SPDX-License-Identifier: ISC
# 10,000 idle connections and 2,000 running programs at once, and what each costs.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

idle=$(scaled 10000 500)
running=$(scaled 2000 100)
descriptors 20000
mkfifo -m 666 "$T/tmp/gate"
start_daemon <<END
workers = 8
requests-per-worker = 2048
max-processes = 0
header-timeout = 1h
access-log = none
map "/work" { program = "$CGI/work"  setenv = { "GATE=$T/tmp/gate" } }
END
# shellcheck disable=SC2046
gateway() { memory Pss $(gateway_pids); }
connections() { for c_pid in $(workers); do find "/proc/$c_pid/fd" -lname 'socket:*'; done | wc -l; }
has_connections() { [ "$(connections)" -ge "$1" ]; }
each() { awk -v all="$1" -v n="$2" 'BEGIN { printf "%.2f kB", all / n }'; }
as_before() { [ "$(gateway_files)" = "$files" ]; }
quick() { load "$SOCK" /work -n 200; }

run_step "first requests" quick
poll has_programs 0
files=$(gateway_files_at_rest)
sockets=$(connections)
empty=$(gateway)
figure "master and 8 workers, PSS" "$empty kB"

began idle "$SOCK" /work --idle "$idle" --every 1000000 -c 1
run_step "$idle connections are open and idle" patiently 60 has_connections $((sockets + idle))
with_idle=$(gateway)
figure "with $idle idle connections" "$with_idle kB"
figure "each idle connection" "$(each $((with_idle - empty)) "$idle")"
run_step "requests are answered beside them" quick
figure "p50, p99, one at a time" "$(value load p50_ms), $(value load p99_ms) ms"

began gate "$SOCK" '/work?gate' -c "$running" -n "$running" --timeout 600
run_step "$running programs run" patiently 120 has_programs "$running"
with_both=$(gateway)
figure "with $running running programs as well" "$with_both kB"
figure "each running program, in the gateway" "$(each $((with_both - with_idle)) "$running")"
# shellcheck disable=SC2046
figure "the program itself, PSS" "$(each "$(memory Pss $(programs))" "$running")"
run_step "requests are answered beside them" quick
figure "p50, p99, one at a time" "$(value load p50_ms), $(value load p99_ms) ms"

timeout 10 sh -c ": >$T/tmp/gate"
run_step "all programs answer" ended gate
bound "programs that failed" "$(value gate failed)" -eq 0
run_step "all idle connections are still open" ended idle
bound "idle connections lost" "$(value idle idle_lost)" -eq 0
run_step "no program is left" poll has_programs 0
run_step "descriptors as before" patiently 10 as_before
bound "zombies left" "$(zombies)" -eq 0
# The heaps stay as large as they have been, and are used again.
figure "afterwards, master and 8 workers" "$(gateway) kB"
