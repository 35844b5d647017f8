#!/bin/sh
# SPDX-License-Identifier: ISC
# Forms: CGI.pm and Python, GET and POST, through nginx.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
start_nginx
head -c 200000 /dev/urandom >"$T/upload"
sum=$(sha1sum <"$T/upload" | cut -d' ' -f1)

fetch '/cgi/form.py?name=a+b&x=%41'
run_step "Python, GET" holds <<'END'
method=GET
name=a b
x=A
END
fetch '/cgi/form.py?name=q' -d 'field=some%20thing&n=1'
run_step "Python, POST of a form" holds <<'END'
method=POST
field=some thing
n=1
name=q
END
fetch /cgi/form.py -H 'Content-Type: application/x-thing' --data-binary "@$T/upload"
run_step "Python, POST of bytes" has "^sum=$sum$"

perl -MCGI -e 1 2>/dev/null || { note "no CGI.pm here"; exit; }
fetch '/cgi/form.pl?name=a+b&x=%41;y=2'
run_step "CGI.pm, GET" holds <<'END'
method=GET
name=a b
x=A
y=2
END
fetch /cgi/form.pl -d 'field=some%20thing&n=1'
run_step "CGI.pm, POST of a form" holds <<'END'
method=POST
field=some thing
n=1
END
fetch /cgi/form.pl -F "file=@$T/upload" -F 'text=with it'
run_step "CGI.pm, a file" has "^file sum=$sum$"
run_step "CGI.pm, and a field" has '^text=with it$'
