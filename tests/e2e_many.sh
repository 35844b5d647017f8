#!/bin/sh
# SPDX-License-Identifier: ISC
# Few places: the others wait, none is lost.  That no more run at once is seen by the time it takes
# at least, that no fewer do by programs that wait for each other.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
requests-per-worker = 1
map "/cgi/" { directory = "$CGI" }
END
run_step "one at a time" takes 600 20000 scgi '/cgi/sleep.sh?0.2' -n 3 -c 3 --expect-status 200
run_step "many short ones in a row" scgi /cgi/hello.sh -n 100 -c 20 --expect-status 200

start_daemon <<END
workers = 2
requests-per-worker = 4
map "/cgi/" { directory = "$CGI" }
END
run_step "no more than eight at a time" takes 400 20000 scgi '/cgi/sleep.sh?0.2' -n 16 -c 16 --expect-status 200
run_step "and no fewer" scgi '/cgi/meet.sh?8' -n 8 -c 8 --expect-status 200

start_daemon <<END
workers = 2
map "/cgi/" { directory = "$CGI" }
END
run_step "64 at once by default, the rest later" scgi '/cgi/meet.sh?64' -n 100 -c 100 --expect-status 200

start_daemon <<END
workers = 2
max-processes = 0
map "/cgi/" { directory = "$CGI" }
END
run_step "as many as come" scgi '/cgi/meet.sh?100' -n 100 -c 100 --expect-status 200
