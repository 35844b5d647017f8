#!/bin/sh
# SPDX-License-Identifier: ISC
# 2,000 idle connections do not slow a request down.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

descriptors 4096
start_daemon <<END
header-timeout = 60s
workers = 4
requests-per-worker = 1024
map "/cgi/" { directory = "$CGI" }
END
{ exec "$PYTHON" -S -E "$TESTS/scgi_client.py" "$ADDR" --idle 2000 >"$T/idle"; } &
IDLE=$!
export LEFT_PIDS="$IDLE"
run_step "2,000 connections are open" poll grep -q 'ready 2000' "$T/idle"
run_step "50 requests, one after another" scgi /cgi/hello.sh -n 50 --expect-status 200
scgi /cgi/hello.sh -n 50 --expect-status 200 >"$T/result"
cat "$T/result"
run_step "the slowest" test "$(sed -n 's/^slowest=\([0-9]*\).*/\1/p' "$T/result")" -lt 100
kill -KILL "$IDLE"
run_step "they leave, and all is well" answers 200 /cgi/hello.sh
