#!/bin/sh
# SPDX-License-Identifier: ISC
# One side stands still: whose time is up, and what the other still gets.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
linger-timeout = 5s
drain-timeout = 100ms
map "/silent/" { directory = "$CGI"  output-timeout = 600ms  send-timeout = 600ms }
map "/once/"   { directory = "$CGI"  reply = at-once }
map "/body/"   { directory = "$CGI"  body-timeout = 300ms  output-timeout = 300ms }
END
WORKER=$(workers)
programs() { children "$WORKER" | wc -w; }
run_at_once() { [ "$(programs)" -eq "$1" ]; }
passed() { [ "$(now_ms)" -ge "$1" ]; }

scgi '/silent/sleep.sh?30' -n 50 -c 50 --timeout 5 --expect-status 504 &
clients=$!
poll run_at_once 50
kill -STOP "$WORKER"
poll passed $(($(now_ms) + 700))
kill -CONT "$WORKER"
run_step "a worker late for 50 deadlines tells all 50" wait "$clients"

run_step "at-once: answered, output closed, body unread" answers 200 /once/live-on.sh --body-size 400000 --duplex
run_step "ends before the program does" within 0 4500
run_step "though the program lives on" alive "$(cat "$T/tmp/live-on")"

ask /body/live-on.sh --body-size 400000 --stop-at 100000 --duplex
run_step "body-timeout where the program has said all and lives on" is 408
run_step "before linger-timeout or the program is over" within 250 4500
run_step "in the log" logged 'live-on.sh.*end=body-timeout'
ask '/body/big.sh?3000000' --body-size 2000000 --stop-at 1000000 --duplex
run_step "body-timeout where the program waits to be read" is 408
run_step "in the log" logged 'big.sh.*end=body-timeout'

ask /cgi/none.sh --length 10 --body-size 3000000 --keep-sending --duplex --timeout 8
run_step "who sends a megabyte too much is cut off" test "$SEND" = refused
run_step "before linger-timeout is over" within 0 4900
run_step "but has his answer" test "$STATUS" = 404
