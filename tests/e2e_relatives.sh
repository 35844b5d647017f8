#!/bin/sh
# SPDX-License-Identifier: ISC
# What relatives of this program got wrong: one step for each row of the table of their bugs.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
start_daemon <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
workers = 1
kill-grace = 200ms
drain-timeout = 10s
map "/cgi/"  { directory = "$CGI" }
map "/slow/" { directory = "$CGI"  max-runtime = 300ms }
END

run_step "a plain request" answers 200 /cgi/hello.sh
run_step "two requests overlap in one worker" scgi '/cgi/meet.sh?2' -n 2 -c 2 --expect-status 200
run_step "1 MB that the program ignores: its 403 arrives" answers 403 /cgi/ignore.sh --body-size 1000000
run_step "300 kB written before 1 MB is read" answers 200 /cgi/flood-first.sh --body-size 1000000 --duplex
run_step "at once" within 0 2000
run_step "sleep 6 & left behind" answers 200 /cgi/background.sh
run_step "does not delay the end" within 0 2000
run_step "a missing script is 404 with a reason" answers 404 /cgi/missing.sh
run_step "whose text ends without a NUL" test "$(tr -d '\0' <"$T/reply" | wc -c)" = "$(wc -c <"$T/reply")"
run_step "a duplicate HTTP_COOKIE" answers 200 /cgi/env.sh -a HTTP_COOKIE=a=1 -a HTTP_COOKIE=b=2
run_step "is one" has '^HTTP_COOKIE=a=1; b=2$'
scgi /cgi/group.sh --leave-when "$T/tmp/group" -q
run_step "the client leaves: the program and its children are gone" poll all_gone "$T/tmp/group"
run_step "a timeout" answers 504 '/slow/sleep.sh?30'
run_step "ends the program" poll all_gone "$T/tmp/sleep.30"
run_step "garbage as the first byte" answers 400 / --raw '\377' --half-close
for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
	for try in 1 2 3 4 5; do
		run_step "an early 403 and 3 MB unread, $ADDR $try" answers 403 /cgi/ignore.sh --body-size 3000000
	done
done

ADDR=$SOCK
scgi '/cgi/sleep.sh?0.6' --expect-status 200 -q &
client=$!
poll noted sleep.0.6
kill -TERM "$DAEMON_PID"
run_step "SIGTERM while busy: the answer is given" wait "$client"
poll gone "$DAEMON_PID"
run_step "and the socket file is gone" no_files "$SOCK"
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
old=$(workers)
kill -KILL "$DAEMON_PID"
export LEFT_PIDS="$old"
# shellcheck disable=SC2086
run_step "the master killed: its workers leave" poll gone $old
