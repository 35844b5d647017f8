#!/bin/sh
# SPDX-License-Identifier: ISC
# So many programs at once and no more; the others wait in line, but not too
# many of them, not too long, and not for a slow mapping that is not theirs.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
max-processes = 3
queue-length = 4
map "/cgi/"   { directory = "$CGI" }
map "/slow/"  { directory = "$CGI"  max-processes = 2 }
map "/none/"  { directory = "$CGI"  queue-length = 0 }
map "/short/" { directory = "$CGI"  queue-timeout = 300ms }
END
WORKER=$(workers | tr -d ' ')
has_files() { [ "$(files_at_rest "$WORKER")" -eq "$1" ]; }
as_idle() { [ "$(open_files "$WORKER")" -eq "$idle" ]; }
more_files() { [ "$(files_at_rest "$WORKER")" -gt "$1" ]; }
runs() { grep -qx "$1" "$T/tmp/ran"; }
n_programs() { children "$WORKER" | wc -w; }
ran() { [ "$(tr '\n' ' ' <"$T/tmp/ran")" = "$* " ]; }
# begin NAME [URI [OPTION...]]: a request in the background; it has arrived when this returns.
begin() {
	b_name=$1 b_uri=${2:-/slow/gate.sh?$1} b_files=$(files_at_rest "$WORKER")
	shift $(($# < 2 ? $# : 2))
	scgi "$b_uri" --expect-status 200 -q "$@" &
	eval "client_$b_name=$!"
	poll more_files "$b_files"
}
through() { eval "wait \$client_$1"; }
: >"$T/tmp/ran"
chmod 666 "$T/tmp/ran"
run_step "it serves" answers 200 /cgi/hello.sh
idle=$(files_at_rest "$WORKER")

begin a
poll runs a
begin b
poll runs b
for name in c d e f; do begin $name; done
run_step "two of six run" test "$(n_programs)" -eq 2
# A busy machine may be late once, but hardly each time.
too_many() { answers 503 '/slow/gate.sh?g' && within 0 200; }
run_step "one more is too many, which is said at once" eval 'too_many || too_many || too_many || too_many || too_many'
run_step "with a time to come back" has '^Retry-After: 5$'
run_step "and logged" logged 'status=503 .*end=refused reason=queue-full'
run_step "another mapping does not wait" answers 200 /cgi/hello.sh
run_step "nor where nobody may wait" answers 200 /none/hello.sh
for name in a b c d; do
	: >"$T/tmp/gate.$name"
	run_step "$name ends" through $name
done
poll runs f
run_step "in order of arrival" ran a b c d e f
run_step "never more than two" test "$(n_programs)" -eq 2
run_step "how long it waited is logged" logged 'path=/slow/gate.sh .*status=200 .* queue_ms=[0-9][0-9]* .*end=done'

begin g '/cgi/gate.sh?g'
poll runs g
run_step "three run" test "$(n_programs)" -eq 3
run_step "then nobody waits where none may" answers 503 /none/hello.sh
tries=0
too_long() { tries=$((tries + 1)) && answers 503 /short/hello.sh && within 300 400; }
all_over() { [ "$(grep -ac ' end=queue-timeout' "$LOG")" -eq "$tries" ]; }
run_step "nor longer than is set, to a tenth of a second" eval 'too_long || too_long || too_long || too_long || too_long'
run_step "and that is logged" logged 'status=503 .* queue_ms=3[0-9][0-9] .*end=queue-timeout'
run_step "each time" poll all_over
files=$(files_at_rest "$WORKER")
scgi '/cgi/gate.sh?left' --leave 100 -q
run_step "who leaves the queue is logged" logged 'queue_ms=[0-9]* .*end=client-gone'
run_step "and forgotten" poll has_files "$files"
begin h '/cgi/gate.sh?h'
begin upload /slow/sum.sh --body-size 300000
: >"$T/tmp/gate.g"
run_step "g ends" through g
run_step "h takes its place" poll runs h
: >"$T/tmp/gate"
for name in e f h upload; do run_step "$name is answered" through $name; done
run_step "who left has not run" ran a b c d e f g h
run_step "an upload that waited comes whole" logged 'script=[^ ]*sum.sh .* in=300000 .* queue_ms='
run_step "nothing is left open" poll as_idle

start_daemon <<END
workers = 4
max-processes = 5
map "/cgi/"  { directory = "$CGI" }
map "/slow/" { directory = "$CGI"  max-processes = 2 }
END
# at_once N: so many were there, and never more.
at_once() { [ "$(sort -n "$T/tmp/crowds" | tail -n 1)" -eq "$1" ]; }
scgi /cgi/crowd.sh -n 60 -c 20 --expect-status 200 >"$T/result"
run_step "of four workers together: five" at_once 5
rm -f "$T/tmp/crowds"
scgi /slow/crowd.sh -n 30 -c 20 --expect-status 200 >"$T/result"
run_step "of one mapping: two" at_once 2

# A mapping that many want does not keep the others waiting: they take turns.
rm -f "$T"/tmp/sleep.*
start_daemon <<END
workers = 1
max-processes = 1
map "/many/" { directory = "$CGI" }
map "/few/"  { directory = "$CGI" }
END
scgi '/many/sleep.sh?0.2' -n 20 -c 20 --expect-status 200 >"$T/many" &
many=$!
queued() { [ -s "$T/tmp/sleep.0.2" ]; }
poll queued
run_step "one of few is served before many of the others" answers 200 /few/hello.sh
run_step "after one or two of them" within 0 1500
run_step "these are served all the same" wait $many
