#!/bin/sh
# SPDX-License-Identifier: ISC
# What a program says on standard error: logged by line, tagged, escaped, bounded.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

ask '/cgi/stderr.sh?lines'
run_step "it is no part of the answer" body_is 'answer\n'
run_step "each line has its tag" logged 'id=[^ ]* script=[^ ]*stderr.sh.* stderr: first complaint$'
run_step "each" logged 'id=[^ ]* script=[^ ]*stderr.sh.* stderr: second complaint$'
ask '/cgi/stderr.sh?unfinished'
run_step "a line without end" logged 'stderr: no newline at the end$'
ask '/cgi/stderr.sh?control'
run_step "control bytes" logged 'stderr: red .*31m bell .* end$'
for byte in '\033' '\007' '\r' '\377'; do
	run_step "are escaped: $byte" unlogged "$(printf '%b' "$byte")"
done
ask '/cgi/stderr.sh?forged'
run_step "a forged line" logged 'stderr: request id=1-1 forged=yes'
run_step "is seen to be one" unlogged '^[^ ]* *request id=1-1'
run_step "a long line" answers 200 '/cgi/stderr.sh?long'
run_step "is logged" logged 'stderr: yyyy'
run_step "but not a screenful" test "$(wc -L <"$LOG")" -lt 20000
run_step "a flood of 20 MB" answers 200 '/cgi/stderr.sh?flood'
run_step "does not hold the answer" within 0 4000
run_step "nor fill the disk" test "$(wc -c <"$LOG")" -lt 5000000
