#!/bin/sh
# SPDX-License-Identifier: ISC
# Listening beyond loopback, between two network namespaces: those that allow lists are served, their
# neighbours are not, IPv4 and IPv6 are not mixed up.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need ip nsenter unshare
# namespace: one more network, which lasts as long as the process in $! does.
namespace() { unshare -n "$PYTHON" -S -E -c 'import time; time.sleep(120)' & }
apart() { [ -n "$(readlink "/proc/$1/ns/net")" ] && [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }
unshare -n true 2>/dev/null || skip "not allowed to make a network namespace"
namespace
SERVER=$!
namespace
CLIENT=$!
export LEFT_PIDS="$SERVER $CLIENT"
{ poll apart $SERVER && poll apart $CLIENT; } || fail "there are two namespaces"
on() { nsenter -t "$@"; }
on $SERVER -n ip link add veth0 type veth peer name veth1 netns $CLIENT 2>/dev/null || skip "not allowed to link namespaces"
on $SERVER -n ip -b - <<'END'
link set lo up
link set veth0 up
addr add 10.99.0.1/16 dev veth0
addr add fd99::1/32 dev veth0 nodad
END
on $CLIENT -n ip -b - <<'END'
link set veth1 up
addr add 10.99.0.2/16 dev veth1
addr add 10.99.0.3/16 dev veth1
addr add 10.99.0.4/16 dev veth1
addr add 10.99.0.6/16 dev veth1
addr add 10.99.1.2/16 dev veth1
addr add 10.99.255.254/16 dev veth1
addr add fd99::2/32 dev veth1 nodad
addr add fd99::3/32 dev veth1 nodad
addr add fd99:0:1::2/32 dev veth1 nodad
END

export LAUNCH="nsenter -t $SERVER -n --"
start() {
	start_daemon <<-END
		listen = { "0.0.0.0:6500", "[::]:6501", "$SOCK" }
		workers = 1
		allow = { $1 }
		map "/cgi/" { directory = "$CGI" }
	END
}
# from ADDRESS [TO PORT]: what a client there gets; none if it cannot connect.
from() {
	case $1 in
	*:*) set -- "$1" "${2:-fd99::1}" "${3:-6501}" ;;
	*) set -- "$1" "${2:-10.99.0.1}" "${3:-6500}" ;;
	esac
	on $CLIENT -n "$PYTHON" -S -E -c '
import socket, sys
source, target, port = sys.argv[1:]
try:
    s = socket.create_connection((target, int(port)), 5, (source, 0))
except OSError:
    sys.exit("none")
block = b"CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0DOCUMENT_URI\0/cgi/env.sh\0"
s.sendall(b"%d:%s," % (len(block), block))
reply = s.makefile("rb").read().split()
print(reply[1].decode(), *[w.decode() for w in reply if w.startswith(b"REMOTE_ADDR=")])' "$@" 2>&1
}
ready() { [ "$(from 10.99.255.254)" != none ] && [ "$(from fd99::2)" != none ]; }

while read -r rules in out; do
	start "\"$(echo "$rules" | sed 's/,/", "/g')\""
	poll ready || fail "there is a way"
	for address in $(echo "$in" | tr , ' '); do
		[ "$address" = - ] || run_step "$rules: $address is in" test "$(from "$address")" = "200 REMOTE_ADDR=$address"
	done
	for address in $(echo "$out" | tr , ' '); do
		[ "$address" = - ] || run_step "  $address is not" test "$(from "$address")" = 403
	done
done <<'END'
10.99.0.2            10.99.0.2                             10.99.0.3,fd99::2
10.99.0.2/31         10.99.0.2,10.99.0.3                   10.99.0.4
10.99.0.6/31         10.99.0.6                             10.99.0.4
10.99.0.0/24,fd99::2 10.99.0.2,fd99::2                     10.99.1.2,fd99::3
fd99::2/127          fd99::2,fd99::3                       10.99.0.2,fd99:0:1::2
fd99::/48            fd99::2,fd99::3                       fd99:0:1::2
fd00::/8             fd99::2,fd99:0:1::2                   10.99.0.2
0.0.0.0/0            10.99.0.2,10.99.255.254               fd99::2
::/0                 fd99::2                               10.99.0.2
::ffff:10.99.0.2     -                                     10.99.0.2,fd99::2
END
run_step "a refusal is a line with the address" logged 'peer=10.99.0.2 status=403 .*reason=peer-not-allowed'
run_step "of either kind" logged 'peer=fd99::2 status=403 .*reason=peer-not-allowed'
run_step "a listener for IPv6 has no IPv4 behind it" test "$(from 10.99.0.2 10.99.0.1 6501)" = none
run_step "a Unix socket is not restricted by addresses" answers 200 /cgi/hello.sh

start '"uid:0", "10.99.0.3"'
poll ready
run_step "users do not let addresses in" test "$(from 10.99.0.2)" = 403
run_step "nor keep them out" test "$(from 10.99.0.3)" = "200 REMOTE_ADDR=10.99.0.3"
