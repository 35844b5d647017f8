#!/bin/sh
# SPDX-License-Identifier: ISC
# After every kind of end, no descriptor, process or file is left behind.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
kill-grace = 200ms
header-timeout = 1s
linger-timeout = 300ms
map "/cgi/"   { directory = "$CGI" }
map "/small/" { directory = "$CGI"  max-body = 1k  output-timeout = 200ms }
END
WORKER=$(workers | tr -d ' ')
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }
lines_for() { [ "$(grep -ac 'request id=' "$LOG")" -ge "$1" ]; }
childless() { [ -z "$(children "$WORKER")" ]; }

ask /cgi/hello.sh
poll childless
before=$(files_at_rest "$WORKER")
scgi /cgi/hello.sh -n 40 -c 8 --expect-status 200
scgi /cgi/missing.sh -n 20 -c 4 --expect-status 404
scgi /cgi/early-sum.sh --body-size 300000 -n 20 -c 4 --expect-status 200
scgi /cgi/ignore.sh --body-size 300000 -n 20 -c 4 --expect-status 403
scgi /cgi/hello.sh --body-size 300000 -n 20 -c 4 --expect-status 200
scgi /small/sum.sh --body-size 300000 -n 20 -c 4 --expect-status 413
scgi /cgi/raw.sh -b 'bad' -n 20 -c 4 --expect-status 502
scgi '/small/sleep.sh?9' -n 10 -c 10 --expect-status 504
scgi /cgi/hello.sh --raw 'junk' --half-close -n 20 -c 4 --expect-status 400
scgi '/cgi/sleep.sh?20' --leave 50 -n 20 -c 10
scgi '/cgi/big.sh?1000000' --leave 20 --reset -n 20 -c 10
scgi /cgi/sum.sh --length 100000 -b x --leave 10 -n 20 -c 10
scgi /cgi/sum.sh --stop-at 20 --leave 10 -n 20 -c 10
run_step "no child is left" poll childless
run_step "no descriptor is left" poll as_before
run_step "it is the same worker" test "$WORKER" = "$(workers | tr -d ' ')"
run_step "no spooled file is left" test -z "$(find "$T/tmp" -type f ! -name 'sleep.*')"
run_step "every request has its line" poll lines_for 251
