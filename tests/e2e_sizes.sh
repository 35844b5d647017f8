#!/bin/sh
# SPDX-License-Identifier: ISC
# Every amount has a bound.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
max-header = 4k
max-field = 1k
map "/cgi/"   { directory = "$CGI" }
map "/small/" { directory = "$CGI"  max-body = 1k  max-response-header = 2k }
END
field=$(printf '%01000d' 0)

run_step "max-body: as much" answers 200 /small/sum.sh --body-size 1024
run_step "whole" has "^sum=$SENT$"
run_step "one more" answers 413 /small/sum.sh --body-size 1025
run_step "much more" answers 413 /small/sum.sh --body-size 3000000
run_step "merely announced" answers 413 /small/sum.sh --length 99999999999
run_step "none by default" answers 200 /cgi/sum.sh --body-size 3000000
run_step "max-field: as much" answers 200 /cgi/env.sh -H "X: $field"
run_step "more" answers 431 /cgi/env.sh -H "X: $field$field"
run_step "a long name" answers 431 /cgi/env.sh -a "HTTP_$field$field=x"
run_step "a long path" answers 431 "/cgi/env.sh/$field$field"
run_step "max-header" answers 431 /cgi/env.sh -H "A: $field" -H "B: $field" -H "C: $field" -H "D: $field" -H "E: $field"
run_step "merely announced" answers 431 / --raw '100000:' --half-close
run_step "max-response-header: as much" answers 200 '/small/big-header.sh?1500'
run_step "more" answers 502 '/small/big-header.sh?3000'
run_step "much more" answers 502 '/cgi/big-header.sh?200000'
run_step "the log names the script" logged 'big-header.sh'
