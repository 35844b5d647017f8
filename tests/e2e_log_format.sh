#!/bin/sh
# SPDX-License-Identifier: ISC
# Access lines as JSON and as web servers write them: whoever reads them finds what was there, and nothing forged.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

fields() { "$PYTHON" -S -E "$TESTS/log_fields.py" "$@"; }
is_line() { poll grep -qaE -e "$1" "$T/access"; }
has_lines() { [ "$(grep -c -e "$2" "$T/access")" -eq "$1" ]; }
start_format() {
	: >"$T/access"
	! is_root || chown nobody "$T/access"
	start_daemon <<-END
		workers = 1
		log-format = $1
		access-log = "$T/access"
		map "/cgi/" { directory = "$CGI" }
	END
}

start_format json
run_step "json: a request" answers 200 /cgi/hello.sh
run_step "numbers are numbers" is_line '^\{"time":"[-0-9]+T[:.0-9]+[-+][0-9:]+","id":"[0-9-]+".*,"status":200,"in":0,.*"exit":0,.*"end":"done"\}$'
ask / --raw 'junk' --half-close
run_step "a bad one" is_line '"status":400,.*"end":"bad-request","reason":"not-scgi","why":"not SCGI: .*"\}$'
run_step "json: paths come back as they went" fields json "$SOCK" "$T/access"
run_step "messages stay text" logged '^scgi-cgid: scgi-cgid '

start_format combined
run_step "combined: a request" answers 200 '/cgi/hello.sh?a=b' -p REMOTE_ADDR=192.0.2.7 -p REMOTE_USER='joe doe' \
    -p 'HTTP_REFERER=http://x/"y' -p 'HTTP_USER_AGENT=curl/8 (a; b)'
TIME='\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}(:[0-9]{2}){3} [-+][0-9]{4}\]'
run_step "all of it" is_line "^192\.0\.2\.7 - joe.x20doe $TIME \"GET /cgi/hello.sh\?a=b HTTP/1\.[01]\" 200 $BODY_LEN \"http://x/.x22y\" \"curl/8 \(a; b\)\"\$"
ask / --raw 'junk' --half-close
run_step "a bad one" is_line "^- - - $TIME \"-\" 400 [0-9]+ \"-\" \"-\"\$"
scgi '/cgi/sleep.sh?9' -q --leave-when "$T/tmp/sleep.9"
run_step "a client that left" is_line '"GET /cgi/sleep.sh.9 HTTP/1.[01]" 499 0 '
scgi /cgi/hello.sh -n 20 -c 4 --expect-status 200 -p REMOTE_ADDR=192.0.2.9 -p 'HTTP_USER_AGENT=x" 200 \\" ' -q
run_step "a line for each" poll has_lines 20 '^192.0.2.9 '
run_step "every line has nine parts" fields combined "$T/access"

if [ -x /usr/lib/cgi-bin/awstats.pl ]; then
	mkdir "$T/stats"
	printf '%s\n' "LogFile=\"$T/access\"" LogType=W LogFormat=1 SiteDomain=x DNSLookup=0 "DirData=$T/stats" >"$T/awstats.x.conf"
	lines=$(wc -l <"$T/access")
	AWSTATS_ENABLE_CONFIG_DIR=1 perl /usr/lib/cgi-bin/awstats.pl -config=x -configdir="$T" -update >"$T/stats/out" 2>&1
	run_step "AWStats reads all $lines lines" grep -q "Parsed lines in file: $lines\$" "$T/stats/out"
	run_step "and minds only the one that has no request" grep -q ' Found 1 corrupted records' "$T/stats/out"
fi
