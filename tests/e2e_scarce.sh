#!/bin/sh
# SPDX-License-Identifier: ISC
# Descriptors run out: some get 503 and are told when to come again; nobody gets nothing.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

command -v prlimit >/dev/null || skip "no prlimit here"
export LAUNCH='prlimit --nofile=64:64'
start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END
WORKER=$(workers)
ticks() { awk '{ print $14 + $15 }' "/proc/$WORKER/stat"; }

scgi '/cgi/sleep.sh?0.2' -n 40 -c 40 >"$T/reply"
cat "$T/reply"
run_step "some are served" has 'status=200 end=eof'
run_step "all have an answer" lacks 'status=000'
run_step "waiting is no work" test "$(ticks)" -lt 50
run_step "afterwards all is well" scgi /cgi/hello.sh -n 20 -c 4 --expect-status 200
run_step "with the same worker" test "$WORKER" = "$(workers)"
