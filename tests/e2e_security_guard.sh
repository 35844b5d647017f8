#!/bin/sh
# SPDX-License-Identifier: ISC
# What a mapping demands cannot be walked around: another spelling of a guarded path is either
# guarded as well or leads nowhere.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$CGI/admin/deep"
cp "$CGI/env.sh" "$CGI/admin/x.sh"
cp "$CGI/env.sh" "$CGI/admin/deep/x.sh"
cp "$CGI/env.sh" "$CGI/admin/index.sh"
start_daemon <<END
map "/"            { directory = "$CGI"  index = { "index.sh" } }
map "/admin/"      { directory = "$CGI/admin"  index = { "index.sh" }  require = { "REMOTE_USER" } }
map "/tool"        { program = "$CGI/env.sh" }
map "/tool/admin"  { program = "$CGI/env.sh"  require = { "REMOTE_USER" } }
map "/read/"       { directory = "$CGI"  methods = { "GET" } }
END

for path in admin/x.sh /admin/x.sh admin//x.sh //admin///x.sh admin/x.sh/info //admin/x.sh/info admin/deep//x.sh \
    /admin//deep/x.sh admin /admin admin/ //admin// tool/admin tool//admin /tool/admin/x //tool//admin//x tool/./admin ./tool/.//admin/x; do
	for by in DOCUMENT_URI SCRIPT_NAME PATH_INFO REQUEST_URI; do
		echo "403 / --bare -p REQUEST_METHOD=GET -p $by=/$path"
		echo "403 / --bare -p REQUEST_METHOD=GET -p $by=/$path -p REMOTE_USER="
		echo "403 / --bare -p REQUEST_METHOD=GET -p $by=/$path -p HTTP_REMOTE_USER=ann"
		echo "200 / --bare -p REQUEST_METHOD=GET -p $by=/$path -p REMOTE_USER=ann --has ^REMOTE_USER=ann$"
	done
done >"$T/table"
rows <"$T/table"
run_step "a row for each" test "$(grep -c '^ok' "$T/rows")" = "$(wc -l <"$T/table")"
rows <<'END'
# Other spellings lead nowhere
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/./sub/x.sh
40[04] / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/x/../admin/x.sh
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/Admin/x.sh
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/%61dmin/x.sh
404 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/admin%2fx.sh
404 / --bare -p REQUEST_METHOD=GET -p 'DOCUMENT_URI=/admin\\x.sh'
403 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=/%61dmin/x.sh
403 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=/admin%2fx.sh
403 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=/x/..%2f/admin/./x.sh
403 / --bare -p REQUEST_METHOD=GET -p REQUEST_URI=//host/../admin/x.sh
# Slashes that are the program's own stay as they are
200 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/tool/a//b --has ^PATH_INFO=/a//b$
200 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/tool/./b/.git/x --has ^PATH_INFO=/./b/.git/x$
200 / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/env.sh//a --has ^PATH_INFO=//a$ --has ^SCRIPT_NAME=/env.sh$
# A method is the one that counts, however it is overridden by others
405 /read/env.sh -X POST -H 'X-HTTP-Method-Override: GET'
405 /read/env.sh -X GET2
400 /read/env.sh -X 'GET\n'
400 /read/env.sh -X 'GET POST'
END
