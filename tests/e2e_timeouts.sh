#!/bin/sh
# SPDX-License-Identifier: ISC
# Every wait has an end: for the client to speak or listen, for the program to speak.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
header-timeout = 300ms
linger-timeout = 300ms
kill-grace     = 300ms
map "/body/"   { directory = "$CGI"  body-timeout = 300ms }
map "/output/" { directory = "$CGI"  output-timeout = 300ms }
map "/send/"   { directory = "$CGI"  send-timeout = 300ms }
END

ask / --raw ''
run_step "header-timeout: silence" within 250 5000
ask /body/hello.sh --piece 10 --pause 60 --duplex
run_step "header-timeout: absolute, not per byte" test "$FIRST_MS" -lt 1500
run_step "in the log" logged 'end=header-timeout'
ask /body/sum.sh --length 1000 -b part
run_step "body-timeout: half a body" within 250 5000
run_step "in the log" logged 'end=body-timeout'
run_step "body-timeout: slow is not silent" answers 200 /body/sum.sh --body-size 5000 --piece 500 --pause 60
run_step "output-timeout: before the header" answers 504 '/output/sleep.sh?20'
run_step "that is" within 250 5000
run_step "the program is gone" poll all_gone "$T/tmp/sleep.20"
ask '/output/begin-sleep.sh?21'
run_step "output-timeout: after the header" within 250 5000
run_step "in the log" logged 'begin-sleep.sh.*end=output-timeout'
ask '/send/big.sh?30000000' --no-read 900
run_step "send-timeout: who does not read is cut off" test "$BODY_LEN" -lt 30000000
run_step "in the log" logged 'end=send-timeout'
run_step "the daemon is well" answers 200 /body/hello.sh
