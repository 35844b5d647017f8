#!/bin/sh
# SPDX-License-Identifier: ISC
# Bulk, which the kernel moves past us: each byte arrives, both ways, however the two sides behave,
# and the access line tells how much it was and why it ended.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need perl
PORT=$(free_port)
start_daemon <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
workers = 1
max-processes = 0
kill-grace = 300ms
linger-timeout = 5s
map "/cgi/"    { directory = "$CGI" }
map "/once/"   { directory = "$CGI"  reply = at-once }
map "/finish/" { directory = "$CGI"  on-disconnect = finish }
map "/send/"   { directory = "$CGI"  send-timeout = 300ms }
map "/body/"   { directory = "$CGI"  body-timeout = 300ms }
map "/out/"    { directory = "$CGI"  output-timeout = 300ms }
END
cp "$CGI/bulk.pl" "$CGI/nph-bulk.pl"
WORKER=$(workers)
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }
childless() { [ -z "$(children "$WORKER")" ]; }

ask /cgi/hello.sh
poll childless
before=$(files_at_rest "$WORKER")
# A Unix socket does not tell that a little of it has been read.
slow="200 /send/bulk.pl/slow?h,w900000 --read-piece 150000 --read-pause 150 --body 900000 --line out=900037 --haste"
for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
	case $ADDR in /*) way=unix cut=eof ;; *) way=tcp cut=reset slow='' ;; esac
	rows --together <<-END
	# answers: plain, with a slow reader, by a slow program, counted, too long, too short
	200 /cgi/bulk.pl/$way?h,w3000000 --body 3000000 --line 'out=3000037 .*end=done$'
	200 /cgi/bulk.pl/$way?h,w3000000 --body 3000000 --read-piece 50000 --read-pause 5 --line out=3000037
	200 /cgi/bulk.pl/$way?h,w1000000,z60,w900000,z60,w1,z60,w1099999 --body 3000000 --line out=3000037
	200 /cgi/bulk.pl/$way?h3000000,w3000000 --body 3000000 --line out=3000062
	200 /cgi/bulk.pl/$way?h2000000,w3000000 --body 2000000 --line 'out=2000062 .*exit=0'
	200 /cgi/bulk.pl/$way?h3000001,w3000000 --body 3000000 --line out=3000062
	200 /cgi/nph-bulk.pl/$way?H,w3000000 --body 3000000 --line out=3000019
	# what is not for the client, or not as it comes
	200 /cgi/bulk.pl/$way?h,w3000000 -X HEAD --body 0 --line 'out=37 .*exit=0'
	200 /cgi/bulk.pl/$way?h3000000,w3000000 -X HEAD --body 0 --line 'out=62 .*exit=0'
	200 /cgi/bulk.pl/$way?c,k1000000,k1000000,k1000000,K --body 3000000 --line out=3000037
	# bodies: plain, to a slow program, from a slow client, with an answer in bulk
	200 /cgi/bulk.pl/$way?R,h,s --body-size 3000000 --has '^read=3000000 good$' --line in=3000000
	200 /cgi/bulk.pl/$way?L5,h,s --body-size 3000000 --has '^read=3000000 good$' --line in=3000000
	200 /cgi/bulk.pl/$way?R,h,s --body-size 3000000 --piece 100000 --pause 5 --has '^read=3000000 good$' --line in=3000000
	200 /cgi/bulk.pl/$way?R,h,w3000000 --body-size 3000000 --body 3000000 --line 'in=3000000 out=3000037'
	200 /cgi/bulk.pl/$way?R,h,s --body-size 3000000 --excess beyond --has '^read=3000000 good$' --line in=3000000
	# a program that answers before it reads; that writes much first; that does both at once
	200 /cgi/bulk.pl/$way?h,R,s --body-size 3000000 --has '^read=3000000 good$' --line in=3000000
	200 /cgi/bulk.pl/$way?h,L5,s --body-size 3000000 --has '^read=3000000 good$' --line in=3000000
	200 /cgi/bulk.pl/$way?h,w1000000,R,s --body-size 1000000 --has 'read=1000000 good$' --line in=1000000
	200 /cgi/bulk.pl/$way?h,m --body-size 3000000 --body 3000000 --line 'in=3000000 out=3000037'
	200 /once/bulk.pl/$way?h,m --body-size 3000000 --duplex --body 3000000 --line 'in=3000000 out=3000037'
	200 /once/bulk.pl/$way?h,w3000000,R --body-size 3000000 --duplex --body 3000000 --line 'in=3000000 out=3000037'
	# a program that does not read, and is gone
	200 /cgi/bulk.pl/$way?h,w100000 --body-size 3000000 --body 100000 --line 'in=3000000 out=100037'
	# somebody else has the pipe when it has exited
	200 /cgi/bulk.pl/$way?h,f,w3000000 --body 3000000 --line 'out=3000037 .*exit=0'
	200 /cgi/bulk.pl/$way?h,f,w3000000 --body 3000000 --read-piece 50000 --read-pause 5 --line 'out=3000037 .*exit=0'
	200 /cgi/bulk.pl/$way?h,f,w500000 --body 500000 --no-read 300 --line 'out=500037 .*exit=0'
	# the client leaves
	200 /cgi/bulk.pl/$way?h,w9000000,z9000 --leave-at 1500000 --end left --line 'signal=1[35] .*end=client-gone'
	200 /finish/bulk.pl/$way?h,w9000000,n$way --leave-at 1500000 --end left --line 'exit=0 .*end=client-gone'
	000 /cgi/bulk.pl/$way?R,h --length 3000000 --body-size 1500000 --leave 0 --end left --line 'signal=15 .*end=client-gone'
	000 /finish/bulk.pl/$way?R,h --length 3000000 --body-size 1500000 --half-close --end $cut --line 'in=1500000 .*signal=15 .*end=client-gone'
	END
	rows --together <<-END
	# a program that does not read, and lives on; that goes on writing
	200 /cgi/bulk.pl/$way/late?h,w1000,z450 --body-size 3000000 --body 1000 --first 200 --line 'in=3000000 out=1037'
	200 /cgi/bulk.pl/$way/late?h,d8 --body-size 3000000 --first 200 --line 'in=3000000 out=45'
	# whose time is up
	200 /send/bulk.pl/$way/late?h,w20000000 --no-read 1500 --end $cut --line end=send-timeout --haste
	$slow
	408 /body/bulk.pl/$way/late?R,h --length 3000000 --body-size 1000000 --first 300 --line 'in=1000000 .*end=body-timeout'
	408 /body/bulk.pl/$way/late?h,R --length 3000000 --body-size 1000000 --first 300 --line 'in=1000000 .*end=body-timeout'
	200 /out/bulk.pl/$way/late?h,w1000000,z9000 --body 1000000 --end $cut --ends 300 --line 'out=1000037 .*end=output-timeout' --haste
	504 /out/bulk.pl/$way/late?z9000 --body-size 3000000 --ends 300 --line end=output-timeout --haste
	END
done
# What the kernel moves is in none of our reads and writes. (Those of children are in /proc/PID/io.)
ours() { awk '/^[rw]char:/ { n += $2 } END { print n }' "/proc/$WORKER/task/$WORKER/io"; }
moved() {
	m_ours=$(ours)
	answers 200 "$@" && poll childless && [ $(($(ours) - m_ours)) -lt 300000 ]
}
for ADDR in "$SOCK" "127.0.0.1:$PORT"; do
	run_step "$ADDR: an answer of 3 MB goes past us" moved '/cgi/bulk.pl/moved?h,w3000000'
	run_step "$ADDR: so does a body" moved '/cgi/bulk.pl/moved?R,h,s' --body-size 3000000
done
# More at once than may have larger buffers.
ADDR=$SOCK
for _ in $(seq 72); do
	echo "200 /cgi/bulk.pl/many?h,w700000 --body 700000 --read-piece 99999 --read-pause 60 --line out=700037"
done >"$T/many"
rows --together <"$T/many"
run_step "on-disconnect = finish: to its end" noted bulk.unix
run_step "over TCP, too" noted bulk.tcp
run_step "an answer that ends too early is logged" logged 'output ends 1 bytes before its Content-Length'
: >"$T/tmp/over"
run_step "no child is left" poll childless
run_step "no descriptor is left" poll as_before
