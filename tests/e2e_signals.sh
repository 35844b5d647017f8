#!/bin/sh
# SPDX-License-Identifier: ISC
# Signals that do not mean stop lose no request and end no master.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

scgi '/cgi/sleep.sh?0.3' --expect-status 200 -q &
client=$!
poll noted sleep.0.3
for worker in $(workers); do
	kill -PIPE "$worker"
	kill -HUP "$worker"
	kill -USR1 "$worker"
	kill -USR2 "$worker"
done
run_step "stray signals to the workers: what runs is answered" wait "$client"
run_step "the next is answered" answers 200 /cgi/hello.sh
rm -f "$T/tmp/sleep.0.3"

for signal in HUP USR1 USR2 PIPE; do
	scgi '/cgi/sleep.sh?0.3' --expect-status 200 -q &
	client=$!
	poll noted sleep.0.3
	kill -"$signal" "$DAEMON_PID"
	run_step "SIG$signal to the master: what runs is answered" wait "$client"
	run_step "SIG$signal to the master: it lives" alive "$DAEMON_PID"
	run_step "SIG$signal to the master: the next is answered" answers 200 /cgi/hello.sh
	rm -f "$T/tmp/sleep.0.3"
done

scgi '/cgi/sleep.sh?30' -q &
poll noted sleep.30
kill -QUIT "$DAEMON_PID"
run_step "SIGQUIT to the master: it ends at once" poll gone "$DAEMON_PID"
run_step "and so does what ran" poll all_gone "$T/tmp/sleep.30"
run_step "and nothing is left behind" no_files "$SOCK"
