#!/bin/sh
# SPDX-License-Identifier: ISC
# allow: by the user behind a Unix socket and by the address behind a TCP one, to the last bit
# (exposed SCGI ports: who reaches the port runs programs).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
start() {
	start_daemon <<-END
		listen = { "$SOCK", "127.0.0.1:$PORT" }
		workers = 1
		socket-mode = 0666
		allow = { "uid:4242", $1 }
		map "/cgi/" { directory = "$CGI" }
	END
}
# from ADDRESS: what a client that is bound to it gets.
from() {
	"$PYTHON" -S -E -c '
import socket, sys
s = socket.socket()
s.bind((sys.argv[1], 0))
s.connect(("127.0.0.1", int(sys.argv[2])))
block = b"CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0DOCUMENT_URI\0/cgi/hello.sh\0"
s.sendall(b"%d:%s," % (len(block), block))
print(s.makefile("rb").readline().split()[1].decode())' "$1" "$PORT"
}
as() { # UID COMMAND...
	as_uid=$1
	shift
	setpriv --reuid="$as_uid" --regid=4242 --clear-groups "$@"
}
gets() { # STATUS UID [OPTION...]
	g_status=$1 g_uid=$2
	shift 2
	as "$g_uid" "$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" /cgi/hello.sh -q --expect-status "$g_status" "$@"
}

# Rules, and addresses that are in, and that are not.
while read -r rules in out; do
	start "\"$(echo "$rules" | sed 's/,/", "/g')\""
	for address in $(echo "$in" | tr , ' '); do
		[ "$address" = - ] || run_step "$rules: $address is in" test "$(from "$address")" = 200
	done
	for address in $(echo "$out" | tr , ' '); do
		[ "$address" = - ] || run_step "  $address is not" test "$(from "$address")" = 403
	done
done <<'END'
127.0.0.0/31           127.0.0.1                        127.0.0.2,127.0.0.3
127.0.0.2/31           127.0.0.2,127.0.0.3              127.0.0.1,127.0.0.4
127.0.0.2/32           127.0.0.2                        127.0.0.3
127.0.0.2              127.0.0.2                        127.0.0.1,127.0.0.3
0.0.0.0/0              127.0.0.1,127.255.255.254        -
128.0.0.0/1,::/0       -                                127.0.0.1,127.0.0.2
0.0.0.0/1              127.0.0.1                        -
127.0.1.0/24,127.1.0.0/16 127.0.1.0,127.0.1.255,127.1.9.9 127.0.0.1,127.0.2.0,127.2.0.0
127.0.0.128/25         127.0.0.128,127.0.0.255          127.0.0.127,127.0.1.128
::ffff:127.0.0.1,::1,[fd00::]/8 -                       127.0.0.1
END
run_step "each refusal is a line with its word" logged 'peer=127.0.0.1 status=403 .* reason=peer-not-allowed'

# No class but that of addresses restricts TCP, none but that of users a Unix socket.
start '"uid:4243"'
run_step "users alone: TCP is open" test "$(from 127.0.0.1)" = 200
if is_root; then
	run_step "a user that is named" gets 200 4242
	run_step "another" gets 200 4243
	run_step "not root, who is not named" gets 403 0
	run_step "nor nobody, whose programs they are" gets 403 "$(id -u nobody)"
	run_step "nor the next number" gets 403 4244
	run_step "with a body of 3 MB, unread" gets 403 4244 --body-size 3000000
	run_step "with a head that is none" gets 403 4244 --raw 'GET / HTTP/1.0\r\n\r\n'
	run_step "who never says a word" gets 403 4244 --raw ''
	run_step "and listening goes on" gets 200 4242
	run_step "nothing of theirs was looked at" unlogged 'bad-request\|not-scgi\|uid:4244.*path='
	run_step "users are known by what they were when they connected" as 0 "$PYTHON" -S -E -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
os.setresuid(4242, 4242, 4242)
s.sendall(b"x")
sys.exit(b"403" not in s.recv(100))' "$SOCK"
	start '"127.0.0.9"'
	run_step "a hundred refused at once" as 4244 "$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" /cgi/hello.sh \
	    -n 100 -c 20 --expect-status 403
	run_step "a friend is served" gets 200 4242
fi

# What is not safe without allow is refused without it, by -t and at the start.
while read -r what; do
	printf '%s\nmap "/cgi/" { directory = "/" }\nuser = "nobody"\n' "$what" >"$T/bad.conf"
	run_step "-t refuses: $what" fails "$DAEMON" -t -c "$T/bad.conf"
	run_step "  names the remedy" grep -q 'allow' "$T/output"
	run_step "  so does the start" fails "$DAEMON" -f -c "$T/bad.conf"
done <<END
listen = { "0.0.0.0:$PORT" }
listen = { "[::]:$PORT" }
listen = { "192.0.2.1:$PORT" }
listen = { "[::ffff:192.0.2.1]:$PORT" }
listen = { "0.0.0.0:$PORT" } allow = { "uid:0" }
listen = { "[::]:$PORT" } allow = {}
listen = { "$SOCK" } socket-mode = 0666
listen = { "$SOCK" } socket-mode = 0662 allow = { "127.0.0.1" }
allow = { "127.0.0.1/33" }
allow = { "127.0.0.1/24" }
allow = { "127.0.0.1/" }
allow = { "127.0.0/24" }
allow = { "::1/129" }
allow = { "::/-1" }
allow = { "[::1" }
allow = { "" }
allow = { "all" }
allow = { "localhost" }
END
while read -r what; do
	printf '%s\nmap "/cgi/" { directory = "/" }\nuser = "nobody"\n' "$what" >"$T/bad.conf"
	run_step "refused: $what" fails "$DAEMON" -t -c "$T/bad.conf"
done <<'END'
allow = { "uid:" }
allow = { "uid:nobody-at-all" }
allow = { "uid:-1" }
allow = { "uid:4294967295" }
allow = { "uid:99999999999999999999" }
allow = { "gid:0" }
map "/x/" { directory = "/" allow = { "127.0.0.1" } }
END
