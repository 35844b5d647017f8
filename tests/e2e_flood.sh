#!/bin/sh
# SPDX-License-Identifier: ISC
# Many messages of one kind: some are written, the rest are counted; requests are logged one and all.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

count() { grep -ca -e "$1" "$LOG"; }
cat >"$CGI/chatty.sh" <<'END'
#!/bin/sh
seq -f 'complaint %g' 40 >&2
printf 'Content-Type: text/plain\n\nx'
END
chmod 755 "$CGI/chatty.sh"
cp "$CGI/nothing.sh" "$CGI/other.sh"
start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END
scgi /cgi/nothing.sh -n 30 -c 4 --expect-status 502 -q
scgi /cgi/other.sh -n 3 --expect-status 502 -q
scgi /cgi/chatty.sh -n 20 -c 4 --expect-status 200 -q
stop_daemon
run_step "33 requests, each has its line" test "$(count 'request id=.*status=502.*reason=no-output')" = 33
run_step "another program's messages are another kind" test "$(count '^scgi-cgid: id=.*other.sh: no output')" = 3
run_step "30 messages: ten are written" test "$(count '^scgi-cgid: id=.*nothing.sh: no output')" = 10
run_step "20 are counted" logged '^scgi-cgid: and 20 more like this within 5 s: id=.*nothing.sh: no output at all$'
run_step "800 lines of a program: most are written" test "$(count '^scgi-cgid: id=.*chatty.sh stderr: complaint')" = 500
run_step "300 are counted" logged '^scgi-cgid: and 300 more like this within 5 s: id=.*chatty.sh stderr: complaint'
run_step "20 requests, each has its line" test "$(count 'request id=.*path=/cgi/chatty.sh')" = 20
