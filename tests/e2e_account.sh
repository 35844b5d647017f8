#!/bin/sh
# SPDX-License-Identifier: ISC
# The account that soak_kills.sh is about: which lost requests a killed process held, and which
# nobody did. The kernel gives the number of a process again, so a number alone says nothing.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# lost TEXT EXPECTED: of the events, requests, programs begun and access lines put down before.
lost() {
	"$PYTHON" -S -E "$TESTS/soak_killer.py" account "$T/events" "$T/records" "$T/access" "$T/notes" >"$T/reply" 2>&1
	l_status=$?
	run_step "$1" has "$2"
	case $2 in *by_nobody=0) l_good=0 ;; *) l_good=1 ;; esac
	run_step "and the status says so" test $l_status -eq $l_good
	anew
}
anew() { : >"$T/events"; : >"$T/records"; : >"$T/access"; : >"$T/notes"; }
event() { echo "$@" >>"$T/events"; }
asked() { echo "$@" >>"$T/records"; }
began() { echo "/$1 $2 999" >>"$T/notes"; }
line() { echo "scgi-cgid: request id=7-1 peer=unix path=/work/$1 status=502 end=gone pid=$2 $3" >>"$T/access"; }

anew
asked 1 1.0 1.2 ok
asked 2 1.0 1.2 502
lost "nobody was killed" 'answered=1 by_program=0 by_worker=0 by_nobody=1'

event 1.1 worker 100 2
event 5.0 worker 101 9
asked 1 1.0 1.2 502
asked 2 1.0 1.2 502
asked 3 1.0 1.2 502
asked 4 1.2 1.3 502
lost "a worker loses no more than it held, and only what was under way" 'by_worker=2 by_nobody=2'

event 1.1 worker 100 3
asked 1 1.0 1.2 502; began 1 100
asked 2 1.0 1.2 502; began 2 101
asked 3 1.0 1.2 502; line 3 900 exit=0
lost "nor what another had begun or that was told of" 'by_worker=1 by_nobody=2'

event 1.1 worker 100 2
event 9.1 worker 100 2
for n in 1 2 3; do asked $n 1.0 1.2 502; done
for n in 4 5 6; do asked $n 9.0 9.2 502; began $n 100; done
lost "two workers of one number lose what each held" 'by_worker=4 by_nobody=2'

event 1.1 worker 100 1
event 1.2 worker 101 2
asked 1 1.00 1.3 502
asked 2 1.00 1.3 502
asked 3 1.15 1.3 502
lost "a worker is left what it alone can have lost, by the begin" 'by_worker=3 by_nobody=0'

event 1.1 worker 100 2
event 1.2 worker 101 1
asked 1 1.0 1.30 502
asked 2 1.0 1.15 502
asked 3 1.0 1.15 502
lost "and by the end" 'by_worker=3 by_nobody=0'

event 1.1 worker 100 1
event 1.2 worker 101 1
asked 1 1.0 1.25 502
asked 2 1.0 1.30 502; began 2 100
lost "and by the program" 'by_worker=2 by_nobody=0'

event 1.1 worker 100 -1
for n in 1 2 3; do asked $n 1.0 1.2 502; done
lost "a worker that held nothing loses nothing" 'by_worker=0 by_nobody=3'

event 1.1 program 900 1
asked 1 1.0 1.2 502; line 1 900 signal=9
asked 2 1.0 1.2 502; line 2 900 exit=0
asked 3 9.0 9.2 502; line 3 900 signal=9
lost "a program loses its request, not that of another one of its number" 'by_program=1 by_worker=0 by_nobody=2'

asked 1 1.0 1.2 ok; began 1 100; began 1 101
lost "what ran twice did so even if it was answered" 'answered=1 .* twice=1'
