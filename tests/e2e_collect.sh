#!/bin/sh
# SPDX-License-Identifier: ISC
# request-body = spool: a program starts when its input is whole, as a file.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir "$T/closed"
chmod 555 "$T/closed"
start_daemon <<END
body-timeout = 500ms
max-processes = 1
map "/cgi/"    { directory = "$CGI"  request-body = spool }
map "/stream/" { directory = "$CGI" }
END

# collects SIZE: a body of so many bytes, which is read right, and could be sought in.
collects() {
	answers 200 "/cgi/seek.py?$1" --body-size "$1" --duplex || return 1
	has "^size=$1 read=$1 length=$1 sum=$(summary sent)"
}
summary() { tr ' ' '\n' <"$T/summary" | sed -n "s/^$1=//p"; }

run_step "one byte" collects 1
run_step "as much as is kept in memory" collects 65536
run_step "one more" collects 65537
run_step "a lot" collects 3000000
run_step "in many pieces" answers 200 '/cgi/seek.py?pieces' -b 0123456789 --piece 1 --pause 5
run_step "in the end all of it" has "size=10 read=10 .*tail=b'6789'"
run_step "none: nothing to seek in" answers 200 '/cgi/seek.py?none'
run_step "but an end" has 'read=0 length=None'
run_step "otherwise it is a pipe" answers 200 '/stream/seek.py?pipe' -b 0123456789
run_step "which it reads" has '^size=-1 read=10 '

scgi '/cgi/seek.py?slow' --body-size 100000 --piece 10000 --pause 100 --expect-status 200 -q &
client=$!
run_step "while one is slow to send, another has the only place" answers 200 /cgi/hello.sh
run_step "the slow one's program has not started" no_files "$T/tmp/seek.slow"
run_step "but does, in the end" wait $client

ask '/cgi/seek.py?short' --body-size 100000 --stop-at 50000 --half-close
run_step "a body that ends short" logged 'seek.py .*end=client-gone'
run_step "starts nothing" no_files "$T/tmp/seek.short"
ask '/cgi/seek.py?stalled' --body-size 100000 --stop-at 50000
run_step "one that stalls" is 408
run_step "neither" no_files "$T/tmp/seek.stalled"
run_step "a program that answers first" answers 200 '/cgi/flood-first.sh' --body-size 300000
run_step "a program that does not read" answers 403 '/cgi/ignore.sh' --body-size 300000 --duplex

start_daemon <<END
spool-directory = "$T/closed"
map "/cgi/" { directory = "$CGI"  request-body = spool }
END
run_step "no room in the spool" answers 507 '/cgi/seek.py?full' --body-size 100000
run_step "is told" logged "cannot spool the body in $T/closed"
run_step "and starts nothing" no_files "$T/tmp/seek.full"
run_step "what fits into memory is served" answers 200 '/cgi/seek.py?small' --body-size 60000
