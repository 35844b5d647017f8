#!/bin/sh
# SPDX-License-Identifier: ISC
# Every row of scgi.table does what it says, and a request beside it never notices.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
workers = 1
max-header = 64k
max-field = 2k
map "/" { program = "$CGI/mirror.sh"  accept = { "*" } }
END
WORKER=$(workers | tr -d ' ')
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }
childless() { [ -z "$(children "$WORKER")" ]; }

ask /
poll childless
before=$(files_at_rest "$WORKER")
run_step "every row, in one piece and in many" \
    "$PYTHON" -S -E "$TESTS/scgi_table.py" "$TESTS/scgi.table" "$SOCK" "$LOG"
run_step "no child or zombie is left" poll childless
run_step "no descriptor is left" poll as_before
run_step "it is the same worker" test "$WORKER" = "$(workers | tr -d ' ')"
run_step "the daemon is well" answers 200 /
