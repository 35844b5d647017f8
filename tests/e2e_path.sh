#!/bin/sh
# SPDX-License-Identifier: ISC
# From the path of a request to a file below the directory, and never elsewhere.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$CGI/sub" "$T/outside"
cp "$CGI/env.sh" "$CGI/sub/env.sh"
cp "$CGI/env.sh" "$CGI/.hidden.sh"
cp "$CGI/env.sh" "$CGI/open.sh" && chmod 777 "$CGI/open.sh"
cp "$CGI/env.sh" "$CGI/plain.sh" && chmod 644 "$CGI/plain.sh"
cp "$CGI/env.sh" "$CGI/a b%.sh"
cp "$CGI/env.sh" "$T/outside/env.sh" && chmod 755 "$T/outside"
ln -s env.sh "$CGI/inside.sh"
ln -s ../outside/env.sh "$CGI/outside.sh"
ln -s ../outside "$CGI/outdir"
ln -s nowhere "$CGI/dangling.sh"
mkfifo "$CGI/fifo.sh" && chmod 755 "$CGI/fifo.sh"
start_daemon <<END
map "/cgi/"    { directory = "$CGI" }
map "/strict/" { directory = "$CGI"  symlinks = beneath }
END

while read -r status uri script info; do
	run_step "$status for $uri" answers "$status" "$uri"
	[ -z "$script" ] || run_step "  by the script $script" has "^SCRIPT_NAME=$script$"
	[ -z "$info" ] || run_step "  with the rest $info" has "^PATH_INFO=$info$"
done <<'END'
200 /cgi/env.sh/a/b        /cgi/env.sh          /a/b
200 /cgi/env.sh/           /cgi/env.sh          /
200 /cgi/sub/env.sh/x      /cgi/sub/env.sh      /x
200 /cgi/env.sh/%2e/.git/x /cgi/env.sh
200 /cgi/a%20b%25.sh       /cgi/a[[:space:]]b%.sh
200 /cgi/inside.sh         /cgi/inside.sh
200 /strict/inside.sh/x    /strict/inside.sh    /x
200 /cgi/outside.sh        /cgi/outside.sh
200 /cgi/outdir/env.sh/y   /cgi/outdir/env.sh   /y
403 /strict/outside.sh
403 /strict/outdir/env.sh
404 /cgi/dangling.sh
404 /cgi/missing.sh
404 /cgi/missing/env.sh
404 /cgi/.hidden.sh
404 /elsewhere/env.sh
404 /cgix/env.sh
404 /
40[34] /cgi/
40[34] /cgi/sub
40[34] /cgi/fifo.sh
403 /cgi/open.sh
403 /cgi/plain.sh
END
run_step "a reason is given" answers 404 /cgi/missing.sh
run_step "with the code" has '404'
