#!/bin/sh
# SPDX-License-Identifier: ISC
# A program that cannot be started is answered for by us, with a fixed document, and never by the
# source of the script (CVE-2008-1111); nor does a failing start cost a worker.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

make() { # NAME FIRST-LINE: a script with a secret
	printf '%b\nSECRET of the source\n' "$2" >"$CGI/$1"
	chmod 755 "$CGI/$1"
}
make interpreter.sh '#!/nonexistent/interpreter'
make directory.sh '#!/usr/bin'
make plainfile.sh '#!/etc/passwd'
make crlf.sh '#!/bin/sh\r'
make nothing.sh '#!'
make blank.sh '#! '
make self.sh "#!$CGI/self.sh"
make none.sh 'no first line'
make utf8.sh '\0357\0273\0277#!/bin/sh'
make binary.sh '\0177ELF\0001\0001\0001'
make truncated.sh '\0177ELF\0002\0001\0001\0000\0000\0000\0000\0000\0000\0000\0000\0000\0002\0000\0076\0000'
make long.sh "#!/$(printf '%0400d' 0)"
: >"$CGI/empty.sh" && chmod 755 "$CGI/empty.sh"
make noexec.sh '#!/bin/sh' && chmod 644 "$CGI/noexec.sh"
make group.sh '#!/bin/sh' && chmod 700 "$CGI/group.sh" && { ! is_root || chown 0:0 "$CGI/group.sh"; }
mkdir "$T/gone"
for copy in "$T/handler" "$T/program" "$CGI/busy"; do cp "$BUILD/tests/inside" "$copy"; done
make page.x 'x'
start_daemon <<END
workers = 1
map "/cgi/"    { directory = "$CGI"  handler ".x" { program = "$T/handler" } }
map "/gone/"   { directory = "$CGI"  working-directory = "$T/gone" }
map "/one"     { program = "$T/program" }
END
WORKER=$(workers)
rmdir "$T/gone"
rm "$T/handler" "$T/program"
exec 4>>"$CGI/busy"
{
	for name in interpreter directory plainfile crlf nothing blank none utf8 binary truncated long empty; do
		echo "50[0-9]|403 /cgi/$name.sh --lacks SECRET --lacks root: --has '^50[0-9]|^403'"
		echo "50[0-9]|403 /cgi/$name.sh/x?y -b body --lacks SECRET --lacks root:"
		echo "50[0-9]|403 /cgi/$name.sh -X HEAD --lacks SECRET"
	done
	echo "50[0-9]|403 /cgi/self.sh --lacks SECRET"
	echo "403 /cgi/noexec.sh --lacks SECRET"
	echo "502 /cgi/page.x --lacks SECRET"
	echo "50[0-9] /gone/hello.sh"
	echo "50[0-9] /one"
	echo "50[0-9] /cgi/busy --lacks ELF"
	! is_root || echo "403 /cgi/group.sh --lacks SECRET"
	# 150 kB in one variable are more than execve(2) takes
	echo "431 /cgi/hello.sh -p HTTP_A=$(printf '%030000d' 0) -a HTTP_A=$(printf '%030000d' 0) -a HTTP_A=$(printf '%030000d' 0) -a HTTP_A=$(printf '%030000d' 0) -a HTTP_A=$(printf '%030000d' 0)"
} >"$T/table"
rows <"$T/table"
exec 4>&-

run_step "it is the same worker" test "$WORKER" = "$(workers)"
run_step "which has no child left" test -z "$(children "$WORKER")"

# No process is to be had, for an unprivileged user's worker: 503 and when to come again.
# The leak sanitizer wants one itself.
if is_root && ! grep -qa __asan "$DAEMON"; then
	export LAUNCH='prlimit --nproc=1'
	start_daemon <<-END
		workers = 1
		map "/cgi/" { directory = "$CGI" }
	END
	rows <<-'END'
		503 /cgi/hello.sh --has '^Retry-After: ' --lacks hello
		503 /cgi/sum.sh -b body --has '^Retry-After: '
		404 /cgi/missing.sh
	END
	run_step "the log has the reason" logged 'cannot run .*hello.sh.*Resource temporarily unavailable'
	run_step "the access line its word" logged 'hello.sh.* status=503 .*reason=no-resources'
fi
