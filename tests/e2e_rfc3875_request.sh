#!/bin/sh
# SPDX-License-Identifier: ISC
# RFC 3875, sections 3 and 4: what a server owes a program, section by section.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/"         { program = "$CGI/env.sh" }
map "/cgi/"     { directory = "$CGI" }
map "/guarded/" { directory = "$CGI"  require = { "REMOTE_USER" } }
map "/get/"     { directory = "$CGI"  methods = { "GET", "HEAD" } }
map "/words/"   { directory = "$CGI"  indexed-query = yes }
map "/handled/" { directory = "$CGI"  indexed-query = yes  handler ".sh" { program = "/bin/sh" } }
END
cp "$CGI/env.sh" "$CGI/a b%.sh"
cat >"$CGI/mark.sh" <<'END'
#!/bin/sh
echo "$REQUEST_METHOD:$#:$*" >../tmp/mark
printf 'Content-Type: text/plain\n\nmarked\n'
END
chmod 755 "$CGI/mark.sh"
mark_is() { [ "$(cat "$T/tmp/mark")" = "$1" ]; }
# once NAME: the variable is there, one time.
once() { [ "$(grep -ac "^$1=" "$T/reply")" = 1 ]; }

run_step "3.1 access is refused" answers 403 /guarded/mark.sh
run_step "3.1 and then no program has run" no_files "$T/tmp/mark"
run_step "3.1 whatever a program says, the reply is one" answers 502 /cgi/raw.sh -b 'HTTP/9 nonsense\n\n'

ask '/cgi/env.sh/a%20B;c/%3f?x=1&y=%20'
run_step "3.2 a leading part of the path is the program, the rest is for it" holds <<'END'
SCRIPT_NAME=/cgi/env.sh
PATH_INFO=/a B;c/?
END
grep -a '^\(SCRIPT_NAME\|PATH_INFO\|QUERY_STRING\)=' "$T/reply" >"$T/split"
ask '/cgi/env.sh/a%20B%3Bc/%3F?x=1&y=%20'
run_step "3.3 the Script-URI made of these is split into the same" holds <"$T/split"
run_step "3.4 the file is run as a program" answers 200 /cgi/mark.sh
rm "$T/tmp/mark"
scgi /cgi/mark.sh -b x --length 9 --leave-when "$T/tmp/mark" >"$T/reply" 2>&1
run_step "3.4 before its data is there" noted mark

ask '/cgi/env.sh' -a 'Http_x-Mixed=Mixed Case' -a 'HTTP_X_MIXED=two'
run_step "4.1 names differ by more than case" once HTTP_X_MIXED
run_step "4.1 values keep their case" has '^HTTP_X_MIXED=Mixed Case, two$'
run_step "4.1 what has no value is left out" lacks_all CONTENT_TYPE CONTENT_LENGTH PATH_INFO REMOTE_USER
run_step "4.1.2 no CONTENT_LENGTH without a body" lacks_all CONTENT_LENGTH
run_step "4.1.3 no CONTENT_TYPE is made up" lacks_all CONTENT_TYPE
run_step "4.1.6 no PATH_TRANSLATED without PATH_INFO" lacks_all PATH_TRANSLATED
run_step "4.1.7 QUERY_STRING is there, if empty" has '^QUERY_STRING=$'
run_step "4.1.9 REMOTE_HOST is not looked up" lacks_all REMOTE_HOST
run_step "4.1.10 nor is REMOTE_IDENT" lacks_all REMOTE_IDENT

ask '/cgi/env.sh/Some%20%41?Q=%41+b' -b 'five!' -H 'Transfer-Encoding: chunked' -p CONTENT_TYPE='a/b; c="D"' \
    -p GATEWAY_INTERFACE=CGI/1.01 -p AUTH_TYPE=Basic -p REMOTE_USER=ann -p REMOTE_HOST=h.example \
    -p REMOTE_IDENT=joe -p REMOTE_ADDR=2001:db8::1 -p SERVER_PORT=8080 -X PATCH -p HTTPS=on \
    -H 'Accept-Language: de' -H 'Accept-Language: fr' -H 'Cookie: a=1' -H 'Cookie: b=2' \
    -H 'Authorization: Basic eA==' -H 'Proxy-Authorization: Basic eA==' -H 'Content-Length: 5' -H 'Content-Type: a/b' -H 'Connection: close'
while read -r section line; do
	run_step "$section ${line%%=*}" has "^$line$"
