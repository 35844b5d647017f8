#!/bin/sh
# SPDX-License-Identifier: ISC
# Which mapping, and what it hands the request to.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir "$T/tree" && chmod 755 "$T/tree"
cp "$CGI/index.sh" "$CGI/hello.sh" "$T/tree"
sed 1d "$CGI/env.sh" >"$T/tree/page.foo"
echo 'not a program' >"$T/tree/page.bar"
cat >"$T/conf.maps" <<END
map "/cgi/"           { directory = "$CGI" }
map "/cgi/deep/"      { program = "$CGI/env.sh"   setenv = { "WHICH=deep" } }
map "/tool"           { program = "$CGI/env.sh"   setenv = { "WHICH=tool" } }
map "/tree/"          { directory = "$T/tree"     index = { "none.sh", "index.sh" }
                        handler ".foo" { program = "/bin/sh" } }
map "/args"           { program = "$CGI/self.sh"  arguments = { "one", "two words" } }
map "/there"          { program = "$CGI/self.sh"  working-directory = "$T/tmp" }
map "/hosted/"        { directory = "$CGI" }
END
start_daemon <<END
$(cat "$T/conf.maps")
map "/hosted/" { host = "special.example"  program = "$CGI/env.sh"  setenv = { "WHICH=special" } }
END

run_step "the longest prefix" answers 200 /cgi/deep/env.sh
run_step "wins" has '^WHICH=deep$'
run_step "SCRIPT_NAME is the prefix" has '^SCRIPT_NAME=/cgi/deep$'
run_step "a prefix ends at a segment" answers 404 /cgi/deeper
run_step "a program takes the whole rest" answers 200 /tool/a/b
run_step "as its PATH_INFO" has '^PATH_INFO=/a/b$'
run_step "without a rest" answers 200 /tool
run_step "none is set" lacks_all PATH_INFO PATH_TRANSLATED
run_step "not beyond the segment" answers 404 /toolbox
run_step "a directory's index" answers 200 /tree/
run_step "runs" has 'this is the index'
run_step "a handler's file needs no execute bit" answers 200 /tree/page.foo/rest
run_step "and is the script" has '^SCRIPT_NAME=/tree/page.foo$'
run_step "with its rest" has '^PATH_INFO=/rest$'
run_step "a file without handler or execute bit" answers 403 /tree/page.bar
run_step "arguments" answers 200 /args
run_step "each as it stands" has '^args=2:one two words$'
run_step "a query is no argument" answers 200 '/cgi/self.sh?a+b'
run_step "ever" has '^args=0:$'
run_step "it starts in its own directory" has "^pwd=$CGI$"
run_step "or where it is told" answers 200 /there
run_step "namely" has "^pwd=$T/tmp$"
run_step "a host of its own" answers 200 /hosted/x -p SERVER_NAME=special.example -p HTTP_HOST=special.example
run_step "chosen" has '^WHICH=special$'
run_step "a host with a port" answers 200 /hosted/x -p SERVER_NAME=special.example -p HTTP_HOST=SPECIAL.example:8080
run_step "any other host" answers 200 /hosted/hello.sh
