#!/bin/sh
# SPDX-License-Identifier: ISC
# 500 concurrent requests to a program that sleeps a second, and 4 workers.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

descriptors 4096
start_daemon <<END
workers = 4
requests-per-worker = 1024
max-processes = 0
map "/cgi/" { directory = "$CGI" }
map "/nap"  { program = "/bin/sh"
              arguments = { "-c", "sleep 1; echo Content-Type: text/plain; echo; echo slept" } }
END
# pss: kilobytes that the gateway's own processes hold, each page shared out among its holders.
pss() { (for p_pid in "$DAEMON_PID" $(workers); do cat "/proc/$p_pid/smaps_rollup"; done) | awk '/^Pss:/ { n += $2 } END { print n }'; }
n_programs() { (for p_pid in $(workers); do children "$p_pid"; done) | wc -w; }
no_programs() { [ "$(n_programs)" -eq 0 ]; }
many_programs() { [ "$(n_programs)" -ge 400 ]; }

note "idle: $(pss) kB"
scgi /nap -n 500 -c 500 --expect-status 200 >"$T/result" &
client=$!
poll many_programs
busy=$(pss)
note "with $(n_programs) programs: $busy kB"
run_step "all are answered" wait "$client"
cat "$T/result"
slowest=$(sed -n 's/^slowest=\([0-9]*\).*/\1/p' "$T/result")
run_step "in under 5 s" test "$slowest" -lt 5000
if grep -qa __asan "$DAEMON"; then
	note "memory is not measured with a sanitizer"
else
	run_step "in under 40 MB" test "$busy" -lt 40000
fi
run_step "no program is left" poll no_programs
