#!/bin/sh
# SPDX-License-Identifier: ISC
# Waiting costs nothing: no ticks while idle, no spinning on an end that is already known.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI"  on-disconnect = finish }
END
WORKER=$(workers | tr -d ' ')
# ticks: hundredths of a second of processor time the worker has used.
ticks() { awk '{ print $14 + $15 }' "/proc/$WORKER/stat"; }
# wakings: how often the master and the worker have gone to sleep.
wakings() { cat "/proc/$DAEMON_PID/status" "/proc/$WORKER/status" | awk '/^voluntary/ { n += $2 } END { print n }'; }
cheap() { [ $(($(ticks) - before)) -le 10 ]; }

before=$(ticks)
run_step "a half-closed client" answers 200 '/cgi/sleep.sh?0.5' --half-close
run_step "costs nothing" cheap
scgi /cgi/finish.sh --leave 0 -q
run_step "a client who left" poll noted finish-ended
run_step "costs nothing" cheap
ask /cgi/close-stdout.sh
run_step "a closed output" poll noted close-stdout
run_step "costs nothing" cheap
ask /cgi/background.sh
run_step "a body that nobody reads" answers 200 '/cgi/sleep.sh?0.5' --body-size 3000000
run_step "costs little" cheap

# The proof that nothing happens is time in which nothing happens.
ask /cgi/hello.sh
before=$(wakings)
sleep 0.3
run_step "idle is idle" test $(($(wakings) - before)) -le 2
