#!/bin/sh
# SPDX-License-Identifier: ISC
# Bugs of other gateways and servers that have no script of their own here, a step for each; HACKING
# has the list.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

descriptors 2600
PORT=$(free_port)
start_daemon <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
workers = 1
requests-per-worker = 1300
header-timeout = 500ms
linger-timeout = 300ms
kill-grace = 200ms
map "/cgi/"  { directory = "$CGI" }
map "/slow/" { directory = "$CGI"  body-timeout = 300ms  output-timeout = 300ms }
END
WORKER=$(workers)
cp "$BUILD/tests/inside" "$CGI/inside"
as_before() { [ "$(open_files "$WORKER")" -le "$before" ]; }
beyond() { [ "$(open_files "$WORKER")" -gt "$1" ]; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
ask /cgi/hello.sh
before=$(files_at_rest "$WORKER")

# Programs and pipes
run_step "CVE-2014-0231: programs that do not read, ten of them" \
    scgi /cgi/ignore.sh --body-size 300000 -n 10 -c 10 --expect-status 403
run_step "CVE-2014-0231, msg09189: output before input" answers 200 /cgi/flood-first.sh --body-size 300000 --duplex
run_step "CVE-2014-0231: nor do those hang that wait for ever" answers 504 '/slow/sleep.sh?20' --body-size 300000
scgi '/cgi/sleep.sh?0.6' --expect-status 200 -q &
sleeper=$!
poll noted sleep.0.6
run_step "scgi-cgi, pipes without CLOEXEC: a program while another runs" answers 200 /cgi/inside
run_step "has none of its descriptors" test "$(grep -ac '^fd' "$T/reply")" = 3
run_step "nor does it keep the other's answer open" wait "$sleeper"

# Lengths and numbers of descriptors
for raw in 4294967295: 4294967296:x 18446744073709551615: 18446744073709551616:x 99999999999999999999999999:; do
	run_step "CVE-2025-23016: a length of $raw" answers 431 / --raw "$raw" --half-close
done
for length in 2147483648 4294967296 18446744073709551615 18446744073709551616; do
	run_step "CVE-2025-23016: CONTENT_LENGTH $length" answers '[24]0[0-9]' /slow/hello.sh --length $length -b x
done
{ exec "$PYTHON" -S -E "$TESTS/scgi_client.py" "$ADDR" --idle 1100 >"$T/idle"; } &
idle=$!
poll grep -q ready "$T/idle"
run_step "CVE-2012-6687: descriptors beyond 1024" poll beyond 1024
run_step "serve" answers 200 /cgi/sum.sh -b body
end_process $idle

# Slots, clocks, waiting
for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
	scgi /cgi/hello.sh --half-close -n 20 -c 20 --expect-status 200
	scgi /cgi/hello.sh --stop-at 30 --half-close -n 20 -c 20
	scgi /cgi/sum.sh --length 10 -b x --half-close -n 20 -c 20
done >/dev/null
ADDR=$SOCK
run_step "CVE-2022-41556: half-closed clients leave no slot taken" poll as_before
# A busy machine may be late once, but hardly each time.
once() { answers 408 / --raw '99:x' && within 450 950; }
run_step "PR 64709: a time limit counts once" eval 'once || once || once || once || once'
kill -STOP "$WORKER"
scgi /cgi/hello.sh -n 200 -c 200 --expect-status 200 >"$T/many" &
many=$!
queued() { [ "$(grep -c "$SOCK" /proc/net/unix)" -gt 200 ]; }
run_step "slowcgi, listen(5): two hundred wait in the queue" poll queued
kill -CONT "$WORKER"
run_step "and are served" wait $many

# Names
run_step "lighttpd 170db8fe: X_Forwarded_For" answers 200 /cgi/env.sh -a HTTP_X_FORWARDED_FOR=192.0.2.1 -a HTTP_X-FORWARDED-FOR=evil
run_step "is added, not put in the place of the other" has '^HTTP_X_FORWARDED_FOR=192.0.2.1, evil$'
run_step "nginx d8d092a49: HTTP_HOST is the client's word" answers 200 /cgi/env.sh -p HTTP_HOST=evil.example -p SERVER_NAME=ours.example
run_step "SERVER_NAME is not" has '^SERVER_NAME=ours.example$'

# Answers
says() { ask /cgi/raw.sh -b "$1"; }
says 'Content-Type: a/b\nX-A: a\rTransfer-Encoding: chunked\n\nbody'
run_step "CVE-2024-24795: a bare CR in a field" is 502
says 'Content-Type: a/b\nContent-Length: 4\nContent-Length: 5\n\nbody!'
run_step "CVE-2024-24795: two lengths" is 502
says 'Content-Type: a/b\nX-A: a\0b\n\nbody'
run_step "CVE-2023-38709: a NUL in a field" is 502
says 'Content-Type: a/b\nSet-Cookie: a\n\tX-B: b\n\nbody'
run_step "PR 68970: a field that goes on in the next line" is 502
says 'Content-Type: a/b\nX-Accel-Redirect: /internal\nX-Sendfile: /etc/passwd\n\nbody'
run_step "CVE-2024-38476: fields that make the front end do something" is 200
run_step "are not passed" lacks '^X-\(Accel\|Sendfile\)'
ask /cgi/drip.pl -b 'Content-Type: a/b\nX-A: a\nStatus: 201 Made\n\nbody'
run_step "CVE-2026-42946: one canonical block, its status first" reply_is 'Status: 201 Made\r\nContent-Type: a/b\r\nX-A: a\r\n\r\nbody'
says 'Status: 200 OK\n\n<script>evil()</script>'
run_step "CVE-2020-24553: a body without a type" has '^Status: '
run_step "is never taken for HTML" lacks '^Content-Type: text/html'
ask /cgi/die.sh
run_step "scgi-cgi, a NUL in the 503: an answer of ours" is '50[0-9]'
run_step "is text" test "$(tr -d '\0' <"$T/reply" | wc -c)" = "$(wc -c <"$T/reply")"

# What ends a daemon
for signal in PIPE HUP USR1 USR2; do
	kill -$signal "$WORKER"
done
for raw in '\377' '' ':' '1:' '9:abc' 'GET / HTTP/1.1\r\n\r\n' '24:CONTENT_LENGTH\0000\0SCGI\0001\0;'; do
	scgi / --raw "$raw" --half-close -q
	scgi / --raw "$raw" --leave 0 --reset -q
done
run_step "GLSA 200708-11, scgi-cgi's assert, slowcgi's err(), SIGPIPE: all the while the same worker" \
    test "$WORKER" = "$(workers)"
run_step "serves" answers 200 /cgi/hello.sh
start=$(ticks "$WORKER") master=$(ticks "$DAEMON_PID")
mv "$SOCK" "$SOCK.away"
run_step "fcgiwrap, spins without its socket: nobody connects" fails scgi /cgi/hello.sh -q
export ADDR="127.0.0.1:$PORT"
run_step "but at the other door" takes 400 3000 scgi '/cgi/sleep.sh?0.5' --expect-status 200 -q
run_step "it does not spin" test $(($(ticks "$WORKER") - start + $(ticks "$DAEMON_PID") - master)) -lt 20
