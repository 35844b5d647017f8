#!/bin/sh
# SPDX-License-Identifier: ISC
# For its first 20 ms a program's standard error, its exit and its client's leaving are not watched;
# nobody notices, whatever it does meanwhile.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need perl
start_daemon <<END
workers = 1
kill-grace = 2s
map "/cgi/"    { directory = "$CGI" }
map "/finish/" { directory = "$CGI"  on-disconnect = finish }
END
WORKER=$(workers)
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }
childless() { [ -z "$(children "$WORKER")" ]; }
# in_order: of each of 20 programs, the last words are logged before its access line.
in_order() {
	for o_n in $(seq 20); do
		scgi "/cgi/bulk.pl/$o_n?h,w9,e$o_n" -q --expect-status 200 || return 1
		logged "path=/cgi/bulk.pl/$o_n " || return 1
	done
	sed -n -e 's/.*stderr: last words of \([0-9]*\)$/\1 said/p' \
	    -e 's/.* path=.cgi.bulk.pl.\([0-9]*\) .*/\1 done/p' "$LOG" >"$T/order"
	for o_n in $(seq 20); do printf '%s said\n%s done\n' "$o_n" "$o_n"; done | cmp - "$T/order"
}

ask /cgi/hello.sh
poll childless
before=$(files_at_rest "$WORKER")
run_step "what it says at its end is logged before that" in_order
rows <<END
# 200 kB to standard error: not stuck for longer than it is young
200 /cgi/bulk.pl?E200000,h,w1000 --timeout 2 --body 1000 --line exit=0
200 /cgi/bulk.pl?h,w1000,E200000 --timeout 2 --body 1000 --line exit=0
# it closes both and lives on; is waited for, and its exit status logged
200 /cgi/bulk.pl?h,w1000,x,z200,q3 --body 1000 --ends 0 --total 200 --line exit=3 --haste
502 /cgi/bulk.pl?x,z9000 --ends 0 --line 'signal=15 .*reason=no-output'
200 /cgi/bulk.pl?h,w1000,x,q4 --body 1000 --line exit=4 --ends 0
# somebody else has its output: its exit is the end
200 /cgi/bulk.pl?f,h,w1000,q5 --body 1000 --ends 0 --line exit=5
# the client leaves at once; half of it on purpose
000 /cgi/bulk.pl?z9000 --leave 0 --end left --line 'signal=15 .*end=client-gone'
000 /cgi/bulk.pl?h,z9000 --leave 0 --end left --line 'signal=15 .*end=client-gone'
000 /cgi/bulk.pl?z9000 --leave 5 --end left --line 'signal=15 .*end=client-gone'
000 /cgi/bulk.pl?R,z9000 --body-size 9 --leave 0 --end left --line 'signal=15 .*end=client-gone'
000 /finish/bulk.pl?z200,q6 --leave 0 --end left --line 'exit=6 .*end=client-gone' --total 200
200 /cgi/bulk.pl?z100,h,w9 --half-close --body 9 --line 'exit=0 .*end=done'
END
: >"$T/tmp/over"
run_step "no child is left" poll childless
run_step "no descriptor is left" poll as_before
