#!/bin/sh
# SPDX-License-Identifier: ISC
# Every kind of listener, several at once.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
NAME6=
grep -q 1$ /proc/net/if_inet6 2>/dev/null || grep -q ' lo$' /proc/net/if_inet6 2>/dev/null && NAME6="\"[::1]:$PORT\","
start_daemon <<END
listen = { "unix:$SOCK", "$T/second", "@scgi-cgid-test-$$", $NAME6 "127.0.0.1:$PORT" }
allow = { "uid:$(id -u)" }
map "/cgi/" { directory = "$CGI" }
END

for ADDR in "$SOCK" "$T/second" "@scgi-cgid-test-$$" "127.0.0.1:$PORT" ${NAME6:+"[::1]:$PORT"}; do
	run_step "$ADDR answers" answers 200 /cgi/hello.sh
done
run_step "the peer is logged" logged 'peer=unix'
run_step "also over TCP" logged 'peer=127.0.0.1'
stop_daemon
run_step "socket files go with the daemon" no_files "$SOCK" "$T/second"

PORT=$(free_port)
start_daemon <<END
listen = { "localhost:$PORT" }
map "/cgi/" { directory = "$CGI" }
END
ADDR=127.0.0.1:$PORT
run_step "a host name" answers 200 /cgi/hello.sh
