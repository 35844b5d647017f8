#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-request asks the daemon as a web server would, and shows the answer.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
start_daemon <<END
listen = { "$SOCK", "$TCP" }
map "/cgi/" { directory = "$CGI" methods = { "GET", "HEAD", "POST", "PUT" } }
END
# ask_it STATUS OPTION...: so it asks our daemon.
ask_it() { it_status=$1; shift; request "$it_status" -s "$SOCK" "$@"; }

run_step "the body alone" ask_it 0 /cgi/hello.sh
run_step "is what it shows" reply_is 'hello\n'
run_step "-i shows the header too" ask_it 0 -i /cgi/hello.sh
run_step "as it came" reply_is 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\n'
run_step "-I shows it alone" ask_it 0 -I /cgi/env.sh
run_step "and asks for no more" reply_is 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n'
run_step "--head-only with a method" ask_it 0 --head-only --method=PUT /cgi/env.sh
run_step "-o writes to a file" ask_it 0 --output "$T/tmp/out" /cgi/hello.sh
run_step "and nowhere else" test "$(cat "$T/reply" "$T/tmp/out")" = hello
run_step "over TCP" ask_it 0 --server "$TCP" http://www.example:8080/cgi/env.sh?a%20b
run_step "a URL names the server" holds <<END
QUERY_STRING=a%20b
SERVER_NAME=www.example
SERVER_PORT=8080
HTTP_HOST=www.example:8080
REQUEST_METHOD=GET
END

run_step "header fields" ask_it 0 /cgi/env.sh -H 'X-One: 1' --header='Accept: text/html' -H 'User-Agent:' -H 'X-None;'
run_step "arrive" holds <<END
HTTP_X_ONE=1
HTTP_ACCEPT=text/html
HTTP_X_NONE=
END
run_step "or are left out" lacks_all HTTP_USER_AGENT
run_step "parameters" ask_it 0 /cgi/env.sh -P REMOTE_USER=me --param SERVER_NAME=else --drop HTTP_ACCEPT -X PUT
run_step "are set" holds <<END
REMOTE_USER=me
SERVER_NAME=else
REQUEST_METHOD=PUT
END
run_step "or dropped" lacks_all HTTP_ACCEPT
run_step "as lighttpd" ask_it 0 --as=lighttpd --script-name /cgi --document-root /srv https://x/cgi/env.sh/y
run_step "it has its signs" holds <<END
SERVER_SOFTWARE=lighttpd
HTTPS=on
REQUEST_SCHEME=https
DOCUMENT_ROOT=/srv
PATH_INFO=/y
END

run_step "a form" ask_it 0 /cgi/env.sh -d a=1
run_step "has its length and type" holds <<END
CONTENT_LENGTH=3
CONTENT_TYPE=application/x-www-form-urlencoded
REQUEST_METHOD=POST
END
head -c 300000 /dev/urandom >"$T/tmp/random"
sum=$(sha1sum <"$T/tmp/random" | cut -d' ' -f1)
run_step "a file" ask_it 0 /cgi/sum.sh --body "$T/tmp/random"
run_step "is sent whole" has "^sum=$sum$"
upload() { dd if="$T/tmp/random" bs=8k status=none | ask_it 0 /cgi/early-sum.sh --body - --half-close; }
run_step "a pipe" upload
run_step "likewise" has "^sum=$sum$"
run_step "pieces with pauses" takes 250 3000 ask_it 0 /cgi/sum.sh --body "$T/tmp/random" --piece 50k --pause 50ms
run_step "are the same" has "^sum=$sum$"

run_step "so are words" ask_it 0 /cgi/sum.sh -d 'in pieces of three' --piece 3
run_step "likewise" has "^sum=$(printf 'in pieces of three' | sha1sum | cut -d' ' -f1)$"
run_step "a file that hides its size" ask_it 0 /cgi/sum.sh --body /proc/version
run_step "is sent whole" has "^sum=$(sha1sum </proc/version | cut -d' ' -f1)$"
if [ -r /sys/kernel/mm/transparent_hugepage/enabled ]; then
	hugepages=/sys/kernel/mm/transparent_hugepage/enabled
	run_step "a file that overstates it" ask_it 0 /cgi/sum.sh --body $hugepages
	run_step "is sent as it is" has "^sum=$(sha1sum <$hugepages | cut -d' ' -f1)$"
fi
: >"$T/tmp/empty"
run_step "an empty file" ask_it 0 /cgi/sum.sh --body "$T/tmp/empty"
run_step "stays empty" has "^sum=$(sha1sum </dev/null | cut -d' ' -f1)$"
placeless() { echo x | TMPDIR=$T/none ask_it 64 /cgi/sum.sh --body -; }
run_step "no place for a copy" placeless
run_step "is what it says" says "cannot copy - to the directory $T/none: No such file"

run_step "-v tells what is sent" ask_it 0 --verbose /cgi/hello.sh
run_step "name by name" says '^> DOCUMENT_URI=/cgi/hello.sh$'
run_step "and how long it took" says '^\* status=200 connect=[0-9.]*ms first=.* header=44 body=6$'

run_step "an error is status 1" ask_it 1 /cgi/missing.sh
run_step "with its document" has '404 Not Found'
run_step "unless it is expected" ask_it 0 /cgi/missing.sh --expect 200,4xx
run_step "no error is one, if one is expected" ask_it 1 /cgi/hello.sh --expect 404
run_step "a text in the body" ask_it 0 /cgi/hello.sh --expect-text llo
run_step "that is not there" ask_it 1 /cgi/hello.sh --expect-text help

run_step "no time is status 2" takes 200 2000 ask_it 2 "/cgi/sleep.sh?5" --timeout 200ms
run_step "and it says so" says 'no answer after 200 ms'
run_step "a cut answer" ask_it 2 /cgi/nph-raw.sh -d "HTTP/1.1 200 OK
Content-Length: 9

cut"
run_step "is not a whole one" says 'body has 3 of 9 bytes'
run_step "no gateway's answer" ask_it 2 /cgi/nph-raw.sh -d 'no header'
run_step "is none" says 'ends before an empty line'
tr '\0' x </dev/zero | head -c 1500000 >"$T/tmp/endless"
run_step "a header without an end" ask_it 2 /cgi/nph-raw.sh --body "$T/tmp/endless"
run_step "is not read to it" says 'larger than 1 MB'
run_step "no socket" ask_it 2 -s "$T/none" /
run_step "what to look for" says "none: No such file .*; is scgi-cgid running"
run_step "nobody behind the port" ask_it 2 -s "127.0.0.1:$(free_port)" /
run_step "likewise" says 'Connection refused; is scgi-cgid running'
if is_root; then
	may_not() { setpriv --reuid=2 --regid=2 --clear-groups "$REQUEST" -s "$SOCK" / 2>"$T/summary" || [ $? -eq 2 ]; }
	run_step "no permission" may_not
	run_step "which group has it" says 'Permission denied; .*socket-group'
fi
run_step "a full disk" ask_it 2 -o /dev/full /cgi/hello.sh
run_step "is said once" test "$(wc -l <"$T/summary")" -eq 1
