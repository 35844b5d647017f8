#!/bin/sh
# SPDX-License-Identifier: ISC
# From what a program says to a canonical reply.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"   { directory = "$CGI" }
map "/http/"  { directory = "$CGI"  response = http }
map "/accel/" { directory = "$CGI"  x-accel = yes }
END
says() { ask /cgi/raw.sh -b "$1"; }

says 'Content-Type: text/plain\n\nbody'
run_step "Status first, CRLF throughout" reply_is 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nbody'
says 'content-type: a/b\r\nSTATUS:  418   I am \r\nX-Thing:\tvalue\r\n\r\nbody\r\n'
run_step "names in any case" is 418
run_step "Status in front" test "$(head -n 1 "$T/reply" | tr -d '\r')" = 'Status: 418 I am'
run_step "once" test "$(grep -aci '^status:' "$T/reply")" = 1
run_step "the body as it is" body_is 'body\r\n'
says 'Status: 404\n\n'
run_step "a reason is added" has '^Status: 404 Not Found$'
says 'Status: 304 Not Modified\nETag: "x"\n\n'
run_step "no Content-Type is needed" is 304
says 'Content-Type: a/b\nSet-Cookie: a=1\nSet-Cookie: b=2\nX-Empty:\n\n'
run_step "two of a name" test "$(grep -ac '^Set-Cookie: ' "$T/reply")" = 2
says 'Content-Type: a/b\nConnection: close\nKeep-Alive: 5\nUpgrade: x\nTE: x
Trailer: x\nProxy-Authenticate: x\nX-CGI-Thing: x\nX-Accel-Redirect: /etc\nX-Accel-Buffering: no\nX-Sendfile: /etc
X-Kept: yes\n\nbody'
run_step "what is not a program's to say is dropped" \
    lacks '^\(Connection\|Keep-Alive\|Upgrade\|TE\|Trailer\|Proxy\|X-CGI\|X-Accel\|X-Sendfile\)'
run_step "the rest is kept" has '^X-Kept: yes$'
ask /accel/raw.sh -b 'Content-Type: a/b\nX-Accel-Redirect: /there\n\n'
run_step "unless it may" has '^X-Accel-Redirect: /there$'
ask /http/raw.sh -b 'Content-Type: a/b\nStatus: 404\n\nbody'
run_step "an HTTP status line where asked for" test "$(head -n 1 "$T/reply" | tr -d '\r')" = 'HTTP/1.1 404 Not Found'
run_step "and no other" lacks '^[Ss]tatus:'
ask /http/none.sh
run_step "in our own answers too" has '^HTTP/1.1 404 '
ask /cgi/drip.pl -b 'Content-Type: a/b\r\nStatus: 201 Made\r\nX-A: 1\r\n\r\nbody'
run_step "a header byte by byte" reply_is 'Status: 201 Made\r\nContent-Type: a/b\r\nX-A: 1\r\n\r\nbody'
ask '/cgi/big-header.sh?60000'
run_step "a large header" is 200
