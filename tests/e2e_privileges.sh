#!/bin/sh
# SPDX-License-Identifier: ISC
# Started as root: the workers and their programs are somebody else, for good.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

is_root || skip "not root"
start_daemon <<END
map "/cgi/"  { directory = "$CGI" }
map "/ids"   { program = "/bin/sh"
               arguments = { "-c", "printf 'Content-Type: a/b\\n\\n'; exec cat /proc/self/status" } }
END
uid=$(id -u nobody)
gid=$(id -g nobody)
for worker in $(workers); do
	tr '\t' ' ' <"/proc/$worker/status" >"$T/reply"
	run_step "worker: uids" has "^Uid: $uid $uid $uid $uid$"
	run_step "worker: gids" has "^Gid: $gid $gid $gid $gid$"
	run_step "worker: groups" has "^Groups: *\($gid\)\? *$"
	run_step "worker: capabilities" has '^CapEff: 0*$'
	run_step "worker: permitted ones" has '^CapPrm: 0*$'
done
ask /ids
tr '\t' ' ' <"$T/reply" >"$T/text" && mv "$T/text" "$T/reply"
run_step "program: uids" has "^Uid: $uid $uid $uid $uid$"
run_step "program: groups" has "^Groups: *\($gid\)\? *$"
run_step "program: capabilities" has '^CapEff: 0*$'
stop_daemon

grep -v '^user' "$T/conf" >"$T/conf.nouser"
run_step "root without a user is refused" fails "$DAEMON" -f -c "$T/conf.nouser"
sed 's/^user.*/user = "root"/' "$T/conf" >"$T/conf.root"
run_step "so is root as the user" fails "$DAEMON" -f -c "$T/conf.root"
