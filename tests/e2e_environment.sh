#!/bin/sh
# SPDX-License-Identifier: ISC
# What a program finds in its environment, and what it never finds there.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

SECRET_OF_DAEMON=1
export SECRET_OF_DAEMON
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

ask '/cgi/env.sh?x=1+2&z=%20' -H 'User-Agent: test' -H 'X-Empty:' -p PATH=/evil -p REMOTE_USER=ann
run_step "the meta-variables of RFC 3875 and the customary ones" holds <<'END'
GATEWAY_INTERFACE=CGI/1.1
SERVER_PROTOCOL=HTTP/1.1
REQUEST_METHOD=GET
SCRIPT_NAME=/cgi/env.sh
QUERY_STRING=x=1+2&z=%20
REQUEST_URI=/cgi/env.sh?x=1+2&z=%20
DOCUMENT_URI=/cgi/env.sh
DOCUMENT_ROOT=/usr/share/nginx/html
REQUEST_SCHEME=http
REDIRECT_STATUS=200
REMOTE_ADDR=192.0.2.7
REMOTE_PORT=40000
REMOTE_USER=ann
SERVER_NAME=test.example
SERVER_PORT=80
HTTP_HOST=test.example
HTTP_USER_AGENT=test
HTTP_X_EMPTY=
END
run_step "SERVER_SOFTWARE" has '^SERVER_SOFTWARE=.*scgi-cgid'
run_step "a PATH of ours" has '^PATH=.*/usr/bin'
run_step "not the front end's" lacks '^PATH=/evil'
run_step "nothing that is wrong without a body, nothing of the daemon's" lacks_all \
    CONTENT_TYPE CONTENT_LENGTH PATH_INFO PATH_TRANSLATED SECRET_OF_DAEMON HOME USER

ask /cgi/env.sh/a%20b/c -b 12345 -H 'Content-Length: 5' -H 'Content-Type: a/b' \
    -H 'Transfer-Encoding: chunked' -H 'Connection: close' -H 'Proxy: http://evil' \
    -H 'Authorization: Basic xyz' -H 'X-Shock: () { :; }; echo evil' -p 'SERVER_ADMIN=() {' \
    -p LD_PRELOAD=/evil.so -p LD_LIBRARY_PATH=/ -p BASH_ENV=/evil -p BASH_FUNC_x%%=1 -p ENV=/evil \
    -p IFS=/ -p PERL5LIB=/evil -p PERL5OPT=-d -p PYTHONPATH=/evil -p UNKNOWN_NAME=1 \
    -p SCRIPT_FILENAME=/etc/passwd -H 'X-Good: yes'
run_step "of a request with a body and a path" holds <<'END'
CONTENT_LENGTH=5
CONTENT_TYPE=application/octet-stream
SCRIPT_NAME=/cgi/env.sh
PATH_INFO=/a b/c
PATH_TRANSLATED=/usr/share/nginx/html/a b/c
HTTP_X_GOOD=yes
END
run_step "never, whatever is sent" lacks_all HTTP_CONTENT_LENGTH HTTP_CONTENT_TYPE \
    HTTP_TRANSFER_ENCODING HTTP_CONNECTION HTTP_PROXY HTTP_AUTHORIZATION HTTP_X_SHOCK SERVER_ADMIN \
    LD_PRELOAD LD_LIBRARY_PATH BASH_ENV BASH_FUNC_x%% ENV IFS PERL5LIB PERL5OPT PYTHONPATH UNKNOWN_NAME
run_step "SCRIPT_FILENAME from the wire names no file" lacks '=/etc/passwd'
run_step "a name left out is said in the log, with a remedy" logged 'UNKNOWN_NAME.*accept\|accept.*UNKNOWN_NAME'
