#!/bin/sh
# SPDX-License-Identifier: ISC
# A program's life has an end, whatever it does about it.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
kill-grace = 300ms
map "/run/" { directory = "$CGI"  max-runtime = 300ms }
END

run_step "max-runtime" answers 504 '/run/sleep.sh?22'
run_step "that is" within 250 5000
run_step "in the log" logged 'sleep.sh.*end=max-runtime'
run_step "max-runtime with a program that ignores SIGTERM" answers 504 /run/ignore-term.sh
run_step "that is" within 250 5000
run_step "the program is gone after the grace" poll all_gone "$T/tmp/ignore-term"
run_step "by" logged 'ignore-term.sh.*signal=9'
run_step "max-runtime ends one that has closed its output too" answers 200 /run/close-stdout.sh
run_step "namely" logged 'close-stdout.sh.*end=max-runtime'
run_step "a family is ended as one" answers 504 /run/group.sh
run_step "all of it" poll all_gone "$T/tmp/group"
run_step "the daemon is well" answers 200 /run/hello.sh
