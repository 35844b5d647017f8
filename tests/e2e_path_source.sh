#!/bin/sh
# SPDX-License-Identifier: ISC
# Where the path comes from: what each front end sends, and what an attacker would.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
bare() { ask / --bare -p REQUEST_METHOD=GET "$@"; }

bare -p DOCUMENT_URI=/cgi/env.sh/info
run_step "DOCUMENT_URI alone is enough" has '^SCRIPT_NAME=/cgi/env.sh$'
run_step "and is split" has '^PATH_INFO=/info$'
run_step "QUERY_STRING is there, empty" has '^QUERY_STRING=$'
bare -p SCRIPT_NAME=/cgi -p 'PATH_INFO=/env.sh/some where'
run_step "another split is split anew" has '^SCRIPT_NAME=/cgi/env.sh$'
run_step "with its rest" has '^PATH_INFO=/some where$'
bare -p SCRIPT_NAME=/cgi/env.sh/whole
run_step "SCRIPT_NAME alone" has '^PATH_INFO=/whole$'
bare -p SCRIPT_NAME= -p PATH_INFO=/cgi/env.sh
run_step "PATH_INFO alone" has '^SCRIPT_NAME=/cgi/env.sh$'
bare -p 'REQUEST_URI=/cgi/x/%2e%2e/./env.sh/a%20b?q=%41'
run_step "REQUEST_URI is decoded and its dots are resolved" has '^SCRIPT_NAME=/cgi/env.sh$'
run_step "with its rest" has '^PATH_INFO=/a b$'
bare -p REQUEST_URI=/cgi/env.sh -p SCRIPT_FILENAME=/bin/ls
run_step "SCRIPT_FILENAME chooses nothing" has '^SCRIPT_NAME=/cgi/env.sh$'

run_step "no path at all" answers '40[04]' / --bare -p REQUEST_METHOD=GET
run_step "no method" answers 400 / --bare -p DOCUMENT_URI=/cgi/env.sh
for path in /cgi/../etc/passwd /cgi/env.sh/../x '/cgi/env.sh\n' '/cgi/\001' '/cgi/env.sh/\177' /..; do
	run_step "refused in DOCUMENT_URI: $path" answers 400 / --bare -p REQUEST_METHOD=GET -p "DOCUMENT_URI=$path"
done
for path in /cgi/%00 /cgi/env.sh%0a /cgi/env.sh/%0d%0ax /cgi/..%2f..%2fetc/passwd /cgi/../../../etc/passwd \
    /../etc/passwd /%2e%2e/%2e%2e/etc/passwd /cgi/%2e%2e%2fcgi.conf; do
	run_step "refused in REQUEST_URI: $path" answers '40[04]' / --bare -p REQUEST_METHOD=GET -p "REQUEST_URI=$path"
done
for path in cgi/env.sh '' '*' http://x/cgi/env.sh /cgi/%zz /cgi/%4; do
	run_step "no harm in REQUEST_URI: $path" answers '[24]0[0-9]' / --bare -p REQUEST_METHOD=GET -p "REQUEST_URI=$path"
done
