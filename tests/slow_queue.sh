#!/bin/sh
# SPDX-License-Identifier: ISC
# Two places, 500 requests, four workers: each gets its turn, in order of
# arrival. Then a thousand programs and some workers are killed meanwhile.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

descriptors 4096
start_daemon <<END
workers = 4
max-processes = 2
queue-timeout = 0
map "/cgi/" { directory = "$CGI" }
END
n_requests() { grep -ac 'request id=.*gate.sh' "$LOG"; }
all_logged() { [ "$(n_requests)" -ge 500 ]; }
programs() { for p_pid in $(workers); do children "$p_pid"; done; }
no_programs() { [ -z "$(programs)" ]; }
# shellcheck disable=SC2046
as_before() { [ "$(open_files $(workers))" = "$before" ]; }
# turns: worker, number at that worker, wave; as the programs began.
turns() {
	sed -n 's/.*request id=\([0-9]*\)-\([0-9]*\) .*gate.sh status=200 .* pid=\([0-9]*\) .*/\3 \1 \2/p' "$LOG" >"$T/lines"
	awk 'NR == FNR { line[$1] = $2 " " $3; next } { print line[$1], $2 }' "$T/lines" "$T/tmp/ran"
}
# in_order: as they came to their worker; who runs at the same time, or has just connected,
# may be noted the other way round.
in_order() { awk '{ d = $2 - ++n[$1]; if (d > 4 || d < -4) bad++ } END { exit bad > 0 }' "$T/turns"; }
# alike: among all workers, nobody is a wave before or behind the turn of its own: so late may
# a worker be to take what came.
alike() {
	awk '{ n[$1]++; d = $3 - int((NR - 1) / 50); if (d > 1 || d < -1) bad++ }
	END { for (w in n) print "# worker", w ":", n[w], "requests"
		print "#", bad + 0, "out of turn"; exit bad > 0 }' "$T/turns"
}
sed -i "s/^echo .*/echo \$\$ \$QUERY_STRING >>..\/tmp\/ran/" "$CGI/gate.sh"
: >"$T/tmp/ran"
chmod 666 "$T/tmp/ran"
# shellcheck disable=SC2046
before=$(files_at_rest $(workers))

cat >"$T/ask.py" <<'END'
"""Asks 500 times, in ten waves, and only then looks for answers."""
import os
import socket
import time

socks = []
for i in range(500):
    if i % 50 == 0:
        time.sleep(0.1)
    s = socket.socket(socket.AF_UNIX)
    s.connect(os.environ['SOCK'])
    head = (b'CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0'
            b'QUERY_STRING\000%d\0REQUEST_URI\0/cgi/gate.sh?%d\0' % (i // 50, i // 50))
    s.sendall(b'%d:%s,' % (len(head), head))
    socks.append(s)
open(os.environ['T'] + '/tmp/gate', 'w').close()
print(sum(s.recv(100).startswith(b'Status: 200') for s in socks))
END
run_step "500 are answered" test "$(timeout 100 "$PYTHON" -S -E "$T/ask.py")" = 500
poll all_logged
turns >"$T/turns"
run_step "each has run once" test "$(sort -u "$T/tmp/ran" | wc -l) $(wc -l <"$T/tmp/ran")" = "500 500"
run_step "and is logged once" test "$(sort -u "$T/turns" | wc -l)" -eq 500
run_step "in order of arrival at each worker" in_order
run_step "and among all workers, to a tenth of them" alike
run_step "no descriptor is left" poll as_before

"$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" /cgi/crowd.sh -n 100000 -c 60 >"$T/result" 2>&1 &
client=$!
killed=0 dead=0 end=$(($(now_ms) + 60000))
while [ "$killed" -lt 1000 ] && alive "$client" && [ "$(now_ms)" -lt "$end" ]; do
	for pid in $(programs); do
		kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1))
	done
	[ "$killed" -ge $((dead * 100 + 100)) ] || continue
	# shellcheck disable=SC2046
	set -- $(workers)
	kill -KILL "$1"
	dead=$((dead + 1))
done
run_step "$killed programs and $dead workers were killed" test "$killed" -ge 1000
kill "$client"
wait "$client" 2>/dev/null
poll has_workers 4
run_step "no program is left" poll no_programs
run_step "no descriptor is left" poll as_before
rm -rf "$T"/tmp/crowd*
run_step "all are answered again" scgi /cgi/crowd.sh -n 100 -c 50 --expect-status 200
run_step "two at a time" test "$(sort -n "$T/tmp/crowds" | tail -n 1)" -eq 2
