#!/bin/sh
# SPDX-License-Identifier: ISC
# A client leaves; the program it asked for is ended, with all its family.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
start_daemon <<END
listen = { "$SOCK", "127.0.0.1:$PORT" }
kill-grace = 200ms
map "/cgi/"    { directory = "$CGI" }
map "/gone/"   { directory = "$CGI"  tcp-fin = gone }
map "/finish/" { directory = "$CGI"  on-disconnect = finish }
END
# leaves FILE URI...: the client goes once the program has noted its processes.
leaves() {
	rm -f "$T/tmp/$1"
	l_file=$1
	shift
	scgi "$@" --leave-when "$T/tmp/$l_file" -q
}

leaves group /cgi/group.sh
run_step "Unix socket: the whole group is gone" poll all_gone "$T/tmp/group"
run_step "and that is logged" logged 'group.sh.*end=client-gone'
leaves group /cgi/group.sh --length 1000 -b part
run_step "in the middle of the body" poll all_gone "$T/tmp/group"
leaves ignore-term /cgi/ignore-term.sh
run_step "one that ignores SIGTERM" poll all_gone "$T/tmp/ignore-term"
leaves finish-begun /finish/finish.sh
run_step "one that may finish does" poll noted finish-ended
scgi /finish/sum.sh --length 10 -b abc --leave 0 -q
run_step "but not if a part of the body is all it would see" logged 'sum.sh.* signal=15 .*end=client-gone'
ask '/cgi/finish.sh' --half-close
run_step "a half-close is not gone" is 200

export ADDR="127.0.0.1:$PORT"
leaves group /gone/group.sh
run_step "TCP where a FIN means gone" poll all_gone "$T/tmp/group"
leaves group /cgi/group.sh --reset
run_step "TCP reset" poll all_gone "$T/tmp/group"
run_step "a half-close over TCP is not gone" answers 200 /cgi/finish.sh --half-close
scgi '/cgi/big.sh?100000000' -q --leave 100
run_step "TCP, found out by writing" logged 'big.sh.*end=client-gone'
