#!/bin/sh
# SPDX-License-Identifier: ISC
# The plain case: a request comes in, a program runs, its reply goes out.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

ask /cgi/hello.sh
run_step "a shell script answers" reply_is 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\n'
run_step "the reply is prompt" within 0 1000
run_step "a Perl script answers" answers 200 /cgi/hello.pl
run_step "with its text" body_is 'hello from Perl\n'
run_step "a Python script answers" answers 200 /cgi/hello.py
run_step "with its text" body_is 'hello from Python\n'

run_step "a body goes in and comes back" answers 200 /cgi/raw.sh -b 'Content-Type: a/b\n\nwhole\r\n\0\377'
run_step "byte by byte the same" body_is 'whole\r\n\0\377'
run_step "a megabyte is whole" answers 200 /cgi/sum.sh --body-size 1000000
run_step "to the last byte" has "^sum=$SENT$"

head -c 3000000 /dev/urandom >"$T/tmp/random"
run_step "3 MB come back" answers 200 "/cgi/file.sh?random"
run_step "unchanged" test "$SHA" = "$(sha1sum <"$T/tmp/random" | cut -d' ' -f1)"
run_step "HEAD has a header" answers 200 /cgi/hello.sh -X HEAD
run_step "and no body" body_is ''

run_step "300 requests, 10 at a time" scgi /cgi/hello.sh -n 300 -c 10 --expect-status 200
run_step "requests overlap" scgi '/cgi/meet.sh?10' -n 10 -c 10 --expect-status 200
