#!/bin/sh
# SPDX-License-Identifier: ISC
# What a program finds when it begins, told by itself: the same, however the daemon was started.
# Descriptors, signals, environment, limits, identity: the row of SC pipes without CLOEXEC, and hygiene.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

cp "$BUILD/tests/inside" "$CGI/inside" || exit 99
start() {
	start_daemon <<-END
		log = "$T/own.log"
		map "/cgi/"  { directory = "$CGI" }
		map "/nnp/"  { directory = "$CGI"  no-new-privileges = no }
	END
}
: >"$T/own.log"
! is_root || chown nobody "$T/own.log"
# facts PATTERN: the lines of the last reply that begin so, sorted.
facts() { tr -d '\r' <"$T/reply" | grep -a "^$1" | sort; }
only() { [ "$(facts "$1")" = "$2" ]; }
# AddressSanitizer has handlers of its own in the program that looks.
theirs='^$'
! grep -qa __asan "$CGI/inside" || theirs='^ignored=\(7\|8\|11\)$'
signals() { ! facts '\(blocked\|pending\|ignored\)=' | grep -qv "$theirs"; }


look() {
	run_step "$1: it runs" answers 200 '/cgi/inside?a+b' -b body -p REMOTE_USER=ann
	run_step "$1: descriptors 0, 1 and 2, and no others" only fd 'fd0=pipe r
fd1=pipe w
fd2=pipe w'
	run_step "$1: no signal blocked, pending or ignored" signals
	run_step "$1: umask, place, privileges, no timer, no terminal" holds <<-END
		Umask: 0022
		cwd=$CGI
		group=own
		tty=none
		deathsig=9
		subreaper=0
		no_new_privs=1
		keepcaps=0
		securebits=0
		timer=0
		nice=$(nice)
		scheduler=0
		Threads: 1
		CapEff: 0000000000000000
		CapPrm: 0000000000000000
		CapAmb: 0000000000000000
		argv0=$CGI/inside
		env REMOTE_USER=ann
		env SCRIPT_NAME=/cgi/inside
		env PATH=/usr/local/bin:/usr/bin:/bin
	END
	run_step "$1: one argument" lacks '^argv1='
	run_step "$1: as many variables as ever" test "$(facts env | cut -d= -f1 | tr '\n' ' ')" = "$NAMES"
	run_step "$1: limits as they were" test "$(facts limit)" = "$LIMITS"
	run_step "$1: a GET reads nothing from nowhere" answers 200 /cgi/inside
	run_step "$1: and that is all it has" only fd 'fd0=device r
fd1=pipe w
fd2=pipe w'
	if is_root; then
		run_step "$1: somebody else, for good" holds <<-END
			Uid: $(id -u nobody) $(id -u nobody) $(id -u nobody) $(id -u nobody)
			Gid: $(id -g nobody) $(id -g nobody) $(id -g nobody) $(id -g nobody)
			CapInh: 0000000000000000
		END
		run_step "$1: in no group of root's" lacks '^Groups:.* 0 '
	fi
}

start
ask '/cgi/inside?a+b' -b body -p REMOTE_USER=ann
NAMES=$(facts env | cut -d= -f1 | tr '\n' ' ')
LIMITS=$(facts limit)
look plainly
! is_root || run_step "started as root: programs cannot look into their worker" holds <<END
parent mem=closed
parent environ=closed
parent fd=closed
END
run_step "no-new-privileges = no" answers 200 /nnp/inside
run_step "is no" has '^no_new_privs=0$'

for words in 'block ignore' 'files names umask' terminal modes closed \
    'block ignore files names umask modes closed'; do
	LAUNCH="$PYTHON -S -E $TESTS/dirty.py $words --"
	start
	look "$words"
done
! is_root || for words in caps groups; do
	LAUNCH="$PYTHON -S -E $TESTS/dirty.py $words --"
	start
	look "$words"
	run_step "$words: in no group but nobody's" only Groups: "Groups: $(id -G nobody) "
done
! is_root || {
	LAUNCH="setpriv --reuid=nobody --regid=$(id -gn nobody) --clear-groups --inh-caps=+net_raw,+setuid"
	LAUNCH="$LAUNCH --ambient-caps=+net_raw,+setuid --"
	start
	look 'as nobody with capabilities'
}
