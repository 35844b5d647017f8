#!/bin/sh
# SPDX-License-Identifier: ISC
# An early 403 to a 3 MB POST arrives every time: direct and through nginx, over Unix socket and TCP.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
export TCP
start_daemon <<END
listen = { "$SOCK", "$TCP" }
map "/cgi/"    { directory = "$CGI" }
map "/once/"   { directory = "$CGI"  reply = at-once }
map "/closed/" { directory = "$CGI"  require = { "REMOTE_USER" } }
END
start_nginx
head -c 3000000 /dev/urandom >"$T/upload"

for uri in /cgi/ignore.sh /once/ignore.sh /closed/ignore.sh; do
	for ADDR in "$SOCK" "$TCP"; do
		run_step "$uri, $ADDR, direct" scgi $uri --body-size 3000000 -n 10 --expect-status 403
		run_step "$uri, $ADDR, full duplex" scgi $uri --body-size 3000000 --duplex -n 10 --expect-status 403
	done
	for FRONT in unix tcp; do
		good=0
		for try in 1 2 3 4 5 6 7 8 9 10; do
			fetch $uri --data-binary "@$T/upload"
			if is 403; then good=$((good + 1)); else note "try $try: $STATUS"; fi
		done
		run_step "$uri, nginx by $FRONT: 10 of 10" test $good = 10
	done
done
