#!/bin/sh
# SPDX-License-Identifier: ISC
# Four times the clients, and four times the requests, that the gateway can serve, for a
# minute: it serves as many as before, refuses the rest in time, and another mapping's
# clients notice nothing.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

start_daemon <<END
max-processes = 0
access-log = none
map "/busy"  { program = "$CGI/work"  max-processes = 8  queue-length = 128  queue-timeout = 1s }
map "/other" { program = "$CGI/work"  max-processes = 4 }
END
# phase NAME CLIENTS SECONDS PAUSE: after a refusal a client waits for so many milliseconds.
phase() {
	began other "$SOCK" /other --every 20
	"$PYTHON" -S -E "$TESTS/soak_load.py" "$SOCK" '/busy?cpu=20' -c "$2" --seconds "$3" --after-503 "$4" >"$T/$1"
	ended other
	mv "$T/other" "$T/$1.other"
	note "$1: $(tail -n 1 "$T/$1")"
	figure "$1: $2 clients, answers per second" "$(value "$1" rate)"
	figure "$1: other mapping, p50 and p99" "$(value "$1.other" p50_ms), $(value "$1.other" p99_ms) ms"
}
# alone: what the other mapping's clients see when there is nobody else.
alone() { load "$SOCK" /other --every 20 --seconds 2; }
# share PART WHOLE: in per cent.
share() { echo $((100 * $1 / $2)); }

seconds=$(scaled 60 6)
run_step "the other mapping alone" alone
alone=$(value load p50_ms)
phase warm-up 64 2 100
phase before 64 "$seconds" 100
# Who is refused asks again after half the time that an answer takes: so that what is asked
# for is more than four times what can be done, as there are four times the clients.
phase overload 256 "$seconds" "$(($(value before p50_ms) / 2))"
phase after 64 "$seconds" 100

# A few seconds of a machine that does other things as well are no measurement.
least=90 late=100 slack=20
[ "$SCALE" -ge 50 ] || least=70 late=400 slack=100
saturated=$((($(value before rate) + $(value after rate)) / 2))
asked=$(($(value overload asked) / seconds))
bound "asked for, share of the saturated rate" "$(share "$asked" "$saturated")" -ge $((4 * least)) %
bound "answered, share of the saturated rate" "$(share "$(value overload rate)" "$saturated")" -ge "$least" %
figure "answered, refused" "$(value overload ok), $(value overload refused)"
bound "failed, and refused without Retry-After" "$(value overload failed)" -eq 0
bound "slowest refusal, queue-timeout is 1000 ms" "$(value overload refused_max_ms)" -le $((1000 + late)) ms
bound "failed at the other mapping" "$(($(value overload.other failed) + $(value overload.other refused)))" -eq 0
quiet=$(value before.other p99_ms)
[ "$(value after.other p99_ms)" -lt "$quiet" ] || quiet=$(value after.other p99_ms)
# Twice, and 10 ms: at few milliseconds the machine's own noise is more than twice.
bound "other mapping, p99" "$(value overload.other p99_ms)" -le $((2 * quiet + 10)) ms
# It waits for a processor, as all do, but not for the places of the others, 700 ms.
bound "other mapping, p50, alone $alone ms" "$(value overload.other p50_ms)" -le $((alone + slack)) ms
poll has_programs 0
run_step "no program is left" has_programs 0
