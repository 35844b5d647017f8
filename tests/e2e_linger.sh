#!/bin/sh
# SPDX-License-Identifier: ISC
# An answer sent before the body was read must arrive; but nobody may talk for ever.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
start_daemon <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
linger-timeout = 400ms
map "/cgi/"   { directory = "$CGI" }
map "/small/" { directory = "$CGI"  max-body = 1k }
END

for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
	for try in 1 2 3 4 5; do
		run_step "$ADDR $try: 413 to 3 MB" answers 413 /small/sum.sh --body-size 3000000
		run_step "$ADDR $try: 404 to 3 MB" answers 404 /cgi/none.sh --body-size 3000000
	done
	ask /cgi/none.sh --length 999999999 -b x --keep-sending --duplex --timeout 5
	run_step "$ADDR: who goes on and on is cut off" test "$SEND" = refused
	run_step "$ADDR: in time" within 200 2500
	run_step "$ADDR: but has his answer" test "$STATUS" = 404
done
