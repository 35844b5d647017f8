#!/bin/sh
# SPDX-License-Identifier: ISC
# What was left out of a flood of messages is told five seconds later, though nothing else happens; once.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END
scgi /cgi/nothing.sh -n 25 --expect-status 502 -q
run_step "not at once" unlogged ' more like this'
sleep 2
run_step "it is told" logged '^scgi-cgid: and 15 more like this within 5 s: id=.*nothing.sh: no output at all$'
scgi /cgi/nothing.sh -n 5 --expect-status 502 -q
run_step "then they are written again" test "$(grep -ca '^scgi-cgid: id=.*nothing.sh: no output' "$LOG")" = 15
run_step "and it was told once" test "$(grep -ca ' more like this' "$LOG")" = 1
