#!/bin/sh
# SPDX-License-Identifier: ISC
# For those who come from fcgiwrap: a mapping takes its script from SCRIPT_FILENAME, but from listed
# directories alone, and by the rules that hold for any script. Behind nginx, too.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$T/www/sub" "$T/outside"
cp "$CGI/env.sh" "$T/www/a.cgi"
cp "$CGI/env.sh" "$T/www/sub/index.cgi"
cp "$CGI/env.sh" "$T/www/open.cgi" && chmod 757 "$T/www/open.cgi"
cp "$CGI/env.sh" "$T/www/plain.txt" && chmod 644 "$T/www/plain.txt"
cp "$CGI/env.sh" "$T/www/.hidden.cgi"
printf '#!/bin/sh\nprintf "Content-Type: a/b\\n\\nOUTSIDE\\n"\n' >"$T/outside/x.cgi"
chmod 755 "$T/outside/x.cgi"
ln -s ../outside/x.cgi "$T/www/out.cgi"
cat >"$T/map" <<END
map "/"      { script-filename = { "$T/www", "$CGI" }  index = { "index.cgi" }  symlinks = beneath
               handler ".txt" { program = "/bin/sh" } }
map "/self/" { directory = "$CGI" }
END
start_daemon <"$T/map"

F="-p SCRIPT_FILENAME=$T"
rows <<END
# The file is the front end's choice, and so is the split
200 /a.cgi $F/www/a.cgi --has ^SCRIPT_NAME=/a.cgi$ --has ^SCRIPT_FILENAME=$T/www/a.cgi$ --lacks ^PATH_INFO
200 /x -p SCRIPT_NAME=/tool -p PATH_INFO=/rest $F/www/a.cgi --has ^SCRIPT_NAME=/tool$ --has ^PATH_INFO=/rest$
200 /a.cgi/rest $F/www/a.cgi/rest --has ^SCRIPT_NAME=/a.cgi$ --has ^PATH_INFO=/rest$
200 /sub/ $F/www/sub/ --has ^SCRIPT_NAME=/sub/index.cgi$
200 /p $F/www/plain.txt --has ^SCRIPT_NAME=/p$
200 /e $F/cgi/env.sh --has ^SCRIPT_NAME=/e$
# Where nothing is listed, it chooses nothing
200 /self/env.sh $F/www/a.cgi --has ^SCRIPT_FILENAME=$T/cgi/env.sh$
# Not outside, by whatever way
403 /x $F/outside/x.cgi --lacks OUTSIDE
403 /x -p SCRIPT_FILENAME=/bin/ls
403 /x -p SCRIPT_FILENAME=/
403 /x $F/wwwx/a.cgi
403 /x $F/www/out.cgi --lacks OUTSIDE
403 /x -p SCRIPT_FILENAME=/.$T/www/a.cgi
400 /x $F/www/../outside/x.cgi --lacks OUTSIDE
400 /x $F/www/sub/../../outside/x.cgi --lacks OUTSIDE
400 /x $F/www/a.cgi/../../outside/x.cgi --lacks OUTSIDE
400 /x -p "SCRIPT_FILENAME=$T/www/a.cgi	x"
403 /x $F/www%2f..%2f..%2foutside/x.cgi --lacks OUTSIDE
404 /x $F/www/..%2foutside/x.cgi --lacks OUTSIDE
404 /x $F/www/./a.cgi
400 /x -p SCRIPT_FILENAME=www/a.cgi
400 /x -p SCRIPT_FILENAME=proxy:scgi://localhost/a.cgi
400 /x -p SCRIPT_FILENAME=
400 /x
403 /x $F/www/a.cgi $F/outside/x.cgi --lacks OUTSIDE
# Nor what is no script
404 /x $F/www/.hidden.cgi
404 /x $F/www/none.cgi
404 /x $F/www/a.cgi/rest
403 /x $F/www/open.cgi
END
run_step "the log names what was outside" logged "script=$T/outside/x.cgi .* status=403 .* reason=outside "

# explains STATUS PATTERN FILE
explains() {
	"$DAEMON" -c "$T/conf" --explain /a.cgi "SCRIPT_FILENAME=$3" >"$T/reply" 2>&1
	[ $? -eq "$1" ] && has "$2"
}
run_step "--explain: the file" explains 0 "^script  *$T/www/a.cgi\$" "$T/www/a.cgi"
run_step "and who chose it" has "^chosen by  *SCRIPT_FILENAME=$T/www/a.cgi\$"
run_step "--explain: why not" explains 1 '^reason  *outside$' /bin/ls
run_step "what it was" has '^looked for  */bin/ls$'
run_step "and where it may be" has "^below  *$T/www\$"
run_step "--explain: nothing named" explains 1 '^reason  *no-script-filename$' ''
if is_root; then
	mkdir -m 700 "$T/shut"
	sed "s|$T/www|$T/shut|" "$T/map" | write_conf
	run_step "-t: a directory that the programs' user cannot enter" fails "$DAEMON" -t -c "$T/conf"
	run_step "is named" grep -q 'map "/": script-filename ".*/shut" cannot be entered: Permission denied' "$T/output"
fi

# shellcheck disable=SC2034 # lib.sh takes it
NGINX_EXTRA="root $T/www; scgi_param SCRIPT_FILENAME \$request_filename;"
start_nginx
fetch /a.cgi/more/path?q=1
run_step "nginx names it: the file is found" has "^SCRIPT_FILENAME=$T/www/a.cgi\$"
run_step "and what is behind it" has '^PATH_INFO=/more/path$'
fetch /%2e%2e/outside/x.cgi --path-as-is
run_step "nginx cannot be led outside" lacks OUTSIDE
