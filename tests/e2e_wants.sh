#!/bin/sh
# SPDX-License-Identifier: ISC
# Processes, memory, files and directories are wanting for a while: whoever waits is told so, the
# log says it once, and when the want is over all is as before, with the same worker.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need prlimit
# The leak sanitizer wants processes and memory itself.
! grep -qa __asan "$DAEMON" || skip "not with the sanitizers"
cp /bin/cat "$T/handler"
mkdir "$T/logs"
start_daemon <<END
workers = 1
log = "$T/logs/log"
map "/cgi/" { directory = "$CGI" }
map "/spool/" { directory = "$CGI"  request-body = spool }
map "/x/"   { directory = "$CGI"  handler ".txt" { program = "$T/handler" } }
END
WORKER=$(workers)
printf 'Content-Type: a/b\n\ntext\n' >"$CGI/page.txt"
# limit RESOURCE [N]: of the worker, as far as it may go unless told.
worker_limits() { if is_root; then as_nobody prlimit --pid "$WORKER" "$@"; else prlimit --pid "$WORKER" "$@"; fi; }
limit() { worker_limits "--$1=${2:-$(worker_limits "--$1" --output HARD --noheadings | tr -d ' ')}:"; }
hangs() { ! scgi "$@" 2>/dev/null; }
lines() { grep -ac -e "$1" "$T/logs/log"; }
in_log() { poll grep -qa -e "$1" "$T/logs/log"; }
still() { answers 200 /cgi/hello.sh && test "$WORKER" = "$(workers)"; }
told() { answers 503 /cgi/hello.sh && has '^Retry-After: '; }

# a user who is not root may have so many processes
if is_root; then
	limit nproc 1
	run_step "no process for this user: 503, come again" told
	run_step "the log says why" in_log 'cannot run .*hello.sh: Resource temporarily unavailable'
	limit nproc
	run_step "processes again" still
fi

# the process table, or what a container may have of it
PIDS=/sys/fs/cgroup/pids
GROUP=$PIDS/scgi-cgid-test-$$
if is_root && mkdir "$GROUP" 2>/dev/null; then
	echo "$WORKER" >"$GROUP/cgroup.procs"
	echo 1 >"$GROUP/pids.max"
	run_step "no process at all: 503, come again" told
	echo max >"$GROUP/pids.max"
	run_step "processes again" still
	echo "$WORKER" >"$PIDS/cgroup.procs"
	rmdir "$GROUP"
else
	note "no process table of its own here"
fi

# memory: enough for what there is, not for 60 requests with 4 KB of fields more
size() { awk '/^VmSize/ { print $2 * 1024 }' "/proc/$WORKER/status"; }
limit as $(($(size) + 200000))
scgi '/cgi/sleep.sh?0.2' -n 60 -c 60 -H "X: $(printf %04000d 0)" >"$T/result"
cat "$T/result"
run_step "no memory: some are served" grep -q 'status=200 end=eof' "$T/result"
run_step "some are told that there is none" grep -q 'status=503 end=eof' "$T/result"
run_step "nobody waits for nothing" fails grep 'timeout' "$T/result"
limit as
run_step "memory again" scgi '/cgi/sleep.sh?0.1' -n 20 -c 20 --expect-status 200
run_step "the same worker" still

# descriptors
limit nofile 16
scgi '/cgi/sleep.sh?0.2' -n 40 -c 40 >"$T/result"
run_step "no descriptors: everyone has an answer" fails grep -v 'status=\(200\|503\) end=eof\|slowest' "$T/result"
"$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" --idle 20 >"$T/idle" &
idle=$!
poll grep -q ready "$T/idle"
run_step "others hold them all: who comes now waits" hangs /cgi/hello.sh -q --timeout 0.5
run_step "the log says so" in_log 'cannot accept: Too many open files'
run_step "but not each time" test "$(lines 'cannot accept')" -eq 1
kill $idle
limit nofile
run_step "descriptors again" still

# the size of files
limit fsize 100000
run_step "no file may be as large as that body: 507" answers 507 /spool/sum.sh --body-size 300000
run_step "the log says why" in_log 'cannot spool the body in .*: File too large'
run_step "it is not the end of anything" still
run_step "a smaller body" answers 200 /spool/sum.sh --body-size 90000
limit fsize
run_step "files of any size again" answers 200 /spool/sum.sh --body-size 300000

# files
run_step "a handler" answers 200 /x/page.txt
mv "$T/handler" "$T/handler.away"
run_step "it is not there: 502" answers 502 /x/page.txt
run_step "the log says which" in_log "cannot run $T/handler .*: No such file or directory"
mv "$T/handler.away" "$T/handler"
run_step "it is there again" answers 200 /x/page.txt

mv "$T/conf" "$T/conf.away"
kill -HUP "$DAEMON_PID"
run_step "no configuration to read" in_log 'conf: cannot open: No such file or directory'
run_step "so nothing changes" in_log 'not reloaded: .*the configuration in force stays'
run_step "and it serves" still
mkdir "$T/conf"
kill -HUP "$DAEMON_PID"
run_step "a directory in its place" in_log 'conf: cannot read: Is a directory'
run_step "changes nothing either" still
rmdir "$T/conf"

mv "$T/logs" "$T/logs.away"
kill -USR1 "$DAEMON_PID"
run_step "the directory of the logs is gone" poll grep -q 'the logs stay as they were' "$T/logs.away/log"
answers 200 '/cgi/hello.sh?still'
run_step "lines go where they went" poll grep -q 'hello.sh.*status=200' "$T/logs.away/log"
mkdir "$T/logs"
kill -USR1 "$DAEMON_PID"
run_step "it is there again" in_log 'log files opened anew'
run_step "lines go there" answers 200 /cgi/hello.sh
run_step "also the worker's" in_log 'request id='
mv "$T/conf.away" "$T/conf"
kill -HUP "$DAEMON_PID"
run_step "and there is a configuration again" in_log 'reloaded: workers'
