#!/bin/sh
# SPDX-License-Identifier: ISC
# Behind a stock nginx: over Unix sockets and TCP, buffered and not.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
export TCP
start_daemon <<END
listen = { "$SOCK", "$TCP" }
map "/cgi/" { directory = "$CGI" }
END
start_nginx
head -c 2000000 /dev/urandom >"$T/tmp/random"
sum=$(sha1sum <"$T/tmp/random" | cut -d' ' -f1)
chmod 644 "$T/tmp/random"
fetched_sum() { sha1sum <"$T/reply" | cut -d' ' -f1; }

for FRONT in unix tcp unix-unbuffered tcp-unbuffered; do
	fetch '/cgi/env.sh/a%20b/%2e%2e/c//d?x=1'
	run_step "$FRONT: a script answers" is 200
	run_step "$FRONT: with its name" has '^SCRIPT_NAME=/cgi/env.sh$'
	run_step "$FRONT: and the rest" has '^PATH_INFO=/c/d$'
	run_step "$FRONT: without empty variables" lacks_all CONTENT_TYPE CONTENT_LENGTH
	fetch '/cgi/file.sh?random'
	run_step "$FRONT: 2 MB come whole" test "$(fetched_sum)" = "$sum"
	fetch /cgi/missing.sh
	run_step "$FRONT: not found" is 404
	fetch /cgi/hello.sh -I
	run_step "$FRONT: HEAD" is 200
	fetch '/cgi/die.sh?KILL'
	run_step "$FRONT: a dead program" is 502
	fetch /cgi/%00x
	run_step "$FRONT: a NUL" is 400
	fetch /cgi/hello.sh%0a
	run_step "$FRONT: a newline" is '40[04]'
	fetch /cgi/background.sh
	run_step "$FRONT: a child left behind" is 200
done
for FRONT in unix tcp; do
	fetch /cgi/early-sum.sh --data-binary "@$T/tmp/random"
	run_step "$FRONT: an upload, answered before it is read" has "^sum=$sum$"
	fetch /cgi/sum.sh --data-binary "@$T/tmp/random" -H 'Transfer-Encoding: chunked'
	run_step "$FRONT: a chunked one" has "^sum=$sum$"
	fetch /cgi/ignore.sh --data-binary "@$T/tmp/random"
	run_step "$FRONT: one that is ignored" is 403
	fetch /cgi/missing.sh --data-binary "@$T/tmp/random"
	run_step "$FRONT: one that is refused" is 404
	fetch /cgi/flood-first.sh --data-binary "@$T/tmp/random"
	run_step "$FRONT: 300 kB before it is read" has "^sum=$sum$"
	fetch /cgi/raw.sh -d 'Location: /cgi/hello.sh

'
	run_step "$FRONT: a local redirect is followed" has '^hello$'
done
for FRONT in unix-unbuffered tcp-unbuffered; do
	fetch /cgi/sum.sh -d small
	run_step "$FRONT: a small form does no harm" is 200
done
run_step "the daemon is well" answers 200 /cgi/hello.sh
