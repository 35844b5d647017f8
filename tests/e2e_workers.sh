#!/bin/sh
# SPDX-License-Identifier: ISC
# The master keeps its workers; workers do not outlive their master.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 3
map "/cgi/" { directory = "$CGI" }
END
# other_workers OLD: three of them, and OLD is not among them.
other_workers() { has_workers 3 && case " $(workers) " in *" $1 "*) return 1 ;; esac }

run_step "as many as configured" poll has_workers 3
for signal in KILL ABRT; do
	# shellcheck disable=SC2046
	set -- $(workers)
	kill -"$signal" "$1"
	run_step "one killed by SIG$signal is replaced" poll other_workers "$1"
	run_step "and that is logged" logged "$1"
	run_step "requests are answered" answers 200 /cgi/hello.sh
done

scgi /cgi/group.sh -q &
poll noted group
read -r leader family <"$T/tmp/group"
kill -KILL "$(cut -d' ' -f4 "/proc/$leader/stat")"
run_step "a program does not outlive its worker" poll gone "$leader"
# shellcheck disable=SC2086
run_step "nor do its children" poll gone $family

poll has_workers 3
old=$(workers)
scgi '/cgi/sleep.sh?1' --expect-status 200 -q &
client=$!
poll noted sleep.1
kill -KILL "$DAEMON_PID"
export LEFT_PIDS="$old"
run_step "the master killed: what was begun is answered" wait "$client"
# shellcheck disable=SC2086
run_step "and the workers leave" poll gone $old
