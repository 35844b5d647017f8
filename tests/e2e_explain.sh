#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-cgid --explain: what would become of a request, and what does.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"   { directory = "$CGI" }
map "/tight/" { directory = "$CGI"  methods = { "GET" }  require = { "REMOTE_USER" }  max-body = 10
                max-runtime = 90s  max-response-header = 4k }
map "/words"  { program = "$CGI/arguments.sh"  arguments = { "one", "two words" }  indexed-query = yes
                setenv = { "OURS=yes" }  accept = { "X_LISTED" }  nph = yes  max-processes = 5  working-directory = "$T/tmp" }
END

# explains STATUS REQUEST [NAME=VALUE...]
explains() {
	e_status=$1
	shift
	"$DAEMON" -c "$T/conf" --explain "$@" >"$T/reply" 2>"$T/said"
	[ $? -eq "$e_status" ]
}

run_step "a program" explains 0 'GET /words/more/path?a+b' X_LISTED=1 X_OTHER=2 HTTP_PROXY=x GATEWAY_INTERFACE=x
run_step "in full" holds <<END
request            GET /words/more/path?a+b
path               /words/more/path
mapping            "/words" ($T/conf:4)
script             $CGI/arguments.sh
program            $CGI/arguments.sh
argument           $CGI/arguments.sh
argument           one
argument           two words
argument           a
argument           b
working directory  $T/tmp
output             passed on as it is (non-parsed header)
setting            max-runtime = 0
of the mapping     max-processes = 5
of all             max-processes = 64
of all             max-header = 256k
not passed         HTTP_PROXY=x
not used           GATEWAY_INTERFACE=x; the gateway sets it itself
setting            indexed-query = yes
setting            output-timeout = 1m
left out           X_OTHER; accept = { "X_OTHER" } in the mapping lets it in
environment        OURS=yes
environment        PATH_INFO=/more/path
environment        QUERY_STRING=a+b
environment        SCRIPT_NAME=/words
environment        X_LISTED=1
END
run_step "what is taken as it is" explains 0 'POST /cgi/hello.sh' CONTENT_LENGTH=5 QUERY_STRING=a http-y=2 PATH=/x
run_step "is in the environment" holds <<END
environment        CONTENT_LENGTH=5
environment        HTTP_Y=2
environment        QUERY_STRING=a
not used           PATH=/x; the gateway sets it itself
END
run_step "and nothing else is said of it" test "$(grep -c '^not ' "$T/reply")" = 1
run_step "a path that comes divided" explains 0 /other SCRIPT_NAME=/cgi PATH_INFO=/hello.sh/x
run_step "is put together" holds <<END
path               /cgi/hello.sh/x
path from          PATH_INFO=/hello.sh/x; divided anew
path from          SCRIPT_NAME=/cgi; divided anew
environment        PATH_INFO=/x
END
explains 0 'GET /words/more/path?a+b' X_LISTED=1
if is_root; then
	run_step "and who runs it" has '^user  *nobody ('
else
	run_step "and who runs it" has "^user  *$(id -un) ($(id -u))"
fi
run_step "the settings are the mapping's" explains 0 /tight/hello.sh REMOTE_USER=joe
run_step "in the file's units" holds <<END
setting            max-runtime = 90s
setting            max-response-header = 4k
END

# same REQUEST STATUS WORD LINE: it says why not, and that is what the daemon does.
same() {
	s_method=GET
	case $1 in *' '*) s_method=${1%% *} ;; esac
	explains 1 "$1" || return 1
	has "^answer  *$2 " && has "^reason  *$3\$" && has "$4" || return 1
	answers "$2" "${1##* }" -X "$s_method" && logged "reason=$3 "
}
run_step "no mapping; which there are" same /none 404 no-map '^there is  *"/words"$'
run_step "no script; where it was looked for" same /cgi/none 404 no-script "^looked for  *$CGI/none\$"
run_step "a method; which may" same 'PUT /tight/hello.sh' 405 method '^method allowed  *GET$'
run_step "a variable; which one" same /tight/hello.sh 403 require '^missing  *REMOTE_USER$'
chmod 644 "$CGI/hello.sh"
run_step "permissions, and the remedy" same /cgi/hello.sh 403 not-executable 'chmod +x it'
run_step "a body that is too large" explains 1 'GET /tight/x' REMOTE_USER=joe CONTENT_LENGTH=11
run_step "by what it announces" has '^reason  *body-too-large$'
printf '#!/no/such/perl\n' >"$CGI/hello.pl"
run_step "an interpreter that is not there" explains 1 /cgi/hello.pl
run_step "by its name" has '^but  *it cannot be run: its interpreter /no/such/perl: No such file'

run_step "also why" holds <<END
answer             502 Bad Gateway
reason             exec-failed
END
mkdir -m 700 "$T/shut"
sed -i "s|$T/tmp\"|$T/shut\"|" "$T/conf"
if is_root; then
	run_step "a directory that cannot be entered" explains 1 /words
	run_step "and the answer" has '^reason  *working-directory$'
fi
run_step "what the decoder refuses" explains 1 /cgi/hello.py "X=$(head -c 40000 /dev/zero | tr '\0' x)"
run_step "by its answer" has '^reason  *field-too-large$'

run_step "what is no URL" explains 64 'GET garbage'
run_step "is told" grep -q 'cannot explain: .*: "GET garbage"' "$T/said"
run_step "what is no parameter" explains 64 /cgi/hello.py REMOTE_USER
run_step "too" grep -q 'cannot explain: not of the form NAME=value: "REMOTE_USER"' "$T/said"
