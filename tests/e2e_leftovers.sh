#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END

scgi /cgi/rob.py -q --no-read 1000 --timeout 4 --expect-status 200 &
client=$!
run_step "a child left behind reads the pipe empty" poll noted robbed
run_step "before the worker could" test "$(cat "$T/tmp/robbed")" -ge 4096
run_step "the client gets the rest, and an end" wait "$client"
run_step "the worker serves others" answers 200 /cgi/hello.sh --timeout 4
run_step "promptly" within 0 1000

run_step "a job left in a group of its own" answers 200 /cgi/job.pl
run_step "outlives its leader and does its work" poll noted job
