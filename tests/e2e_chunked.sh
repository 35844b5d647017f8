#!/bin/sh
# SPDX-License-Identifier: ISC
# A program that writes its body in chunks: the client gets what they hold.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
cp "$CGI/raw.sh" "$CGI/nph-raw.sh"
start_daemon <<END
listen = { "$SOCK", "$TCP" }
map "/cgi/" { directory = "$CGI" }
END
head='Content-Type: a/b\r\nTransfer-Encoding: chunked\r\n'
canonical='Status: 200 OK\r\nContent-Type: a/b\r\n'
chunks='\r\n4;x=y\r\nbody\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n'

ask /cgi/raw.sh -b "$head$chunks"
run_step "chunks are put together" reply_is "$canonical\r\nbody0123456789"
ask /cgi/raw.sh -b "${head}Content-Length: 14\r\n$chunks"
run_step "a length beside them is dropped" reply_is "$canonical\r\nbody0123456789"
ask /cgi/drip.pl -b "$head$chunks"
run_step "byte by byte" reply_is "$canonical\r\nbody0123456789"
ask /cgi/raw.sh -X HEAD -b "$head$chunks"
run_step "HEAD" reply_is "$canonical\r\n"
ask /cgi/nph-raw.sh -b "$head$chunks"
run_step "nph-: every byte as it is" reply_is "$head$chunks"

run_step "no chunks: refused" answers 502 /cgi/raw.sh -b "$head\r\nbody"
run_step "and the log says why" logged 'raw.sh: the body is said to be chunked, but is not: "body"'
run_step "another coding: refused" answers 502 /cgi/raw.sh -b 'Content-Type: a/b\nTransfer-Encoding: gzip\n\nx'
run_step "and the log says why" logged 'reason=transfer-coding'

# shellcheck disable=SC2059
{
	printf "$head\r\n30d40\r\n"
	head -c 200000 /dev/zero
	printf '\r\nnonsense'
} >"$T/tmp/long"
ask /cgi/say.sh/long
run_step "too late to refuse: what was good has been sent" test "$BODY_LEN" -gt 100000
run_step "the log has one line, with the bytes" test "$(grep -c 'chunked, but is not: "nonsense"' "$LOG")" = 1
run_step "and the cause beside the status" logged 'path=/cgi/say.sh/long status=200 .*end=bad-reply reason=bad-chunk'
export ADDR="$TCP"
ask /cgi/say.sh/long
run_step "over TCP the client sees that it is not whole" test "$END" = reset
head -c 100000 "$T/tmp/long" >"$T/tmp/short"
ask /cgi/say.sh/short
run_step "nor is it if the program ends too early" test "$END" = reset
run_step "which the log tells apart" logged 'say.sh/short .*reason=chunks-incomplete'
