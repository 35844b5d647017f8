#!/bin/sh
# SPDX-License-Identifier: ISC
# A front end hangs up when it has all that was promised; that ends no program.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
start_nginx
fetch /cgi/promise.sh
run_step "all that Content-Length promises" is 200
run_step "the program works on" poll noted promise-kept
run_step "and nobody calls that gone" logged 'promise.sh.* exit=0 .*end=done'
rm -f "$T/tmp/promise-kept"
fetch /cgi/promise.sh --head
run_step "the header is all of a HEAD" is 200
run_step "the program works on" poll noted promise-kept
run_step "nobody was gone" unlogged 'end=client-gone'
