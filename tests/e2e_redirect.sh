#!/bin/sh
# SPDX-License-Identifier: ISC
# Location, with and without Status; and programs that do their own header.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"    { directory = "$CGI" }
map "/client/" { directory = "$CGI"  local-redirect = client }
map "/own"     { program = "$CGI/raw.sh"  nph = yes }
END
says() { ask /cgi/raw.sh -b "$1"; }

says 'Location: http://x.example/a?b\n\n'
run_step "an absolute one alone is 302" has '^Status: 302 Found$'
run_step "kept" has '^Location: http://x.example/a?b$'
says 'Location: https://x.example/\nContent-Type: a/b\n\nbody'
run_step "also with a body" is 302
says 'Status: 301 Moved\nLocation: http://x.example/\nContent-Type: a/b\n\ngone there'
run_step "with a Status it is passed on" has '^Status: 301 Moved$'
run_step "with its body" body_is 'gone there'
says 'Status: 201 Created\nLocation: /new/thing\nContent-Type: a/b\n\n'
run_step "so is a path with a Status" has '^Location: /new/thing$'
says 'Location: /local/path?x=1\n\n'
run_step "a path alone is the front end's to follow" has '^X-Accel-Redirect: /local/path?x=1$'
run_step "and no client's" lacks '^Location:'
ask /client/raw.sh -b 'Location: /local/path\n\n'
run_step "unless configured" is 302
run_step "then it is" has '^Location: /local/path$'
says 'Location: http://x.example/\rSet-Cookie: evil\n\n'
run_step "no splitting" is 502

ask /cgi/nph-raw.sh -b 'HTTP/1.0 299 Own\nOdd Header\nno end \0'
run_step "nph-: every byte as it is" reply_is 'HTTP/1.0 299 Own\nOdd Header\nno end \0'
ask /own -b 'HTTP/1.1 200 OK\r\n\r\nmine'
run_step "nph = yes: the same" reply_is 'HTTP/1.1 200 OK\r\n\r\nmine'
