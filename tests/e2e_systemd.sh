#!/bin/sh
# SPDX-License-Identifier: ISC
# Under a service manager: it is told how we are, and its sockets are used.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
. "${0%/*}/manager.sh"

PORT=$(free_port)
manager one web="$SOCK" api="127.0.0.1:$PORT"
chmod 660 "$SOCK"
! is_root || chown nobody "$SOCK"
export NOTIFY_TEST=kept
start_daemon <<END
listen = { "systemd" }
map "/cgi/" { directory = "$CGI" passenv = { "NOTIFY_TEST", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_USEC" } }
END
run_step "ready is said when all workers accept" told '^READY=1 | STATUS=2 workers, 0 requests, 0 programs running, 0 waiting$'
run_step "an inherited socket answers" answers 200 /cgi/env.sh
run_step "programs get what they are to get" has ^NOTIFY_TEST=kept
run_step "and nothing of the manager's" lacks_all NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES WATCHDOG_USEC
ADDR=127.0.0.1:$PORT
run_step "so does the other" answers 200 /cgi/hello.sh
run_step "without a watchdog there is no tick" fails grep -q WATCHDOG "$M/said"

reload <<END
listen = { "systemd:web" }
map "/cgi/" { directory = "$CGI" }
END
ADDR=$SOCK
run_step "a reload is told" told '^RELOADING=1 | MONOTONIC_USEC=[0-9]* | '
run_step "and that it is over" told '^READY=1' 2
run_step "a socket that is not used any more is told of" logged 'nobody answers on systemd:api,'
kill -USR2 "$DAEMON_PID"
run_step "a new binary says that it is ready, too" told '^READY=1 .* waiting$' 3
run_step "and has not forgotten that socket" test "$(grep -c 'nobody answers on systemd:api,' "$LOG")" -eq 2
run_step "the other one answers" answers 200 /cgi/hello.sh
echo nonsense | reload
run_step "a reload that fails: what is in force" told '^READY=1 .*; configuration kept: the file has faults$'
reload <<END
listen = { "systemd:web", "systemd:api" }
workers = 1
requests-per-worker = 1
map "/cgi/" { directory = "$CGI" }
END
run_step "a socket comes back" told '^READY=1 .* waiting$' 4
ADDR=127.0.0.1:$PORT
run_step "and answers" answers 200 /cgi/hello.sh

ADDR=$SOCK
scgi '/cgi/sleep.sh?2' --expect-status 200 -q &
client=$!
poll noted sleep.2
kill -TERM "$DAEMON_PID"
run_step "stopping is told, and what runs still" told '^STOPPING=1 | STATUS=stopping: 1 worker, 1 request, 1 program running'
scgi '/cgi/hello.sh' --expect-status 200 -q &
later=$!
run_step "it is finished" wait $client
run_step "who comes now is left for the next one" poll gone "$DAEMON_PID"
wait "$DAEMON_PID"
DAEMON_PID=
run_step "the socket file is not ours to remove" test -S "$SOCK"
run_step "nobody has been refused" alive $later
start_daemon <<END
listen = { "unix:$SOCK", "127.0.0.1:$PORT" }
map "/cgi/" { directory = "$CGI" }
END
run_step "it does, though it names the sockets by their addresses" wait $later
ADDR=127.0.0.1:$PORT
run_step "both of them" answers 200 /cgi/hello.sh
stop_daemon
run_step "which are the manager's all the same" test -S "$SOCK"

manager two web="$T/second" web=@scgi-cgid-test-$$
chmod 666 "$T/second"
start_daemon <<END
listen = { "systemd:web" }
allow = { "uid:$(id -u)" }
map "/cgi/" { directory = "$CGI" }
END
for ADDR in "$T/second" "@scgi-cgid-test-$$"; do
	run_step "two of one name: $ADDR" answers 200 /cgi/hello.sh
done
