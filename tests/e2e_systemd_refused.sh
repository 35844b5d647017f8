#!/bin/sh
# SPDX-License-Identifier: ISC
# Sockets of a service manager that will not do, at the start and at a reload.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
. "${0%/*}/manager.sh"

PORT=$(free_port)
manager two web="$T/second" web=@scgi-cgid-test-$$
chmod 666 "$T/second"
start_daemon <<END
listen = { "systemd:web" }
allow = { "uid:$(id -u)" }
map "/cgi/" { directory = "$CGI" }
END
told ^READY=1
reload <<END
listen = { "systemd:web" }
map "/cgi/" { directory = "$CGI" }
END
run_step "a configuration without the rules that a socket needs is none" logged 'allow = { "uid:www-data" }'
run_step "and is refused" told 'configuration kept: what it asks for cannot be had'
stop_daemon

run_step "nor is it at the start" refused 'will not listen on systemd:web, .* SocketMode=0660' <<END
listen = { "systemd" }
map "/cgi/" { directory = "$CGI" }
END
run_step "a name that there is not" refused 'handed over none of that name, but systemd:web and others' <<END
listen = { "systemd:wob" }
map "/cgi/" { directory = "$CGI" }
END
run_step "sockets for somebody else" refused 'handed over no socket' WHOSE=1 <<END
listen = { "systemd" }
map "/cgi/" { directory = "$CGI" }
END
run_step "a promise that is not kept" refused 'cannot take descriptor [0-9]* of 40' PROMISE=40 <<END
listen = { "systemd" }
map "/cgi/" { directory = "$CGI" }
END
run_step "or is none" refused 'LISTEN_FDS is no number of sockets: x' PROMISE=x <<END
listen = { "systemd" }
map "/cgi/" { directory = "$CGI" }
END

export NOTIFY=@scgi-cgid-notify-$$
manager three packets=dgram:"$T/packets" null=file tcp="0.0.0.0:$PORT"
run_step "a socket for packets" refused 'systemd:packets, .* no stream socket' <<END
listen = { "systemd:packets" }
map "/cgi/" { directory = "$CGI" }
END
run_step "no socket at all" refused 'systemd:null, .* it is no socket' <<END
listen = { "systemd:null" }
map "/cgi/" { directory = "$CGI" }
END
run_step "a port that every machine reaches" refused 'will not listen on systemd:tcp, .*10.0.0.0/8' <<END
listen = { "systemd:tcp" }
map "/cgi/" { directory = "$CGI" }
END
start_daemon <<END
listen = { "systemd:tcp" }
allow = { "10.0.0.0/8" }
map "/cgi/" { directory = "$CGI" }
END
ADDR=127.0.0.1:$PORT
export ADDR
run_step "with rules it is open to those whom they name" answers 403 /cgi/hello.sh
run_step "an abstract socket of the manager" told ^READY=1
