#!/bin/sh
# SPDX-License-Identifier: ISC
# Behind lighttpd's mod_scgi, with the example as shipped: Unix socket and TCP.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/frontends.sh"

need lighttpd
[ -r /usr/lib/lighttpd/mod_openssl.so ] || skip "no lighttpd-mod-openssl here"
make_front
start_gateway 'local-redirect = client'

for address in $ADDRESSES; do
	use lighttpd.conf "$address"
	{
		! is_root || echo "server.username = \"nobody\"
			server.groupname = \"$(id -gn nobody)\""
		cat <<-END
			server.modules = ( "mod_openssl" )
			server.bind = "127.0.0.1"
			server.port = $PORT
			server.document-root = "$T/html"
			server.upload-dirs = ( "$T/tmp" )
			\$SERVER["socket"] == "127.0.0.1:$TLS" {
			ssl.engine = "enable"
			ssl.pemfile = "$T/both.pem"
			}
			include "$T/lighttpd.conf"
		END
	} >"$T/server.conf"
	launch_front lighttpd -D -f "$T/server.conf"
	run_step "$address: as everywhere" asks lighttpd "${again:-}"
	again=again
	stop_front
done
run_step "no parameter is a surprise" unlogged 'not passed to programs'
