#!/bin/sh
# SPDX-License-Identifier: ISC
# Behind nginx, with the example as shipped: Unix socket, TCP, buffering on and off.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/frontends.sh"

need nginx
[ -r /etc/nginx/scgi_params ] || skip "no /etc/nginx/scgi_params here"
make_front

# server NAME REPLY-BUFFERING REQUEST-BUFFERING
server() {
	cat <<-END
		server {
		server_name $1;
		listen 127.0.0.1:$PORT;
		listen 127.0.0.1:$TLS ssl;
		scgi_buffering $2;
		scgi_request_buffering $3;
		include $T/nginx.conf;
		}
	END
}

for address in $ADDRESSES; do
	use nginx.conf "$address"
	start_gateway
	{
		! is_root || echo "user nobody $(id -gn nobody);"
		cat <<-END
			daemon off;
			worker_processes 1;
			pid nginx.pid;
			events { }
			http {
			access_log off;
			client_body_temp_path nginx-body;
			proxy_temp_path nginx-proxy;
			fastcgi_temp_path nginx-fastcgi;
			uwsgi_temp_path nginx-uwsgi;
			scgi_temp_path nginx-scgi;
			root $T/html;
			ssl_certificate $T/cert.pem;
			ssl_certificate_key $T/key.pem;
		END
		server on-on on on
		server off-on off on
		server on-off on off
		server off-off off off
		echo '}'
	} >"$T/server.conf"
	ln -sf /etc/nginx/scgi_params "$T/scgi_params"
	launch_front nginx -p "$T" -e "$T/nginx.err" -c "$T/server.conf"
	for HOST in on-on off-on; do
		run_step "$address, $HOST: as everywhere" asks nginx
	done
	for HOST in on-off off-off; do
		run_step "$address, $HOST: as everywhere, bodies excepted" asks nginx short
	done
	run_step "no parameter is a surprise" unlogged 'not passed to programs'
	start_gateway 'body-length = client'
	for HOST in on-off off-off; do
		run_step "$address, $HOST, body-length = client: as everywhere" asks nginx
	done
	stop_front
done
run_step "nginx never says that an answer is invalid" unsaid 'sent invalid'
