#!/bin/sh
# SPDX-License-Identifier: ISC
# Every limit at its edge: as much, and one more; not before its time, and not a tenth of a second
# after it. At the top level, where a map inherits it, and in a map. HACKING has the list.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
header-timeout = 250ms
linger-timeout = 250ms
body-timeout = 300ms
output-timeout = 300ms
send-timeout = 300ms
queue-timeout = 300ms
max-runtime = 700ms
kill-grace = 200ms
max-header = 4k
max-field = 1k
max-body = 3k
max-response-header = 1k
map "/in/"      { directory = "$CGI" }
map "/in-run/"  { directory = "$CGI"  output-timeout = 0 }
map "/in-wait/" { directory = "$CGI"  output-timeout = 0  max-runtime = 0  max-processes = 1 }
map "/own/"     { directory = "$CGI"  body-timeout = 500ms  output-timeout = 500ms  send-timeout = 500ms
                  kill-grace = 400ms  max-runtime = 1h }
map "/run/"     { directory = "$CGI"  output-timeout = 0  max-runtime = 400ms }
map "/wait/"    { directory = "$CGI"  output-timeout = 0  max-runtime = 0  max-processes = 1  queue-timeout = 500ms }
map "/in-size/"  { directory = "$CGI"  output-timeout = 0  max-runtime = 0 }
map "/own-size/" { directory = "$CGI"  output-timeout = 0  max-runtime = 0  max-body = 4k  max-response-header = 2k }
map "/none/"    { directory = "$CGI"  output-timeout = 0  max-runtime = 0  body-timeout = 0  max-body = 0 }
END
text() { printf "%0$1d" 0; }
type='Content-Type: a/b'

rows <<END
# max-header: the header block; max-field: a name, a value, what is joined
200 /in-size/hello.sh --head-size 4096
431 /in-size/hello.sh --head-size 4097 --has header-too-large|max-header
200 /in-size/env.sh -H X:$(text 1024) --has ^HTTP_X=0{1024}$
431 /in-size/env.sh -H X:$(text 1025) --has max-field
200 /in-size/env.sh -H X:$(text 512) -H X:$(text 510) --has ^HTTP_X=0{512},.0{510}$
431 /in-size/env.sh -H X:$(text 512) -H X:$(text 511) --has max-field
200 /in-size/env.sh -a $(text 1024)=x
431 /in-size/env.sh -a $(text 1025)=x --has max-field
# max-body
200 /in-size/sum.sh --body-size 3072
413 /in-size/sum.sh --body-size 3073
200 /own-size/sum.sh --body-size 4096
413 /own-size/sum.sh --body-size 4097
200 /none/sum.sh --body-size 99999
# max-response-header: as it is sent, and as the program writes it
200 /in-size/raw.sh -b '$type\nX: $(text 982)\n\n' --head 1024
502 /in-size/raw.sh -b '$type\nX: $(text 983)\n\n' --has max-response-header
200 /in-size/raw.sh -b '$type\r\nConnection: $(text 989)\r\n\r\n'
502 /in-size/raw.sh -b '$type\r\nConnection: $(text 990)\r\n\r\n' --has max-response-header
200 /own-size/raw.sh -b '$type\nX: $(text 2006)\n\n' --head 2048
502 /own-size/raw.sh -b '$type\nX: $(text 2007)\n\n'
END

# Someone else has the only place.
running() { grep -qsx "$1" "$T/tmp/ran"; }
for name in in-wait wait; do
	scgi "/$name/gate.sh?$name" -q &
	poll running $name
done
rows --together <<END
# header-timeout: silence, a part; linger-timeout: who goes on after the answer
000 / --raw '' --ends 250
408 / --raw 70:x --first 250 --haste
404 /none/none.sh --length 999999999 -b x --keep-sending --duplex --total 250
# body-timeout: from the last byte
408 /in/sum.sh --length 9 -b x --first 300 --line end=body-timeout
408 /own/sum.sh --length 9 -b x --first 500 --line end=body-timeout
408 /in/sum.sh -b xx --length 9 --piece 999 --pause 200 --duplex --first 500 --haste
200 /none/sum.sh -b xx --piece 999 --pause 400
# output-timeout: the first byte; from the last one
504 /in/sleep.sh?9 --first 300 --line end=output-timeout
504 /own/sleep.sh?9 --first 500 --line end=output-timeout
200 /in/pause.sh?0.2 --total 500 --line end=output-timeout --haste
200 /own/pause.sh?0.2 --total 700 --line end=output-timeout --haste
200 /none/sleep.sh?0.75
# send-timeout
200 /in/big.sh?30000000 --no-read 600 --total 300 --line end=send-timeout
200 /own/big.sh?30000000 --no-read 800 --total 500 --line end=send-timeout
# max-runtime: the answer not begun, begun, at its end
504 /in-run/sleep.sh?9 --first 700 --line end=max-runtime
504 /run/sleep.sh?9 --first 400 --line end=max-runtime
200 /run/begin-sleep.sh?9 --ends 400 --total 400 --line end=max-runtime --haste
200 /run/live-on.sh --total 400 --line end=max-runtime --haste
# queue-timeout
503 /in-wait/hello.sh --first 300 --line end=queue-timeout
503 /wait/hello.sh --first 500 --line end=queue-timeout
# kill-grace, after output-timeout
504 /in/ignore-term.sh --first 300 --total 500 --line signal=9 --haste
504 /own/ignore-term.sh --first 500 --total 900 --line signal=9 --haste
END
: >"$T/tmp/gate"

told() { kill -TERM "$DAEMON_PID" && wait "$client"; }
# drained: a client is told when drain-timeout is over, and not before.
drained() {
	start_daemon <<-END
		drain-timeout = 300ms
		map "/cgi/" { directory = "$CGI" }
	END
	rm -f "$T/tmp/sleep.9"
	scgi '/cgi/sleep.sh?9' -q --expect-status 503 &
	client=$!
	poll noted sleep.9
	takes 300 400 told
}
# A busy machine may be late now and then, with several processes in a row, but hardly each time.
once_of() {
	for _ in $(seq "$1"); do
		! drained || return 0
	done
	return 1
}
run_step "drain-timeout" once_of 12
