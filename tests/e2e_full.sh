#!/bin/sh
# SPDX-License-Identifier: ISC
# The disk is full. Lines are lost and counted, requests are not; a body that finds no room is
# answered with 507, and others are served; with room again all is as before, without a restart.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need unshare nsenter mount
mkdir "$T/disk"
# The daemon alone sees the small disk.
printf '#!/bin/sh\nmount -t tmpfs -o size=256k,mode=777 none "%s" && exec "$@"\n' "$T/disk" >"$T/with-disk"
unshare -m sh "$T/with-disk" true 2>/dev/null || skip "not allowed to mount"
export LAUNCH="unshare -m sh $T/with-disk"
start_daemon <<END
workers = 1
log = "$T/disk/log"
access-log = "$T/disk/requests"
spool-directory = "$T/disk"
map "/cgi/"   { directory = "$CGI" }
map "/spool/" { directory = "$CGI"  request-body = spool }
END
# Until it is the daemon, what mounts the disk looks like one of its workers.
poll test -S "$SOCK" && poll has_workers 1
WORKER=$(workers)
inside() { nsenter -t "$DAEMON_PID" -m -- "$@"; }
room() { inside df --output=avail "$T/disk" | tail -n 1; }
in_log() { poll inside grep -qa -e "$1" "$T/disk/$2"; }
# A line that was written in part is ended before the next one begins.
mixed() { inside grep -ac -e '.20..-..-..T..:..:' -e '^[^2]' "$T/disk/requests"; }

run_step "room for a body" answers 200 /spool/sum.sh --body-size 100000
before=$(files_at_rest "$WORKER")
run_step "none for a larger one: 507" answers 507 /spool/sum.sh --body-size 1000000
run_step "nor for one that waits because the answer has begun" answers 507 /cgi/flood-first.sh --body-size 8000000
run_step "the log says where and why" in_log "cannot spool the body in $T/disk: No space left" log
run_step "what they took is given back" test "$(room)" -gt 200
inside sh -c "head -c 1000000 /dev/zero >'$T/disk/fill'" 2>/dev/null
run_step "nothing is left" test "$(room)" -eq 0
run_step "a body that is spooled: 507" answers 507 /spool/sum.sh --body-size 100000
run_step "a small one is not" answers 200 /spool/sum.sh --body-size 1000
run_step "200 requests, whose lines have no room, are served" scgi /cgi/hello.sh -n 200 -c 4 --expect-status 200
inside rm "$T/disk/fill"
run_step "room again: a body is spooled" answers 200 /spool/sum.sh --body-size 100000
run_step "lines are written again" answers 200 '/cgi/hello.sh?again'
run_step "and say how many were lost" in_log '[0-9][0-9]* lines lost: the log did not take them' requests
run_step "no line runs into another" test "$(mixed)" -eq 0
run_step "it is the same worker" test "$WORKER" = "$(workers)"
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }
run_step "with what it had before" poll as_before
