#!/bin/sh
# SPDX-License-Identifier: ISC
# 50 upgrades under load, each to a binary in a new file: the process stays, its
# executable is the new one each time, and no request fails.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

mkdir "$T/bin"
cp "$DAEMON" "$T/bin/scgi-cgid"
DAEMON=$T/bin/scgi-cgid
inode() { stat -L -c %i "$1"; }
# upgrade: says yes if the process has become another program, that of the new file.
upgrade() {
	u_before=$(inode "/proc/$DAEMON_PID/exe")
	cp "$DAEMON" "$DAEMON.new"
	mv "$DAEMON.new" "$DAEMON"
	change USR2 ': upgraded to .*: workers'
	[ "$(inode "/proc/$DAEMON_PID/exe")" = "$(inode "$DAEMON")" ] && [ "$u_before" != "$(inode "$DAEMON")" ]
}

start_changing
# What it was given when it was started, and does not need, is gone after the first.
run_step "a first upgrade" upgrade
upgrades=1 same=0
begin_load
while [ $upgrades -lt "$(scaled 50 5)" ]; do
	upgrades=$((upgrades + 1))
	upgrade || same=$((same + 1))
done
figure "upgrades" "$upgrades"
bound "upgrades that do not run the new file" $same -eq 0
end_changing
run_step "the log tells of each" test "$(grep -c ': upgraded to' "$LOG")" -eq "$upgrades"
