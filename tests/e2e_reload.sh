#!/bin/sh
# SPDX-License-Identifier: ISC
# SIGHUP: a new configuration without a request lost; SIGUSR1: new log files.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
access-log = "$T/access.log"
map "/cgi/" { directory = "$CGI" }
END
: >"$T/access.log"

# reload [TEXT]: with the configuration on standard input, until the daemon has
# said TEXT once more.
reload() {
	write_conf
	r_text=${1:-reloaded: workers}
	r_before=$(grep -c "$r_text" "$LOG")
	kill -HUP "$DAEMON_PID"
	poll said_more
}
said_more() { [ "$(grep -c "$r_text" "$LOG")" -gt "$r_before" ]; }
# others_than PID...: none of these is a worker, and there are two.
others_than() { has_workers 2 && for o_pid; do case " $(workers | tr '\n' ' ')" in *" $o_pid "*) return 1 ;; esac; done; }

old=$(workers)
scgi '/cgi/sleep.sh?1' --expect-status 200 -q &
client=$!
poll noted sleep.1
run_step "a new configuration" reload <<END
access-log = "$T/access.log"
map "/new/" { directory = "$CGI" }
END
run_step "is in force" answers 200 /new/hello.sh
run_step "and the old one is not" answers 404 /cgi/hello.sh
run_step "what ran is finished, by the old worker" wait "$client"
# shellcheck disable=SC2086
run_step "which leaves then" poll others_than $old
run_step "the socket is still there" test -S "$SOCK"

old=$(workers)
run_step "a configuration that is none" reload 'the configuration in force stays' <<END
map "/bad/" { director = "$CGI" }
END
run_step "is told with its line" logged 'conf:1: '
run_step "and changes nothing" answers 200 /new/hello.sh
run_step "nor a socket that cannot be" reload 'the configuration in force stays' <<END
listen = { "unix:$SOCK", "unix:$T/none/sock" }
map "/bad/" { directory = "$CGI" }
END
run_step "nor a log file" reload 'the configuration in force stays' <<END
log = "$T/none/log"
map "/bad/" { directory = "$CGI" }
END
run_step "still nothing" answers 200 /new/hello.sh
run_step "the workers are the same" test "$old" = "$(workers)"

run_step "a socket more, a worker more" reload <<END
listen = { "unix:$SOCK", "unix:$T/second" }
workers = 3
map "/cgi/" { directory = "$CGI" }
END
run_step "three workers" poll has_workers 3
ADDR=$T/second
export ADDR
run_step "it answers" answers 200 /cgi/hello.sh
run_step "and one less" reload <<END
listen = { "unix:$T/second" }
map "/cgi/" { directory = "$CGI" }
END
run_step "its file is gone" no_files "$SOCK"
PORT=$(free_port)
run_step "a TCP socket more" reload <<END
listen = { "$T/second", "127.0.0.1:$PORT" }
map "/cgi/" { directory = "$CGI" }
END
ADDR=127.0.0.1:$PORT
run_step "answers" answers 200 /cgi/hello.sh
ADDR=$T/second
run_step "and is taken away" reload <<END
listen = { "$T/second" }
map "/cgi/" { directory = "$CGI" }
END
free_again() { fails "$PYTHON" -S -E "$TESTS/scgi_client.py" "127.0.0.1:$PORT" /cgi/hello.sh -q; }
run_step "by all who had it" poll free_again
run_step "so that it can come back" reload <<END
listen = { "$T/second", "127.0.0.1:$PORT" }
map "/cgi/" { directory = "$CGI" }
END
run_step "one in another spelling is the same" reload <<END
listen = { "$T/second" }
map "/cgi/" { directory = "$CGI" }
END
run_step "the other answers" answers 200 /cgi/hello.sh

scgi /cgi/hello.sh -n 600 -c 8 --expect-status 200 >"$T/load" &
load=$!
times=0
while alive $load && [ $times -lt 20 ]; do
	kill -HUP "$DAEMON_PID"
	times=$((times + 1))
	sleep 0.05
done
run_step "$times reloads in the middle of it: no request is lost" wait $load
run_step "in the end there are two workers" poll has_workers 2

run_step "little time to drain" reload <<END
listen = { "unix:$T/second" }
drain-timeout = 300ms
map "/cgi/" { directory = "$CGI" }
END
scgi '/cgi/sleep.sh?30' -q &
poll noted sleep.30
kill -HUP "$DAEMON_PID"
run_step "who does not end is ended after drain-timeout" poll all_gone "$T/tmp/sleep.30"

write_conf <<END
listen = { "unix:$T/second" }
log = "$T/messages"
access-log = "$T/requests"
map "/cgi/" { directory = "$CGI" }
END
kill -HUP "$DAEMON_PID"
run_step "logs go to other files" poll grep -q 'reloaded: workers' "$T/messages"
answers 200 '/cgi/hello.sh?one'
run_step "those of the workers, too" poll grep -q 'path=/cgi/hello.sh' "$T/requests"
mv "$T/messages" "$T/messages.1"
mv "$T/requests" "$T/requests.1"
kill -USR1 "$DAEMON_PID"
run_step "SIGUSR1: new ones" poll grep -q 'log files opened anew' "$T/messages"
answers 200 /cgi/hello.sh
answers 200 '/cgi/stderr.sh?lines'
run_step "which the workers use" poll grep -q 'path=/cgi/stderr.sh' "$T/requests"
run_step "both of them" poll grep -q 'stderr:' "$T/messages"
run_step "and no longer the old" fails grep -q stderr.sh "$T/requests.1"
