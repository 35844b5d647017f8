#!/bin/sh
# SPDX-License-Identifier: ISC
# What is not SCGI ends its own connection and nothing else.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
header-timeout = 1s
map "/cgi/" { directory = "$CGI" }
END
WORKERS=$(workers)

scgi "/cgi/sleep.sh?1" -q --expect-status 200 &
BYSTANDER=$!
for bytes in x 'GET / HTTP/1.0\r\n\r\n' '\0\0\0' ':' ',' '0:,' '00:,' '-1:,' '5:abcde;' \
    '3:a\0b,' '2:\0\0,' '6:a\0b\0c\0,' '\377\376' '1 :a,' ' 4:a\0b\0,' '\x16\x03\x01\x02'; do
	run_step "refused: $bytes" answers 400 / --raw="$bytes" --half-close
done
run_step "refused: a header larger than any" answers 431 / --raw 99999999999999999999: --half-close
run_step "nothing at all, and gone" scgi / --raw '' --half-close -q
run_step "left in the middle of a header" scgi /cgi/env.sh --stop-at 40 --leave 0 --reset -q
run_step "left in the middle of a body" scgi /cgi/sum.sh --length 100 -b abc --leave 0 -q
run_step "another's request was not touched" wait "$BYSTANDER"
run_step "nor a worker lost" test "$WORKERS" = "$(workers)"
run_step "the daemon is well" answers 200 /cgi/hello.sh
