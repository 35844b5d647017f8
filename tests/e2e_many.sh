#!/bin/sh
# SPDX-License-Identifier: ISC
# Few places: the others wait, none is lost.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
requests-per-worker = 1
map "/cgi/" { directory = "$CGI" }
END
run_step "one at a time" takes 600 5000 scgi '/cgi/sleep.sh?0.2' -n 3 -c 3 --expect-status 200
run_step "many short ones in a row" scgi /cgi/hello.sh -n 100 -c 20 --expect-status 200

start_daemon <<END
workers = 2
requests-per-worker = 4
map "/cgi/" { directory = "$CGI" }
END
run_step "eight at a time" takes 400 2500 scgi '/cgi/sleep.sh?0.2' -n 16 -c 16 --expect-status 200

start_daemon <<END
workers = 2
map "/cgi/" { directory = "$CGI" }
END
run_step "as many as come" takes 500 3000 scgi '/cgi/sleep.sh?0.5' -n 100 -c 100 --expect-status 200
