#!/bin/sh
# SPDX-License-Identifier: ISC
# RFC 3875, sections 5 to 9: what becomes of a program's output, section by section.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
max-header = 64k
map "/cgi/"  { directory = "$CGI" }
map "/nph/"  { directory = "$CGI"  nph = yes }
map "/slow/" { directory = "$CGI"  output-timeout = 300ms }
END
says() { ask /cgi/raw.sh -b "$1"; }
type='Content-Type: a/b; charset="X"\n'
canonical='Status: 200 OK\r\nContent-Type: a/b; charset="X"\r\n'
cp "$CGI/begin-sleep.sh" "$CGI/nph-begin-sleep.sh"
cat >"$CGI/files.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\n'
exec ls -l /proc/self/fd
END
chmod 755 "$CGI/files.sh"

ask /cgi/nph-raw.sh -b 'HTTP/1.0 299 Own\nOdd Header\nno end \0'
run_step "5.1 a name that begins with nph- says what it is" reply_is 'HTTP/1.0 299 Own\nOdd Header\nno end \0'
ask /nph/raw.sh -b 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\377'
run_step "5.1 so does the configuration" reply_is 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\377'
ask '/cgi/nph-begin-sleep.sh?0.8'
run_step "5.2 such output is not touched" reply_is 'Content-Type: text/plain\n\nbegun\nended\n'
run_step "5.2 and not held back" test $((MS - FIRST_MS)) -ge 200

run_step "6.1 an empty response is none" answers 502 /cgi/nothing.sh
run_step "6.1 a silent program is ended" answers 504 '/slow/sleep.sh?9'
run_step "6.1 soon" poll gone "$(cat "$T/tmp/sleep.9")"
says "$type\nbody"
run_step "6.2.1 a document, 200 if it does not say otherwise" reply_is "$canonical\r\nbody"
says "${type}Status: 404 Nowhere\n\nbody"
run_step "6.2.1 it may" has '^Status: 404 Nowhere$'
says 'Location: /cgi/hello.sh?a=b\n\n'
run_step "6.2.2 nginx is asked for what a local redirect means" \
    reply_is 'Status: 200 OK\r\nX-Accel-Redirect: /cgi/hello.sh?a=b\r\n\r\n'
says 'Location: http://x.example/a\nX-CGI-A: b\n\n'
run_step "6.2.3 a client redirect is 302 Found" \
    reply_is 'Status: 302 Found\r\nLocation: http://x.example/a\r\n\r\n'
says "Location: http://x.example/a\nStatus: 307 There\n${type}X: y\n\nthere"
run_step "6.2.4 one with a document is as it says" reply_is \
    'Status: 307 There\r\nContent-Type: a/b; charset="X"\r\nLocation: http://x.example/a\r\nX: y\r\n\r\nthere'

while IFS='|' read -r what output; do
	run_step "6.3 refused: $what" answers 502 /cgi/raw.sh -b "$output"
done <<'END'
no CGI field|X: y\n\nbody
one twice|Content-Type: a/b\nContent-type: c/d\n\nbody
a continuation line|Content-Type: a/b\nX: y\n z\n\nbody
space before the colon|Content-Type : a/b\n\nbody
no token|Content-Type: a/b\nX(: y\n\nbody
END
says "cONTENT-tYPE:a/b\nsTATUS: 201 Made\nLocation:\n\n"
run_step "6.3 names in any case, an empty field is none" reply_is 'Status: 201 Made\r\nContent-Type: a/b\r\n\r\n'
says "$type\n<html>"
run_step "6.3.1 a Content-Type is passed as it is" has '^Content-Type: a/b; charset="X"$'
says 'Status: 200 OK\n\n<html>'
run_step "6.3.1 and none is guessed" lacks '^Content-Type'
says 'Location: x-scheme.2:/y#z\n\n'
run_step "6.3.2 an absolute URI, fragment and all, is for the client" has '^Location: x-scheme.2:/y#z$'
says 'Location: //x.example/\n\n'
run_step "6.3.2 two slashes name a host, and no path" has '^Status: 302 Found$'
says 'Status: 404\n\n'
run_step "6.3.3 a Status without words gets them" has '^Status: 404 Not Found$'
run_step "6.3.3 one of four digits is none" answers 502 /cgi/raw.sh -b 'Status: 2000 OK\n\n'
says "${type}X: y\n\nbody\n"
run_step "6.3.4 LF in the header becomes CRLF, and stays LF in the body" reply_is "${canonical}X: y\r\n\r\nbody\n"
says "${type}Connection: x\nKeep-Alive: x\nProxy-Connection: x\nTE: x\nTrailer: x\nUpgrade: x\n\nbody"
run_step "6.3.4 what concerns the connection is removed" reply_is "$canonical\r\nbody"
says "${type}Content-Length: 9\nTransfer-Encoding: chunked\n\n4\r\nbody\r\n0\r\n\r\n"
run_step "6.3.4 of a length and chunks, the chunks are right" reply_is "$canonical\r\nbody"
says "${type}X-CGI-Some: thing\n\nbody"
run_step "6.3.5 X-CGI- is not for the client" reply_is "$canonical\r\nbody"
says "$type\n\0\r\n\r\n\377\n"
run_step "6.4 the body is passed as it is" reply_is "$canonical\r\n\0\r\n\r\n\377\n"
run_step "6.4 what is discarded is read to its end, too" answers 200 '/cgi/big.sh?1000000' -X HEAD
run_step "6.4 so that the program ends well" logged 'big.sh .*exit=0 '

ask /cgi/self.sh
run_step "7.2 it starts in its directory" has "^pwd=$CGI$"
run_step "7.2 without arguments" has '^args=0:$'
says 'Content-Type: a/b; charset="X"\r\nX: y\n\r\nbody'
run_step "7.2 lines end in LF or CRLF" reply_is "${canonical}X: y\r\n\r\nbody"

ask / -p DOCUMENT_URI=/cgi//env.sh//a/./b
run_step "8.1 empty segments and dots are left to the program" has '^PATH_INFO=//a/./b$'
run_step "8.1 two dots are refused" answers 400 / -p DOCUMENT_URI=/cgi/env.sh/../b
run_step "8.1 there is a limit to the header" answers 431 /cgi/env.sh -H "X: $(printf '%070000d' 0)"
ask /cgi/env.sh -H 'Authorization: Basic eA=='
run_step "9.2 passwords are not passed on" lacks 'eA=='
ask /cgi/files.sh
run_step "9.5 a program has a pipe to write to" has ' 1 -> pipe:'
run_step "9.5 and nothing of the server's" lacks 'socket:\|anon_inode:\|/log$'
run_step "9.6 a long header" answers 200 '/cgi/big-header.sh?60000'
ask '/cgi/big.sh?3000000'
run_step "9.6 a long body" test "$BODY_LEN" = 3000000
ask / --bare -p REQUEST_METHOD=GET -p 'REQUEST_URI=/cgi/env.sh/%2e%2e/hello.sh/a'
run_step "9.8 dots are resolved before the path is split" has '^hello$'
run_step "9.8 and never lead out" answers 400 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=/cgi/../../etc/passwd
