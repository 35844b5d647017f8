#!/bin/sh
# SPDX-License-Identifier: ISC
# The log is a pipe that nobody reads: lines are lost and counted, requests are not.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkfifo "$T/pipe"
exec 3<>"$T/pipe"
echo "exec \"\$@\" 2>'$T/pipe' 3>&-" >"$T/into-pipe"
export LAUNCH="sh $T/into-pipe"
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

run_step "a program complains at length" answers 200 /cgi/complain.sh --timeout 4
run_step "and another" answers 200 /cgi/complain.sh --timeout 4
run_step "50 requests, 10 at a time, are answered all the same" \
    scgi /cgi/hello.sh -n 50 -c 10 --timeout 4 --expect-status 200
run_step "and one more" answers 200 /cgi/hello.sh --timeout 4
run_step "promptly" within 0 1000

cat <&3 >>"$LOG" &
export LEFT_PIDS=$!
run_step "someone reads again: what was before the gap" logged 'stderr: xxxxx'
run_step "requests go on" answers 200 /cgi/hello.sh
run_step "and go on" scgi /cgi/hello.sh -n 20 -c 10 --expect-status 200
run_step "the gap is said" logged '[0-9][0-9]* lines lost: the log did not take them'
run_step "there are no half lines" test "$(grep -vac '^scgi-cgid: ' "$LOG")" = 0
