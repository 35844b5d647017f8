#!/bin/sh
# SPDX-License-Identifier: ISC
# A reply and an upload of 1 GB each, with flat memory (nginx-cgi 0.14 grows).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

GB=1073741824
start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END
peak() { awk '/^VmHWM:/ { print $2 }' "/proc/$(workers | tr -d ' ')/status"; }
flat() { grep -qa __asan "$DAEMON" || [ "$(peak)" -lt $((before + 2000)) ]; }

ask /cgi/hello.sh
before=$(peak)
ask "/cgi/big.sh?$GB" -q --timeout 60
run_step "a reply of 1 GB" is 200
run_step "is complete" test "$BODY_LEN" = $GB
note "in $MS ms"
run_step "memory is flat" flat
ask /cgi/sum.sh --body-size $GB --timeout 60
run_step "an upload of 1 GB" is 200
run_step "is complete" has "^sum=$SENT$"
note "in $MS ms"
run_step "memory is flat" flat
note "peak before: $before kB, after: $(peak) kB"
