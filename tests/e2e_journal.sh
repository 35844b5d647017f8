#!/bin/sh
# SPDX-License-Identifier: ISC
# Where stderr is the journal, lines begin with their priority.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

: >"$LOG"
JOURNAL_STREAM=$(stat -c %d:%i "$LOG")
export JOURNAL_STREAM
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
run_step "a request" answers 200 '/cgi/stderr.sh?lines'
run_step "its line is for information" logged '^<6>request id='
run_step "what the program says is a notice" logged '^<5>id=.* stderr: '
run_step "a bad program" answers 502 /cgi/nothing.sh
run_step "is a warning" logged '^<4>id=.*nothing.sh: no output at all'

export JOURNAL_STREAM=1:1
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
run_step "another file is no journal" logged '^scgi-cgid: scgi-cgid '
