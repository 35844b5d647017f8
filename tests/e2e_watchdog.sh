#!/bin/sh
# SPDX-License-Identifier: ISC
# A watchdog is answered as long as the workers live and answer.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
. "${0%/*}/manager.sh"

export WATCHDOG=300000
manager one web="$SOCK"
chmod 660 "$SOCK"
start_daemon <<END
listen = { "systemd:web" }
drain-timeout = 100ms
map "/cgi/" { directory = "$CGI" }
END
run_step "the watchdog is answered" told WATCHDOG=1 3
worker=$(workers | tail -n 1)
# unanswered: for longer than between two answers. Once is not at once, on a slow machine.
unanswered() { times=$(grep -c WATCHDOG=1 "$M/said"); sleep 0.4; [ "$times" -eq "$(grep -c WATCHDOG=1 "$M/said")" ]; }
kill -STOP "$worker"
run_step "but not for a worker that hangs" poll unanswered
run_step "which is told of" logged 'a worker does not answer'
kill -CONT "$worker"
run_step "again" told WATCHDOG=1 $((times + 2))
kill -KILL "$worker"
run_step "one that dies is replaced, and the watchdog answered" told WATCHDOG=1 $((times + 5))
kill -USR2 "$DAEMON_PID"
run_step "a new binary" logged 'upgraded to'
# The request is for the new workers: only they are counted.
poll has_workers 2
scgi '/cgi/sleep.sh?30' -q &
run_step "answers it as well" told WATCHDOG=1 $(($(grep -c WATCHDOG=1 "$M/said") + 2))
run_step "what the gateway does is told by the way" told '^WATCHDOG=1 | STATUS=2 workers, 1 request, 1 program running, 0 waiting'

# When the watchdog was answered last the new binary cannot know: it does so at once.
stop_daemon
export WATCHDOG=600000000
manager two web="$T/second"
chmod 660 "$T/second"
start_daemon <<END
listen = { "systemd:web" }
map "/cgi/" { directory = "$CGI" }
END
told ^READY=1
run_step "ten minutes to answer: no hurry" fails grep WATCHDOG=1 "$M/said"
kill -USR2 "$DAEMON_PID"
run_step "but for a new binary" told WATCHDOG=1
