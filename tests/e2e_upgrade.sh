#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGUSR2: another binary in the place of this one, with its sockets, its process id and its
# old workers, and without a request lost; or nothing changes.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# The binary under a name of its own, which the test can give to others.
cp "$DAEMON" "$T/daemon"
DAEMON=$T/daemon
conf() {
	cat <<-END
		listen = { "unix:$SOCK", "unix:$T/second socket" }
		pid-file = "$T/pid"
		access-log = "$T/access.log"
		drain-timeout = 3s
		map "/cgi/" { directory = "$CGI" }
		${1:-}
	END
}
conf >"$T/first"
start_daemon <"$T/first"
pid=$DAEMON_PID

# upgrade TEXT: until the daemon has said TEXT once more.
upgrade() {
	u_text=$1
	u_before=$(grep -c "$u_text" "$LOG")
	kill -USR2 "$pid"
	poll said_more
}
said_more() { [ "$(grep -c "$u_text" "$LOG")" -gt "$u_before" ]; }
# upgrade_tried_again: by itself, after a worker has died.
upgrade_tried_again() { u_text='not upgraded to' u_before=1; poll said_more; }
# newer: put a copy in place of the binary, as a package does.
newer() { cp "$DAEMON" "$T/new" && mv "$T/new" "$DAEMON"; }
inode() { stat -L -c %i "$1"; }
is_new() { [ "$(inode "/proc/$pid/exe")" = "$(inode "$DAEMON")" ]; }
others_than() { has_workers 2 && for o_pid; do case " $(workers | tr '\n' ' ')" in *" $o_pid "*) return 1 ;; esac; done; }
# What it has been given at its first start and does not need is gone after an upgrade.
descriptors_of() { find "/proc/$1/fd" -type l -printf '%l\n' 2>/dev/null | grep -v '^pipe\|^/dev/null' | sed 's/[0-9]*//g' | sort | uniq -c; }
# as_before: the master has the descriptors that it had at first.
as_before() { [ "$(descriptors_of "$pid")" = "$at_first" ]; }

at_first=$(descriptors_of "$pid")
old=$(workers)
scgi '/cgi/sleep.sh?1' --expect-status 200 -q &
client=$!
poll noted sleep.1
newer
run_step "it is another binary by now" fails is_new
run_step "an upgrade" upgrade 'upgraded to '
run_step "runs the new binary" is_new
run_step "as the same process" alive "$pid"
run_step "by the same pid file" test "$(cat "$T/pid")" = "$pid"
run_step "which nobody else can take" fails "$DAEMON" -f -c "$T/conf"
run_step "it answers" answers 200 /cgi/hello.sh
ADDR="$T/second socket"
export ADDR
run_step "on each socket" answers 200 /cgi/hello.sh
ADDR=$SOCK
run_step "what ran is finished, by the old worker" wait "$client"
# shellcheck disable=SC2086
run_step "which leaves then" poll others_than $old
run_step "no descriptor is left over" poll as_before
run_step "programs know nothing of it" answers 200 /cgi/env.sh
run_step "  not a variable" lacks HANDOVER
run_step "the log is the same file" grep -q 'path=/cgi/env.sh' "$T/access.log"

# Binaries that will not do
printf '#!/bin/sh\nexit 1\n' >"$T/new" && chmod 755 "$T/new" && mv "$T/new" "$DAEMON"
old=$(workers)
run_step "one that says no" upgrade 'goes on'
rm "$DAEMON"
run_step "none at all" upgrade 'goes on'
printf '#!/bin/sh\ntest "%s" = -t\n' "\$1" >"$T/new" && mv "$T/new" "$DAEMON"
run_step "one that may not be run" upgrade 'goes on'
run_step "changed nothing" test "$(workers)" = "$old"
run_step "it answers" answers 200 /cgi/hello.sh
cp "$BUILD/src/scgi-cgid" "$T/new" && mv "$T/new" "$DAEMON"
conf nonsense | write_conf
run_step "a configuration that is none" upgrade 'goes on'
run_step "  is told with its line" logged 'conf:[0-9]*: '
conf | write_conf

mkdir "$T/real" && cp "$BUILD/src/scgi-cgid" "$T/real/daemon"
# One that takes over, and only then finds that it cannot work.
cat >"$T/new" <<END
#!/bin/sh
[ "\$1" = -t ] || echo nonsense >>"$T/conf"
exec "$T/real/daemon" "\$@"
END
chmod 755 "$T/new" && mv "$T/new" "$DAEMON"
run_step "too late to say no" upgrade 'not upgraded to .* the workers of the version before go on'
run_step "the old workers are there" test "$(workers)" = "$old"
run_step "and answer" answers 200 /cgi/hello.sh
# shellcheck disable=SC2046
kill -KILL $(workers | head -n 1)
run_step "one that dies" logged 'was ended by signal 9'
run_step "cannot be replaced" upgrade_tried_again
conf | write_conf
run_step "until the configuration is mended" logged 'upgraded to .*: workers'
run_step "then there are two again" poll has_workers 2
run_step "answering" answers 200 /cgi/hello.sh
cp "$BUILD/src/scgi-cgid" "$T/new" && mv "$T/new" "$DAEMON"

# A reload with another pid file leaves the one that there is, and so does the next binary.
conf | sed "s|$T/pid|$T/other pid|" | write_conf
kill -HUP "$pid"
run_step "another pid file is for the next start" logged 'reloaded: workers'
run_step "an upgrade" upgrade 'upgraded to '
run_step "keeps the pid file" test "$(cat "$T/pid")" = "$pid"
run_step "and makes no other" no_files "$T/other pid"
conf | write_conf

# Upgrades in a row, also while another goes on, with a reload and signals that log.
for _ in 1 2 3; do
	kill -USR2 "$pid"
	kill -HUP "$pid"
	kill -USR1 "$pid"
	newer
	run_step "one more" upgrade 'upgraded to '
done
run_step "answers" answers 200 /cgi/hello.sh
run_step "workers: two" poll has_workers 2
run_step "descriptors as at first" poll as_before

# What was begun before the upgrade is ended after it, when its time is over.
scgi '/cgi/sleep.sh?30' -q &
client=$!
poll noted sleep.30
run_step "with a program that sleeps" upgrade 'upgraded to '
run_step "drain-timeout goes on" logged 'drain-timeout is over'
wait "$client"
run_step "nothing of it stays" poll has_workers 2

# A worker that dies between the binaries is missed by neither.
newer
# shellcheck disable=SC2046
kill -KILL $(workers)
run_step "dead workers" upgrade 'upgraded to '
run_step "are replaced" poll answers 200 /cgi/hello.sh
kill -USR2 "$pid"
kill -TERM "$pid"
run_step "told to stop in between, it stops" poll gone "$pid"
run_step "and leaves nothing" no_files "$SOCK" "$T/second socket" "$T/pid"
