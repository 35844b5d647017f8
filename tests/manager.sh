# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What the scripts share that run the daemon under a service manager, played by
# tests/manager.py.

MANAGER="$PYTHON -S -E $TESTS/manager.py"
# manager NAME SOCKET...: another one, which the daemon is started by from now on.
manager() {
	M=$T/$1
	shift
	$MANAGER serve "$M" "$@" &
	LEFT_PIDS="$LEFT_PIDS $!"
	poll test -S "$M/offer" || fail "the manager starts"
	export LAUNCH="$MANAGER exec $M"
}
# told TEXT [TIMES]: the manager has been, by now or soon.
told() { poll told_already "$@"; }
told_already() { [ "$(grep -c -e "$1" "$M/said")" -ge "${2:-1}" ]; }
# reload: to the configuration on standard input.
reload() { write_conf; kill -HUP "$DAEMON_PID"; }
# refused PATTERN [NAME=VALUE...]: the daemon does not start, and says why.
refused() {
	r_pattern=$1
	shift
	write_conf
	# shellcheck disable=SC2086
	fails env "$@" $LAUNCH "$DAEMON" -f -c "$T/conf" && grep -q -e "$r_pattern" "$T/output"
}
