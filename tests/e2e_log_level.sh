#!/bin/sh
# SPDX-License-Identifier: ISC
# What somebody should look at is raised in level: what failed, what died, what was slow.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
log-level = error
map "/cgi/"   { directory = "$CGI" }
map "/slow/"  { directory = "$CGI"  slow-request = 200ms }
map "/short/" { directory = "$CGI"  output-timeout = 100ms }
END
# level PATTERN LEVEL: the access line of that has this level, or none.
level() {
	poll grep -qa -e "request id=.*$1" "$LOG" || return 1
	l_level=$(grep -a -e "request id=.*$1" "$LOG" | sed -n 's/.* level=\([a-z]*\).*/\1/p')
	[ "$l_level" = "$2" ]
}

printf 'Status: 503 Tired\n\n' >"$T/tmp/tired"
run_step "a request" answers 200 /cgi/hello.sh
run_step "is for information" level hello.sh ''
run_step "what is not there" answers 404 /cgi/none.sh
run_step "as well" level none.sh ''
run_step "what the program itself calls a failure" answers 503 /cgi/say.sh/tired
run_step "is a notice" level say.sh/tired notice
cat >"$CGI/fail.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\nx'
exit 3
END
chmod 755 "$CGI/fail.sh"
run_step "a program that fails" answers 200 /cgi/fail.sh
run_step "is a notice" level fail.sh notice
run_step "no answer" answers 502 /cgi/nothing.sh
run_step "is a warning" level nothing.sh warning
run_step "a program that dies" answers 200 '/cgi/die-late.sh?SEGV'
run_step "is a warning" level die-late.sh warning
run_step "one that is silent" answers 504 '/short/sleep.sh?7'
run_step "is a warning" level short/sleep.sh warning
scgi '/cgi/sleep.sh?8' -q --leave-when "$T/tmp/sleep.8"
run_step "one whose client leaves is not" level path=/cgi/sleep.sh ''
run_step "a slow one" answers 200 '/slow/sleep.sh?0.3'
run_step "is a warning" level 'slow/sleep.sh.* slow=yes' warning
run_step "a quick one" answers 200 /slow/hello.sh
run_step "is not" level slow/hello.sh ''
run_step "a slow one elsewhere" answers 200 '/cgi/sleep.sh?0.25'
run_step "neither" unlogged 'path=/cgi/sleep.sh.* slow='
