#!/bin/sh
# SPDX-License-Identifier: ISC
# Indexed queries (RFC 3875 4.4): arguments only where they were asked for.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"    { directory = "$CGI" }
map "/index/"  { directory = "$CGI"  indexed-query = yes }
map "/first/"  { directory = "$CGI"  indexed-query = yes  arguments = { "first" } }
map "/shell"   { program = "/bin/sh"  indexed-query = yes  arguments = { "$CGI/arguments.sh" } }
map "/handle/" { directory = "$CGI"  indexed-query = yes  handler ".sh" { program = "/bin/sh" } }
END

# gives COUNT URI [OPTION...]: the program has so many arguments.
gives() {
	g_count=$1
	shift
	answers 200 "$@" && has "^count=$g_count\$"
}

run_step "none by default" gives 0 '/cgi/arguments.sh?one+two'
run_step "with indexed-query, the words" gives 2 '/index/arguments.sh?one+two%20%24x'
# shellcheck disable=SC2016
run_step "decoded, and safe in a shell" has '^argument=two \\$x$'
run_step "behind the mapping's own" gives 3 '/first/arguments.sh?one+two'
run_step "in order" holds <<END
argument=first
argument=one
argument=two
END
run_step "for HEAD too" answers 200 '/index/arguments.sh?one' -X HEAD
run_step "not for POST" gives 0 '/index/arguments.sh?one' -X POST
run_step "not with an equal sign" gives 0 '/index/arguments.sh?one+two=3'
run_step "all or nothing" gives 0 '/index/arguments.sh?one+%00'
run_step "never an option" gives 0 '/index/arguments.sh?one+-s'
run_step "in any disguise" gives 0 '/index/arguments.sh?one+%2Ds'
run_step "never with an interpreter" gives 0 '/handle/arguments.sh?one'
run_step "however it came to run" gives 0 "/shell?$CGI/arguments.sh"
run_step "none of none" gives 0 '/index/arguments.sh?'
run_step "the query itself is there in any case" answers 200 '/index/env.sh?one+two'
run_step "as it came" has '^QUERY_STRING=one+two$'
