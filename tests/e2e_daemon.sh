#!/bin/sh
# SPDX-License-Identifier: ISC
# In the background, with a pid file and a log file.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

write_conf <<END
pid-file = "$T/pid"
log = "$T/own.log"
access-log = "$T/access.log"
map "/cgi/" { directory = "$CGI" }
END
touch "$T/own.log" "$T/access.log"
! is_root || chown nobody "$T/own.log" "$T/access.log"
run_step "the start succeeds" "$DAEMON" -c "$T/conf"
run_step "when it returns, requests are answered" answers 200 /cgi/hello.sh
DAEMON_PID=$(cat "$T/pid")
run_step "the pid file is right" alive "$DAEMON_PID"
run_step "the master has workers" poll has_workers 2
run_step "it has a session of its own" test "$(cut -d' ' -f6 "/proc/$DAEMON_PID/stat")" != "$(cut -d' ' -f6 /proc/$$/stat)"
run_step "and no place of ours" test "$(readlink "/proc/$DAEMON_PID/cwd")" = /
run_step "the access log has the request" poll grep -q '^.*request id=.*script=.*hello.sh' "$T/access.log"
run_step "the log has its start" test -s "$T/own.log"
run_step "a second one is refused" fails "$DAEMON" -c "$T/conf"
kill -TERM "$DAEMON_PID"
run_step "SIGTERM ends it" poll gone "$DAEMON_PID"
run_step "with its pid file and its socket" poll no_files "$T/pid" "$SOCK"
DAEMON_PID=

echo 'map "/cgi/" { directory = "/nonexistent" }' | write_conf
run_step "a bad configuration is a failure at once" fails "$DAEMON" -c "$T/conf"
run_step "also in the foreground" fails "$DAEMON" -f -c "$T/conf"
