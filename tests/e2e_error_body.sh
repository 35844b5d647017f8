#!/bin/sh
# SPDX-License-Identifier: ISC
# What our own answers tell the client, and what the log says either way.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"   { directory = "$CGI" }
map "/quiet/" { directory = "$CGI"  error-body = brief }
END

run_step "by default an answer gives its reason" answers 404 /cgi/missing
run_step "in its body" body_is '404 Not Found\n\nno such script\n'
run_step "with these fields and no others" reply_is 'Status: 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 30\r\nX-Content-Type-Options: nosniff\r\n\r\n404 Not Found\n\nno such script\n'
run_step "and the log has a word for it" \
    logged 'map=/cgi/ .*status=404 .*end=refused reason=no-script why="no such script"'
run_step "brief ones give the code alone" answers 404 /quiet/missing
run_step "and no more" body_is '404 Not Found\n'
run_step "while the log says it all" \
    logged 'map=/quiet/ .*status=404 .*end=refused reason=no-script why="no such script"'
run_step "a program's own answer is not touched" answers 200 /quiet/hello.sh
run_step "nor is there a reason for it in the log" \
    logged 'map=/quiet/ .*status=200 .*end=done$'
