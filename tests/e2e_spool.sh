#!/bin/sh
# SPDX-License-Identifier: ISC
# No room for a body that has to wait: its own request suffers, no other.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir "$T/closed"
chmod 555 "$T/closed"
start_daemon <<END
spool-directory = "$T/closed"
map "/cgi/" { directory = "$CGI" }
END
run_step "a program that answers first" answers 507 /cgi/flood-first.sh --body-size 8000000
run_step "the log says where there is no room" logged "cannot spool the body in $T/closed"
run_step "and how it ended" logged 'flood-first.sh.*status=507.*end=error'
run_step "a program that reads first" answers 200 /cgi/sum.sh --body-size 1000000

chmod 777 "$T/closed"
run_step "room again" answers 200 /cgi/flood-first.sh --body-size 1000000
run_step "of which nothing is left" test -z "$(ls -A "$T/closed")"
