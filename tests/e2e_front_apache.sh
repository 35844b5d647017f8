#!/bin/sh
# SPDX-License-Identifier: ISC
# Behind Apache's mod_proxy_scgi, with the example as shipped: Unix socket and TCP.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/frontends.sh"

need apache2
modules=/usr/lib/apache2/modules
[ -r $modules/mod_proxy_scgi.so ] || skip "no mod_proxy_scgi here"
make_front
start_gateway

for address in $ADDRESSES; do
	use apache.conf "$address"
	{
		! is_root || echo "User nobody
			Group $(id -gn nobody)"
		for module in mpm_event authn_core authn_file authz_core authz_user auth_basic \
		    proxy proxy_scgi ssl; do
			echo "LoadModule ${module}_module $modules/mod_$module.so"
		done
		cat <<-END
			ServerRoot $T
			DefaultRuntimeDir $T
			PidFile $T/apache.pid
			Mutex posixsem
			ErrorLog $T/apache.err
			ServerName $HOST
			DocumentRoot $T/html
			Listen 127.0.0.1:$PORT
			Listen 127.0.0.1:$TLS
			<VirtualHost 127.0.0.1:$PORT>
			Include $T/apache.conf
			</VirtualHost>
			<VirtualHost 127.0.0.1:$TLS>
			SSLEngine on
			SSLCertificateFile $T/cert.pem
			SSLCertificateKeyFile $T/key.pem
			Include $T/apache.conf
			</VirtualHost>
		END
	} >"$T/server.conf"
	launch_front apache2 -DFOREGROUND -f "$T/server.conf"
	run_step "$address: as everywhere" asks apache
	stop_front
done
run_step "no parameter is a surprise" unlogged 'not passed to programs'
