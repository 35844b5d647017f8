#!/bin/sh
# SPDX-License-Identifier: ISC
# The journal: an entry for each line, with fields, where its socket is; else lines that begin with their priority.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# play_journal: one of our own at $T/journal, its entries in $T/entries.
play_journal() {
	rm -f "$T/journal"
	"$PYTHON" -S -E "$TESTS/journal.py" "$T/journal" "$T/entries" &
	JOURNAL=$!
	poll test -S "$T/journal" || fail "the journal is played"
	chmod 666 "$T/journal"
}
end_journal() { end_process "$JOURNAL"; }
# entry KEY VALUE...: one of them has all of these fields.
entry() {
	e_pattern=
	while [ $# -gt 0 ]; do
		e_pattern="$e_pattern.*\"$1\": \"$2\""
		shift 2
	done
	poll grep -qae "$e_pattern" "$T/entries"
}

: >"$LOG"
JOURNAL_STREAM=$(stat -c %d:%i "$LOG")
export JOURNAL_STREAM
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
run_step "no socket: a request" answers 200 '/cgi/stderr.sh?lines'
run_step "its line is for information" logged '^<6>request id='
run_step "what the program says is a notice" logged '^<5>id=.* stderr: '
run_step "a bad program" answers 502 /cgi/nothing.sh
run_step "is a warning" logged '^<4>id=.*nothing.sh: no output at all'
run_step "and so is its request" logged '^<4>request id=.*status=502.* level=warning'

if is_root && unshare -m true 2>/dev/null; then
	play_journal
	cat >"$T/apart" <<-END
		mount -t tmpfs -o mode=755 none /run && mkdir -p /run/systemd/journal && : >/run/systemd/journal/socket &&
		    mount --bind "$T/journal" /run/systemd/journal/socket && exec "\$@"
	END
	LAUNCH="unshare -m sh $T/apart" start_daemon <<-END
		map "/cgi/" { directory = "$CGI" }
	END
	run_step "stderr is the journal, and its socket is there" answers 200 '/cgi/hello.sh'
	run_step "an entry" entry PRIORITY 6 CGID_PATH /cgi/hello.sh
	run_step "no line" unlogged '^<6>request'
	stop_daemon
	end_journal
fi

export JOURNAL_STREAM=1:1
play_journal
start_daemon <<END
log = "journal:$T/journal"
map "/cgi/" { directory = "$CGI" }
END
run_step "another file is no journal" unlogged '^<'
run_step "a message" entry MESSAGE 'scgi-cgid .*' PRIORITY 5 SYSLOG_IDENTIFIER scgi-cgid SYSLOG_FACILITY 3
run_step "a request with complaints" answers 200 '/cgi/stderr.sh?lines' --body-size 7
run_step "each is an entry" entry MESSAGE 'id=.* stderr: second complaint' PRIORITY 5 CGID_ID '[0-9-]*' CGID_SCRIPT "$CGI/stderr.sh"
run_step "and so is the request" entry MESSAGE 'request id=.*' PRIORITY 6 CGID_ID '[0-9-]*' CGID_PEER unix \
    CGID_MAP /cgi/ CGID_SCRIPT "$CGI/stderr.sh" CGID_METHOD POST CGID_PATH /cgi/stderr.sh CGID_STATUS 200 \
    CGID_IN 7 CGID_OUT '[0-9]*' CGID_FIRST_MS '[0-9]*' CGID_TOTAL_MS '[0-9]*' CGID_PID '[0-9]*' CGID_EXIT 0 \
    CGID_USER_MS '[0-9]*' CGID_SYS_MS '[0-9]*' CGID_MAXRSS_K '[0-9]*' CGID_END 'done'
run_step "a bad program" answers 502 '/cgi/nothing.sh?3'
run_step "its message" entry MESSAGE 'id=.*: no output at all' PRIORITY 4 CGID_SCRIPT "$CGI/nothing.sh" CGID_REASON no-output
run_step "its request" entry PRIORITY 4 CGID_STATUS 502 CGID_EXIT 3 CGID_END bad-reply CGID_REASON no-output CGID_LEVEL warning
run_step "a path with a line feed" answers 400 / -p 'DOCUMENT_URI=/x\nPRIORITY=0\nMESSAGE=forged'
run_step "is one field" entry MESSAGE 'request.*path=.*x0aPRIORITY=0.*x0aMESSAGE=forged.*' PRIORITY 6 \
    CGID_PATH '/x\\nPRIORITY=0\\nMESSAGE=forged' CGID_STATUS 400
end_journal
run_step "the journal goes: requests are answered" scgi /cgi/hello.sh -n 3 --expect-status 200
play_journal
run_step "it comes back" scgi /cgi/hello.sh -n 5 --expect-status 200
run_step "what it missed is counted" entry MESSAGE '[1-9][0-9]* lines lost: the log did not take them' PRIORITY 4
run_step "no entry was malformed" test "$(grep -c '^bad' "$T/entries")" = 0
stop_daemon
end_journal
run_step "without one the daemon does not start" fails "$DAEMON" -f -c "$T/conf"
run_step "and says why" grep -q 'cannot open the logs journal:' "$T/output"
