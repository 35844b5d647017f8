#!/bin/sh
# SPDX-License-Identifier: ISC
# One line for every finished request, and nothing forged in it.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
# field PATTERN: the access line of the last URI asked for has it.
field() { poll_line "path=$LINE.*$1"; }
poll_line() { poll grep -qaE -e "request id=[^ ]+ .*$1" "$LOG"; }

ask '/cgi/sum.sh?secret=1' --body-size 1000
LINE=/cgi/sum.sh
for part in 'peer=unix' 'map="?/cgi/"?' "script=\"?$CGI/sum.sh\"?" 'method=POST' 'path="?/cgi/sum.sh"?' 'status=200' \
    'in=1000' 'out=[0-9]+' 'first_ms=[0-9]+' 'total_ms=[0-9]+' 'pid=[0-9]+' 'exit=0' 'user_ms=[0-9]+' \
    'sys_ms=[0-9]+' 'maxrss_k=[1-9][0-9]+' 'end=done'; do
	run_step "$part" poll grep -qaE -e "request id=.* $part( |$)" "$LOG"
done
run_step "one line for a request" test "$(grep -ac 'request id=.*sum.sh' "$LOG")" = 1
ask '/cgi/nothing.sh?7'
LINE=/cgi/nothing.sh
run_step "the exit status" field 'exit=7'
ask /cgi/missing.sh
LINE=/cgi/missing.sh
run_step "a refusal" field 'status=404 .*end=refused'
ask / --raw 'junk' --half-close
run_step "a bad request" poll_line 'status=400 .*end=bad-request'
ask /cgi/hello.sh -p 'REQUEST_METHOD=GET\nrequest id=9-9 forged=1'
ask '/cgi/hello.sh/x y=z'
ask '/cgi/hello.sh/%1b[31m'
run_step "nothing forged" unlogged '^[^ ]* *request id=9-9'
run_step "no control bytes" unlogged "$(printf '\033')"
run_step "a space in a path makes no field" logged ' path="/cgi/hello.sh/x y=z" '

for level in error debug; do
	start_daemon <<-END
		log-level = $level
		access-log = none
		map "/cgi/" { directory = "$CGI" }
	END
	ask /cgi/hello.sh
	run_step "access-log = none, log-level = $level" unlogged 'request id='
done
