#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-request --as sends what the real server sends: the same names, order and
# values, but for ports and the client's address. Both are asked with the same
# words, since curl understands them too.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need nginx apache2 lighttpd curl
APACHE=/usr/lib/apache2/modules

# As nobody, a server reaches no further than our directory.
AS=
! is_root || AS="setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups"
start() {
	# shellcheck disable=SC2086
	$AS env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" &
	SERVER_PID=$!
	LEFT_PIDS="$LEFT_PIDS $SERVER_PID"
}

start_recorder() {
	"$PYTHON" -S -E "$TESTS/scgi_record.py" "$SOCK" "$T/recorded" &
	LEFT_PIDS="$LEFT_PIDS $!"
	poll test -S "$SOCK"
}

start_front_nginx() {
	cat >"$T/nginx.conf" <<-END
		daemon off; worker_processes 1; pid $T/nginx.pid; events { }
		http {
		access_log off;
		client_body_temp_path $T/body; proxy_temp_path $T/proxy; fastcgi_temp_path $T/fastcgi;
		uwsgi_temp_path $T/uwsgi; scgi_temp_path $T/scgi;
		server { listen 127.0.0.1:$PORT; server_name test.example; root $T/tmp;
		location / { include /etc/nginx/scgi_params; scgi_pass unix:$SOCK; } }
		}
	END
	start nginx -p "$T" -e "$T/nginx.err" -c "$T/nginx.conf"
}

start_front_apache() {
	cat >"$T/apache.conf" <<-END
		ServerRoot $T
		PidFile $T/apache.pid
		DefaultRuntimeDir $T
		LoadModule mpm_event_module $APACHE/mod_mpm_event.so
		LoadModule authz_core_module $APACHE/mod_authz_core.so
		LoadModule proxy_module $APACHE/mod_proxy.so
		LoadModule proxy_scgi_module $APACHE/mod_proxy_scgi.so
		Listen 127.0.0.1:$PORT
		ServerName test.example
		ServerTokens Prod
		ErrorLog $T/apache.err
		DocumentRoot $T/tmp
		ProxyPass "/" "unix:$SOCK|scgi://localhost/"
	END
	start apache2 -X -f "$T/apache.conf"
}

# A file name's ending, a path, and everything else, at the root.
start_front_lighttpd() {
	cat >"$T/lighttpd.conf" <<-END
		server.modules = ( "mod_scgi" )
		server.document-root = "$T/tmp"
		server.bind = "127.0.0.1"
		server.port = $PORT
		server.tag = "lighttpd"
		server.errorlog = "$T/tmp/lighttpd.err"
		scgi.server = ( ".pl" => (( "socket" => "$SOCK", "check-local" => "disable" )),
		    "/cgi-bin" => (( "socket" => "$SOCK", "check-local" => "disable" )),
		    "/" => (( "socket" => "$SOCK", "check-local" => "disable", "fix-root-scriptname" => "enable" )) )
	END
	start lighttpd -D -f "$T/lighttpd.conf"
}

# plain FILE: a recorded request as text, without ports and addresses.
plain() {
	"$REQUEST" --decode "$1" | sed 's/^\(REMOTE_PORT\|REMOTE_ADDR\|SERVER_ADDR\|SERVER_PORT\)=.*/\1/'
}

# through URL [OPTION...]: asks the real server; curl knows no lighttpd.
through() {
	rm -f "$T/recorded"
	curl -sS -o "$T/reply" --noproxy '*' --max-time 10 --path-as-is -A agent/1 \
	    --connect-to "::127.0.0.1:$PORT" "$@" && [ -s "$T/recorded" ]
}

# same SPLIT URL [OPTION...]: both send the same.
same() {
	s_split=$1
	shift
	through "$@" || return 1
	"$REQUEST" --as "$FRONT" ${s_split:+"$s_split"} --document-root "$T/tmp" \
	    -H 'User-Agent: agent/1' --print "$@" >"$T/printed" || return 1
	plain "$T/recorded" >"$T/recorded.txt"
	plain "$T/printed" >"$T/printed.txt"
	diff "$T/recorded.txt" "$T/printed.txt"
}

URL=http://test.example
start_recorder
SERVER_PID=
for FRONT in nginx apache lighttpd; do
	[ -z "$SERVER_PID" ] || end_process "$SERVER_PID"
	PORT=$(free_port)
	"start_front_$FRONT"
	poll through "$URL/" 2>"$T/tmp/curl.err" || { fail "$FRONT starts"; continue; }
	split=
	[ "$FRONT" != lighttpd ] || split=--script-name=/cgi-bin
	run_step "$FRONT: a path and a query" same "$split" "$URL/cgi-bin/x?q=1+2&z=%20%41%2f~%7e"
	run_step "$FRONT: an empty query" same "$split" "$URL/cgi-bin/x?"
	run_step "$FRONT: dots and slashes" same "$split" "$URL/cgi-bin/a%20b/%2e%2e/c//./e/?x"
	run_step "$FRONT: what is encoded" same "$split" "$URL/cgi-bin/a%2Bb%3b%25%3f'(~%7e)%c3%a9+@:,&=\$?%c3%A9\"<|"
	run_step "$FRONT: a form" same "$split" "$URL/cgi-bin/x" -d 'a=1&b=2'
	run_step "$FRONT: another type" same "$split" "$URL/cgi-bin/x" -H 'Content-Type: text/x' -d 'a' -X PUT
	run_step "$FRONT: HEAD" same "$split" "$URL/cgi-bin/x" -I
	run_step "$FRONT: fields that not all pass" same "$split" "$URL/cgi-bin/x" -X DELETE -H 'Proxy: p' \
	    -H 'Authorization: Basic eDp5' -H 'X_Under: u' -H 'X-Empty;' -H 'x-tEsT:  a  b ' -H 'Accept:'
	if [ "$FRONT" != nginx ] || nginx -v 2>&1 | grep -q 'nginx/1\.\([01][0-9]\|2[0-2]\)\.'; then
		run_step "$FRONT: fields that come twice" same "$split" "$URL/cgi-bin/x" \
		    -H 'Cookie: a=1' -H 'X-Test: a' -H 'cookie: b=2' -H 'x-test: b'
	fi
	# Debian's nginx leaves the port out of HTTP_HOST.
	[ "$FRONT" = nginx ] || run_step "$FRONT: a port" same "$split" "$URL:81/cgi-bin/x"
done
run_step "lighttpd: a script by its ending" same '' "$URL/a/b.pl"
run_step "lighttpd: the root" same --script-name=/ "$URL/a/b"
end_process "$SERVER_PID"
