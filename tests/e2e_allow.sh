#!/bin/sh
# SPDX-License-Identifier: ISC
# Who may connect, by user id and by address.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

PORT=$(free_port)
ours=$(id -u)

start_daemon <<END
listen = { "unix:$SOCK", "127.0.0.1:$PORT" }
allow  = { "uid:$ours", "127.0.0.1" }
map "/cgi/" { directory = "$CGI" }
END
run_step "a user that is named" answers 200 /cgi/hello.sh
ADDR=127.0.0.1:$PORT
run_step "an address that is named" answers 200 /cgi/hello.sh

start_daemon <<END
listen = { "unix:$SOCK", "127.0.0.1:$PORT" }
allow  = { "uid:4242", "127.0.0.9/32" }
map "/cgi/" { directory = "$CGI" }
END
ADDR=$SOCK
run_step "a user that is not" answers 403 /cgi/hello.sh
run_step "with the reason" has 'not among those that allow lists'
run_step "and in the log, with his id" \
    logged "peer=uid:$ours status=403 .*end=refused reason=peer-not-allowed"
ADDR=127.0.0.1:$PORT
run_step "an address that is not" answers 403 /cgi/hello.sh
run_step "in the log" logged 'peer=127.0.0.1 status=403 .*reason=peer-not-allowed'
run_step "nor is a body in its way" answers 403 /cgi/hello.sh --body-size 3000000
run_step "nor garbage looked at" answers 403 / --raw 'GET / HTTP/1.0\r\n\r\n'
run_step "in any case" unlogged 'bad-request'

write_conf <<END
listen = { "0.0.0.0:$PORT" }
allow  = { "192.0.2.0/24" }
map "/cgi/" { directory = "$CGI" }
END
run_step "with a rule one may listen beyond loopback" "$DAEMON" -t -c "$T/conf"

start_daemon <<END
socket-mode = 0666
allow = { "uid:$ours" }
map "/cgi/" { directory = "$CGI" }
END
run_step "or let everybody knock" test "$(stat -c %a "$SOCK")" = 666
ADDR=$SOCK
export ADDR
run_step "if one knows who" answers 200 /cgi/hello.sh
