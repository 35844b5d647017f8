#!/bin/sh
# SPDX-License-Identifier: ISC
# Traversal, in every encoding and by every parameter that can carry a path, through nginx too:
# CVE-2018-7490, CVE-2018-14912, CVE-2019-11043.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$CGI/sub" "$T/outside"
printf '#!/bin/sh\nprintf "Content-Type: a/b\\n\\nOUTSIDE\\n"\n' >"$T/outside/x.sh"
cp "$T/outside/x.sh" "$T/cgix.sh"
chmod 755 "$T/outside" "$T/outside/x.sh" "$T/cgix.sh"
start_daemon <<END
map "/cgi/" { directory = "$CGI"  index = { "index.sh" } }
map "/one"  { program = "$CGI/env.sh" }
END
# What leads out of $CGI if anybody climbs, decodes twice, cuts or joins.
cat >"$T/climbs" <<'END'
../outside/x.sh
../../../../../../../../../../etc/passwd
sub/../../outside/x.sh
sub/../../outside/x.sh/info
./../outside/x.sh
.../../../outside/x.sh
....//outside/x.sh
..//outside/x.sh
..;/outside/x.sh
/../outside/x.sh
//etc/passwd
env.sh/../../outside/x.sh
../cgix.sh
%2e%2e/outside/x.sh
%2E%2E/outside/x.sh
.%2e/outside/x.sh
%2e%2e%2foutside%2fx.sh
..%2foutside/x.sh
%252e%252e/outside/x.sh
%252e%252e%252foutside%252fx.sh
%25%32%65%25%32%65/outside/x.sh
%c0%ae%c0%ae/outside/x.sh
%c0%ae%c0%ae%c0%afoutside%c0%afx.sh
%e0%80%ae%e0%80%ae/outside/x.sh
%f0%80%80%ae%f0%80%80%ae/outside/x.sh
..%c0%afoutside/x.sh
%uff0e%uff0e/outside/x.sh
..%5coutside%5cx.sh
..%255coutside/x.sh
..\134outside\134x.sh
..%00/outside/x.sh
%00/../outside/x.sh
env.sh%00/../../outside/x.sh
env.sh%0a/../../outside/x.sh
\300\256\300\256/outside/x.sh
\001/../../outside/x.sh
END
# Each of them by each parameter; what is decoded for us on the way comes decoded as well.
while read -r climb; do
	for p in "'DOCUMENT_URI=/cgi/$climb'" "'SCRIPT_NAME=/cgi/$climb'" "'PATH_INFO=/cgi/$climb'" "'REQUEST_URI=/cgi/$climb'" \
	    "'REQUEST_URI=http://x.example/cgi/$climb'" "'DOCUMENT_URI=$climb'" "SCRIPT_NAME=/cgi -p 'PATH_INFO=/$climb'" \
	    "SCRIPT_NAME=/cgi/ -p 'PATH_INFO=$climb'"; do
		printf '%s\n' "40[034] / --bare -p REQUEST_METHOD=GET -p $p --lacks OUTSIDE --lacks root:"
	done
done <"$T/climbs" >"$T/table"
rows <"$T/table"
run_step "all of them" test "$(grep -c '^ok' "$T/rows")" = $((8 * $(wc -l <"$T/climbs")))

rows <<END
# Whoever names a file outside by its own name gets nothing
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=$T/outside/x.sh
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/cgi$T/outside/x.sh
40[04] / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=file://$T/outside/x.sh
404 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=$T/outside/x.sh -p SCRIPT_FILENAME=$T/outside/x.sh
404 /cgi/no.sh -p SCRIPT_FILENAME=$T/outside/x.sh -p PATH_TRANSLATED=$T/outside/x.sh --lacks OUTSIDE
200 /cgi/env.sh -p SCRIPT_FILENAME=$T/outside/x.sh -p DOCUMENT_ROOT=$T/outside --lacks OUTSIDE --has ^SCRIPT_NAME=/cgi/env.sh$
# The split is ours, whatever the front end's: a line end in the path moves nothing (CVE-2019-11043)
400 / --bare -p REQUEST_METHOD=GET -p 'DOCUMENT_URI=/cgi/env.sh\n/x'
400 / --bare -p REQUEST_METHOD=GET -p 'SCRIPT_NAME=/cgi/env.sh' -p 'PATH_INFO=\n'
400 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=/one%0a/x
200 / --bare -p REQUEST_METHOD=GET -p SCRIPT_NAME=/cgi/env -p PATH_INFO=.sh/x --has ^SCRIPT_NAME=/cgi/env.sh$ --has ^PATH_INFO=/x$
200 / --bare -p REQUEST_METHOD=GET -p SCRIPT_NAME=/cgi/env.sh -p PATH_INFO= --lacks ^PATH_INFO= --lacks ^PATH_TRANSLATED=
# PATH_TRANSLATED never leads out of DOCUMENT_ROOT (RFC 3875 4.1.6)
400 /cgi/env.sh/../../x -p DOCUMENT_ROOT=/srv/www
400 /one/../x -p DOCUMENT_ROOT=/srv/www
200 /one/%252e%252e/x -p DOCUMENT_ROOT=/srv/www --has ^PATH_TRANSLATED=/srv/www/%2e%2e/x$
END

start_nginx
while read -r climb; do
	case $climb in *\\*) continue ;; esac
	for path in "/cgi/$climb" "/$climb" "/one/../cgi/$climb"; do
		fetch "$path" --path-as-is
		is '40[034]' && lacks OUTSIDE && lacks root: || echo "$path: $STATUS"
	done
done <"$T/climbs" >"$T/through"
cat "$T/through"
run_step "through nginx, none" test ! -s "$T/through"
run_step "all the while it serves" answers 200 /cgi/hello.sh
