#!/bin/sh
# SPDX-License-Identifier: ISC
# Which replies scgi-request takes for good: those that every web server passes on
# as they are meant. An NPH program sends them; nothing of ours mends them.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

# judged STATUS PATTERN REPLY: --check exits so for this reply, printf escapes understood.
judged() {
	# shellcheck disable=SC2059
	printf "$3" >"$T/tmp/nph"
	request "$1" --check -s "$SOCK" /cgi/nph-raw.sh --body "$T/tmp/nph" && [ "$(wc -l <"$T/reply")" -eq 1 ] && has "$2"
}
# bad WHY REPLY: critical, and why.
bad() { judged 2 "^SCGI CRITICAL - .*: bad reply, .*: $1 |" "$2"; }

run_step "a status of 000" bad 'the status is not from 200 to 599' 'Status: 000 Nope\n\n'
run_step "which no second one mends" bad 'the status is not from 200 to 599' 'Status: 000\nStatus: 200 OK\n\n'
run_step "no final status" bad 'the status is not from 200 to 599' 'Status: 100 Continue\r\n\r\n'
run_step "nor as HTTP" bad 'the status is not from 200 to 599' 'HTTP/1.1 100 Continue\r\n\r\n'
run_step "a blank before the colon" bad 'a header name that is none' 'Status : 500 x\r\n\r\n'
run_step "a NUL in a name" bad 'a control character in the header' 'Status: 200 OK\r\nA\000B: c\r\n\r\n'
run_step "an escape sequence" bad 'a control character in the header' 'Status: 200 \033[1mOK\r\n\r\n'
run_step "a bare CR" bad 'a control character in the header' 'Status: 200 OK\r\nA: b\rC: d\r\n\r\n'
run_step "a folded line" bad 'a header line that begins with a blank' 'Status: 200 OK\r\nA: b\r\n c\r\n\r\n'
run_step "a header of nothing" bad 'a header without a line' '\n'

run_step "a blank behind the length" judged 0 '^SCGI OK - 200 OK' 'Content-Length: 5 \r\n\r\nbytes'
run_step "which counts all the same" judged 2 'body has 4 of 5 bytes' 'Content-Length: 5 \r\n\r\nbyte'
run_step "no content has no length" judged 0 '^SCGI OK - 204 No Content' 'Status: 204 No Content\r\nContent-Length: 5\r\n\r\n'
run_step "nor has what is not modified" judged 0 '^SCGI OK - 304' 'Status: 304 Not Modified\r\nContent-Length: 5\r\n\r\n'

run_step "HEAD has a length without a body" request 0 -I -s "$SOCK" '/cgi/promise.sh'
"$REQUEST" -I --print '/cgi/promise.sh' >"$T/raw"
run_step "also if it is recorded" request 0 -s "$SOCK" --raw "$T/raw"
run_step "and is promised one" has '^Content-Length: [1-9]'
run_step "or is a parameter" request 0 -s "$SOCK" -P REQUEST_METHOD=HEAD '/cgi/promise.sh'
run_step "in any spelling" request 0 -s "$SOCK" -P request-method=HEAD '/cgi/promise.sh'
printf 'Content-Length: 9\r\n\r\ncut' >"$T/tmp/nph"
run_step "the last spelling counts" request 2 -s "$SOCK" -X HEAD -P request-method=POST /cgi/nph-raw.sh --body "$T/tmp/nph"
run_step "and POST wants all of it" says 'body has 3 of 9 bytes'

# Another server takes what ours would not, and answers too little.
"$PYTHON" -S -E -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
for i in range(2):
    c = s.accept()[0]
    c.recv(9999)
    c.sendall(b"Content-Length: 9\r\n\r\ncut")
    c.close()' "$T/other" &
LEFT_PIDS="$LEFT_PIDS $!"
poll test -S "$T/other"
run_step "a request's answer is too short there, too" request 2 -s "$T/other" /
printf 'HEAD / HTTP/1.0\r\n\r\n' >"$T/raw"
run_step "that of something else is not judged" request 0 -s "$T/other" --raw "$T/raw"
