#!/bin/sh
# SPDX-License-Identifier: ISC
# Names on the wire: cases and hyphens, duplicates, names that try to be others.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

ask /cgi/env.sh -d SCGI -a SCGI=1 -a http_x_low=1 -a HTTP_X-HYPHEN=2 -d HTTP_HOST -a Http-Host=h.example \
    -a HTTP_COOKIE=a=1 -a HTTP_COOKIE=b=2 -a HTTP_X_LIST=one -a HTTP_X_LIST=two \
    -a SERVER_NAME=last.example -a 'HTTP_X_ODD\n=1' -a HTTP_X_VALUE=a=b=c
run_step "folded, and joined where they come twice" holds <<'END'
HTTP_X_LOW=1
HTTP_X_HYPHEN=2
HTTP_HOST=h.example
HTTP_COOKIE=a=1; b=2
HTTP_X_LIST=one, two
SERVER_NAME=last.example
HTTP_X_VALUE=a=b=c
END
run_step "SCGI may come last" is 200

run_step "CONTENT_LENGTH twice" answers 400 /cgi/env.sh -a CONTENT_LENGTH=0
run_step "SCGI twice" answers 400 /cgi/env.sh -a SCGI=1
run_step "no SCGI" answers 400 /cgi/env.sh -d SCGI
run_step "SCGI of another version" answers 400 /cgi/env.sh -p SCGI=2
run_step "no CONTENT_LENGTH" answers 400 /cgi/env.sh -d CONTENT_LENGTH
for length in '' -1 +1 1x 0x10 99999999999999999999999 ' 1'; do
	run_step "CONTENT_LENGTH '$length'" answers 400 /cgi/env.sh --length="$length"
done
ask / --raw '77:CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0DOCUMENT_URI\0/cgi/env.sh\0LD_A=b\0c\0,'
run_step "a name with an equals sign is understood" is '[24]00'
run_step "but it makes no other variable" lacks '^LD_A'
run_step "an empty name" answers '[24]00' /cgi/env.sh -a =x
run_step "the daemon is well" answers 200 /cgi/hello.sh