done <<'END'
4.1.1 AUTH_TYPE=Basic
4.1.2 CONTENT_LENGTH=5
4.1.3 CONTENT_TYPE=a/b; c="D"
4.1.4 GATEWAY_INTERFACE=CGI/1.1
4.1.5 PATH_INFO=/Some A
4.1.6 PATH_TRANSLATED=/usr/share/nginx/html/Some A
4.1.7 QUERY_STRING=Q=%41+b
4.1.8 REMOTE_ADDR=2001:db8::1
4.1.9 REMOTE_HOST=h.example
4.1.10 REMOTE_IDENT=joe
4.1.11 REMOTE_USER=ann
4.1.12 REQUEST_METHOD=PATCH
4.1.13 SCRIPT_NAME=/cgi/env.sh
4.1.14 SERVER_NAME=test.example
4.1.15 SERVER_PORT=8080
4.1.16 SERVER_PROTOCOL=HTTP/1.1
4.1.17 SERVER_SOFTWARE=[a-z-]*/[0-9.]*
4.1.18 HTTP_ACCEPT_LANGUAGE=de, fr
4.1.18 HTTP_COOKIE=a=1; b=2
4.1.18 HTTPS=on
END
run_step "4.1.18 what is secret or elsewhere is left out" lacks_all HTTP_AUTHORIZATION \
    HTTP_PROXY_AUTHORIZATION HTTP_CONTENT_LENGTH HTTP_CONTENT_TYPE HTTP_CONNECTION HTTP_TRANSFER_ENCODING
ask '/cgi/a%20b%25.sh/'
run_step "4.1.5 a slash is one void segment" has '^PATH_INFO=/$'
run_step "4.1.13 SCRIPT_NAME is decoded, and has nothing of PATH_INFO" has '^SCRIPT_NAME=/cgi/a b%.sh$'
ask /whatever
run_step "4.1.13 SCRIPT_NAME is there even if it is empty" has '^SCRIPT_NAME=$'
ask / --bare -p REQUEST_METHOD=GET -p DOCUMENT_URI=/cgi/env.sh \
    -p 'REQUEST_URI=/cgi/env.sh?q=%41' -p REMOTE_ADDR=unix: -p 'HTTP_FOLD=a\r\n b' -p HTTP_HOST=host.example:8080
run_step "and if the front end sends none:" is 200
while read -r section line; do
	run_step "$section ${line%%=*}" has "^$line$"
done <<'END'
4.1.7 QUERY_STRING=q=%41
4.1.8 REMOTE_ADDR=127.0.0.1
4.1.18 HTTP_FOLD=a   b
4.1.14 SERVER_NAME=host.example
4.1.15 SERVER_PORT=80
4.1.16 SERVER_PROTOCOL=HTTP/1.0
4.1.17 SERVER_SOFTWARE=scgi-cgid/[0-9.]*
END
run_step "4.1.12 methods differ by case" answers 405 /get/env.sh -X get

ask /cgi/nph-raw.sh -b 'HTTP/1.1 200 OK\r\n\r\n\0\1\377' --excess more
run_step "4.2 a program can read its body, as it came, and then sees the end" \
    reply_is 'HTTP/1.1 200 OK\r\n\r\n\0\1\377'
run_step "4.2 but need not" answers 403 /cgi/ignore.sh --body-size 300000
ask /cgi/hello.sh -X HEAD
run_step "4.3.3 the body of the answer to a HEAD is discarded" test "$STATUS-$BODY_LEN" = 200-0
run_step "4.3.4 methods may be refused" answers 405 /get/env.sh -X DELETE

while IFS='|' read -r what uri method want; do
	ask "$uri" -X "$method"
	run_step "4.4 $what" mark_is "$method:$want"
done <<'END'
an indexed query is split and decoded|/words/mark.sh?one+t%57o+%C3%A4|GET|3:one tWo ä
so is that of a HEAD|/words/mark.sh?one+two|HEAD|2:one two
no other|/words/mark.sh?one+two|POST|0:
not with an equal sign|/words/mark.sh?one+t=o|GET|0:
an encoded one may be|/words/mark.sh?one+t%3Do|GET|2:one t=o
all words or none: an empty one|/words/mark.sh?one++two|GET|0:
a control character|/words/mark.sh?one+%0a|GET|0:
a NUL|/words/mark.sh?one+%00|GET|0:
bad encoding|/words/mark.sh?one+%4|GET|0:
a byte that must be encoded|/words/mark.sh?one+"|GET|0:
never an option|/words/mark.sh?one+-s|GET|0:
however it is encoded|/words/mark.sh?%2ds|GET|0:
never with an interpreter|/handled/mark.sh?one|GET|0:
not unless asked for|/cgi/mark.sh?one|GET|0:
END
ask '/words/mark.sh?%24%28id%29+a%3Bb'
run_step "7.2 what is active in a shell has a backslash before it" mark_is 'GET:2:\$\(id\) a\;b'
