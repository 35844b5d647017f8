#!/bin/sh
# SPDX-License-Identifier: ISC
# A header no one could use: 502, and a line in the log that names the script.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

while IFS='|' read -r what output; do
	run_step "$what" answers 502 /cgi/raw.sh -b "$output"
done <<'END'
Status twice|Status: 200 OK\nStatus: 404 Not Found\n\nbody
an HTTP header|HTTP/1.1 200 OK\nContent-Type: a/b\n\nbody
nothing at all|
no header, a body|just text\nand more\n
no header, HTML|<html><body>hello</body></html>\n
an empty header|\nbody
no end|Content-Type: text/plain\n
no end of a line|Content-Type: text/plain
none of the three fields|X-Foo: bar\n\nbody
a line without colon|Content-Type: a/b\nNoColonHere\n\nbody
a space before the colon|Content-Type: a/b\nX-Foo : bar\n\nbody
a space in the name|Content-Type: a/b\nX Foo: bar\n\nbody
an empty name|Content-Type: a/b\n: bar\n\nbody
a folded line|Content-Type: a/b\nX-Foo: a\n b\n\nbody
a NUL|Content-Type: a/b\nX-Foo: a\0b\n\nbody
a bare CR|Content-Type: a/b\nX-Foo: a\rSet-Cookie: x\n\nbody
a control character|Content-Type: a/b\nX-Foo: a\001b\n\nbody
Status in words|Status: abc\n\nbody
Status too small|Status: 99 Odd\n\nbody
Status interim|Status: 100 Continue\n\nbody
Status too large|Status: 600 Odd\n\nbody
Status with four digits|Status: 2000 OK\n\nbody
Status empty|Status:\n\nbody
Status negative|Status: -200 OK\n\nbody
END
run_step "the answer is text" has '^Content-Type: text/plain'
run_step "with its code" has '502'
run_step "the log names the script" logged 'raw.sh.*'
run_step "and escapes the bytes" logged 'NoColonHere'
run_step "exit status without a word" answers 502 '/cgi/nothing.sh?3'
run_step "is logged" logged 'nothing.sh.*exit=3'
run_step "the daemon is well" answers 200 /cgi/hello.sh
