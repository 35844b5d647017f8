#!/bin/sh
# SPDX-License-Identifier: ISC
# cgit's pages, with nothing but stock scgi_params.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need git
for cgit in /usr/lib/cgit/cgit.cgi /usr/libexec/cgit/cgit.cgi; do
	[ ! -x "$cgit" ] || break
done
[ -x "$cgit" ] || skip "no cgit here"
export HOME="$T"
git init -q -b main "$T/tmp/repo"
echo hidden >"$T/tmp/repo/.gitignore"
echo text >"$T/tmp/repo/a file"
git -C "$T/tmp/repo" add .
git -C "$T/tmp/repo" -c user.name=t -c user.email=t@test.example commit -q -m 'the first change'
printf 'cache-size=0\nrepo.url=project\nrepo.path=%s\nrepo.desc=for testing\n' "$T/tmp/repo/.git" >"$T/tmp/cgitrc"
! is_root || chown -R nobody "$T/tmp/repo"
start_daemon <<END
map "/cgit/" { program = "$cgit"  setenv = { "CGIT_CONFIG=$T/tmp/cgitrc" } }
END
start_nginx

while read -r path text; do
	fetch "$path"
	run_step "$path" is 200
	run_step "  shows $text" has "$text"
done <<'END'
/cgit/ for testing
/cgit/project/ the first change
/cgit/project/log/ the first change
/cgit/project/tree/.gitignore hidden
/cgit/project/tree/a%20file text
/cgit/project/plain/a%20file text
/cgit/project/commit/?h=main the first change
END
fetch /cgit/project/plain/.gitignore
run_step "a file with a leading dot, as it is" has '^hidden$'
fetch /cgit/project/tree/none
run_step "none such" is 404
