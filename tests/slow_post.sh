#!/bin/sh
# SPDX-License-Identifier: ISC
# POSTs of 10 MB to CGI.pm and Python, through nginx over Unix socket and TCP.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
export TCP
start_daemon <<END
listen = { "$SOCK", "$TCP" }
map "/cgi/" { directory = "$CGI" }
END
start_nginx
head -c 10000000 /dev/urandom >"$T/upload"
sum=$(sha1sum <"$T/upload" | cut -d' ' -f1)

for FRONT in unix tcp; do
	fetch /cgi/form.py -H 'Content-Type: application/x-thing' --data-binary "@$T/upload"
	run_step "$FRONT: Python" has "^sum=$sum$"
	fetch /cgi/early-sum.sh --data-binary "@$T/upload"
	run_step "$FRONT: a program that answers early" has "^sum=$sum$"
	fetch /cgi/sum.sh --data-binary "@$T/upload" -H 'Transfer-Encoding: chunked'
	run_step "$FRONT: in chunks" has "^sum=$sum$"
	perl -MCGI -e 1 2>/dev/null || continue
	fetch /cgi/form.pl -F "file=@$T/upload" -F 'text=with it'
	run_step "$FRONT: CGI.pm" has "^file sum=$sum$"
done
