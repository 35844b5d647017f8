# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# Real front ends, with the examples of etc/examples as they are shipped, and
# the same requests behind each of them.  Sourced after lib.sh.
#
#     start_gateway               the daemon, on all of $ADDRESSES: Unix, TCP v4, v6
#     use apache.conf "$address"  $T/apache.conf: the example, for that address
#     launch_front COMMAND...     starts a front end on $PORT and $TLS
#     asks apache                 all of tests/frontends.txt; true if all is as told there
#
# A front end is reached as http://$HOST:$PORT/ and as https://$HOST:$TLS/.

HOST=front.test
FRONT_PID=

# Ports, a certificate, a user "ann" with the password "secret", a document.
make_front() {
	need openssl
	PORT=$(free_port) TLS=$(free_port)
	ADDRESSES="$SOCK 127.0.0.1:$(free_port) [::1]:$(free_port)"
	if ! "$PYTHON" -S -E -c 'import socket; socket.socket(10).bind(("::1", 0))' 2>/dev/null; then
		note "there is no IPv6 here"
		ADDRESSES=${ADDRESSES% *}
	fi
	mkdir "$T/html" "$T/cgi/private"
	cp "$CGI/sorted-env.sh" "$T/cgi/private"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
	    -subj "/CN=$HOST" -addext basicConstraints=CA:FALSE \
	    -keyout "$T/key.pem" -out "$T/cert.pem" 2>"$T/openssl.err" || skip "no certificate to be had"
	cat "$T/key.pem" "$T/cert.pem" >"$T/both.pem"
	chmod 644 "$T"/*.pem
	echo "ann:$(openssl passwd -apr1 secret)" >"$T/passwd"
}

# start_gateway [OPTION FOR THE MAPS]
start_gateway() {
	start_daemon <<-END
		listen = { "$(echo "$ADDRESSES" | sed 's/ /", "/g')" }
		${1:-}
		map "/cgi-bin/" { directory = "$CGI" }
		map "/cgi-bin/private/" { directory = "$CGI/private"  require = { "REMOTE_USER" } }
	END
}

# use EXAMPLE ADDRESS: the example with our files; for TCP, the line for that address
# takes the place of the one for the Unix socket.
use() {
	case $2 in
	/*) u_edit="s|/run/scgi-cgid/scgi.sock|$2|" ;;
	*::1*) u_edit='/::1/' ;;
	*) u_edit='/127\.0\.0\.1/' ;;
	esac
	[ "${u_edit%/}" = "$u_edit" ] ||
	    u_edit="/^[^#]*scgi\.sock/s/^/# /; ${u_edit}{s/# *//; s/6500/${2##*:}/;}"
	sed -e "$u_edit" -e "s|/etc/[a-z0-9]*/cgi.passwd|$T/passwd|" \
	    "$TESTS/../etc/examples/$1" >"$T/$1"
}

listens() { "$PYTHON" -S -E -c "import socket; socket.create_connection(('127.0.0.1', $1))" 2>/dev/null; }

# launch_front COMMAND...: in the foreground, in our directory.
launch_front() {
	(cd "$T" && exec "$@") >"$T/front.out" 2>&1 &
	FRONT_PID=$!
	LEFT_PIDS="$LEFT_PIDS $FRONT_PID"
	until listens "$TLS"; do
		if ! alive "$FRONT_PID"; then
			fail "$1 starts"
			cat "$T/front.out"
			exit 1
		fi
		sleep 0.02
	done
}

stop_front() {
	end_process "$FRONT_PID"
	FRONT_PID=
}

# asks TAG...: every request of the table is answered as the table says.
asks() {
	"$PYTHON" -E "$TESTS/front_client.py" "$TESTS/frontends.txt" "$PORT" "$TLS" "$HOST" "$@"
}

# unsaid PATTERN: the front end has not complained of it.
unsaid() { ! grep -qa -e "$1" "$T/nginx.err" "$T/front.out"; }
