#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-request as a monitoring plugin, and asking many times.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

# plugin STATUS PATTERN OPTION...: its exit status, and its only line.
plugin() {
	p_status=$1 p_line=$2
	shift 2
	request "$p_status" --check -s "$SOCK" "$@" && [ ! -s "$T/summary" ] && [ "$(wc -l <"$T/reply")" -eq 1 ] && has "$p_line"
}

run_step "all is well" plugin 0 '^SCGI OK - 200 OK, 50 bytes in 0\.[0-9]* s | time=0\.[0-9]*s;;;0 size=50B;;;0$' /cgi/hello.sh
run_step "with limits" plugin 0 ' | time=0\.[0-9]*s;9\.000;10\.500;0 ' /cgi/hello.sh --warn 9s --crit=10500ms
run_step "slow" plugin 1 '^SCGI WARNING - 200 OK, slow, .*;0\.100;5\.000;0 ' "/cgi/sleep.sh?0.2" --warn 100ms --crit 5s
run_step "too slow" plugin 2 '^SCGI CRITICAL - 200 OK, slow, ' "/cgi/sleep.sh?0.2" --warn 50ms --crit 100ms
run_step "not found" plugin 1 '^SCGI WARNING - 404 Not Found, ' /cgi/missing.sh
run_step "as it should be" plugin 0 '^SCGI OK - 404 Not Found, ' /cgi/missing.sh --expect 404
run_step "found" plugin 2 '^SCGI CRITICAL - 200 OK, not the status expected, ' /cgi/hello.sh --expect=404,5xx
run_step "a dead program" plugin 2 '^SCGI CRITICAL - 502 Bad Gateway, ' "/cgi/die.sh?KILL"
run_step "the text is there" plugin 0 'OK' /cgi/drip.pl -d "Content-Type: text/plain

needle" --expect-text needle
run_step "it is not" plugin 2 'CRITICAL - 200 OK, the text expected is not' /cgi/hello.sh --expect-text=needle
run_step "no time" plugin 2 '^SCGI CRITICAL - .*no answer after 100 ms' "/cgi/sleep.sh?5" --timeout 100ms
run_step "no daemon" plugin 2 '^SCGI CRITICAL - cannot connect to .*: No such file' /cgi/hello.sh -s "$T/none"
run_step "no URL" plugin 3 '^SCGI UNKNOWN - no URL'
run_step "a bad limit" plugin 3 '^SCGI UNKNOWN - --warn 5x: ' /cgi/hello.sh --warn 5x
run_step "no second bar from outside" plugin 2 '^SCGI CRITICAL - [^|]* | time=[^|]*$' -s "$T/a|b" /
run_step "an abbreviation is --check, too" request 3 --chec / --expect 20
run_step "with its line" has '^SCGI UNKNOWN - --expect 20: '
run_step "so is one that is too much" request 3 --check=yes
run_step "likewise" has '^SCGI UNKNOWN - '
run_step "a value is no option" request 64 -d --check
run_step "likewise" says 'no URL'
run_step "an answer on a full disk" plugin 3 '^SCGI UNKNOWN - cannot write /dev/full: No space' /cgi/hello.sh -o /dev/full
run_step "an answer in a file" plugin 0 '^SCGI OK - ' /cgi/hello.sh -i -o "$T/tmp/out"
run_step "with its header" grep -q '^Status: 200 OK' "$T/tmp/out"
unseen() { "$REQUEST" --check -s "$SOCK" /cgi/hello.sh >/dev/full 2>"$T/summary"; [ $? -eq 3 ]; }
run_step "a line that nobody sees" unseen
run_step "is not OK" says 'cannot write the status line: No space'

run_step "100 requests, 10 at a time" request 0 -s "$SOCK" /cgi/hello.sh --repeat 100 --concurrency 10
run_step "are counted" holds <<END
requests 100
status 200 100
failed 0
END
run_step "and timed" has '^latency ms min [0-9.]* p50 [0-9.]* p90 [0-9.]* p99 [0-9.]* max [0-9.]*$'
run_step "at the same time" request 0 -s "$SOCK" '/cgi/meet.sh?10' --repeat 10 --concurrency 10
run_step "one after the other" takes 400 20000 request 0 -s "$SOCK" "/cgi/sleep.sh?0.1" --repeat 4
run_step "a body each" request 0 -s "$SOCK" /cgi/sum.sh -d again --repeat=5 --concurrency=2
run_step "errors" request 1 -s "$SOCK" /cgi/missing.sh --repeat 5
run_step "are failures" has '^failed 5$'
run_step "unless expected" request 0 -s "$SOCK" /cgi/missing.sh --repeat 5 --expect 404
run_step "no answer" request 2 -s "$SOCK" "/cgi/sleep.sh?5" --repeat 3 --concurrency 3 --timeout 100ms
run_step "has its reason" has '^failed for "timeout" 3$'
run_step "and no latency" lacks latency
limited() { prlimit --nofile=64:1024 "$REQUEST" -s "$SOCK" "$@" >"$T/reply" 2>&1; }
run_step "more at a time than the usual limit" limited "/cgi/sleep.sh?0.1" --repeat 100 --concurrency 100
run_step "nobody there" request 2 -s "$SOCK" / -s "$T/none" --repeat 1000 --concurrency 10
run_step "likewise" has '^failed for "No such file or directory" 1000$'
