#!/bin/sh
# SPDX-License-Identifier: ISC
# What a mapping demands, adds and takes away.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

FROM_DAEMON=inherited
export FROM_DAEMON
start_daemon <<END
methods = { "GET", "HEAD", "POST" }
setenv  = { "EVERYWHERE=1" }
map "/cgi/"     { directory = "$CGI" }
map "/get/"     { directory = "$CGI"  methods = { "GET" } }
map "/any/"     { directory = "$CGI"  methods = { "GET", "PROPFIND" } }
map "/user/"    { directory = "$CGI"  require = { "REMOTE_USER" } }
map "/https/"   { directory = "$CGI"  require = { "HTTPS", "HTTP_X_KEY" } }
map "/accept/"  { directory = "$CGI"  accept = { "EXTRA", "MY_*", "L*", "B*", "H*" } }
map "/set/"     { directory = "$CGI"  setenv = { "A=1", "B=x=y z", "EMPTY=", "LD_LIBRARY_PATH=/lib" }
                  passenv = { "FROM_DAEMON", "NOT_THERE" }  unsetenv = { "HTTP_COOKIE", "REMOTE_PORT" } }
map "/auth/"    { directory = "$CGI"  pass-authorization = yes }
END

run_step "a method of the list" answers 200 /get/hello.sh
run_step "another" answers 405 /get/hello.sh -b x
run_step "is told what is allowed" has '^Allow: .*GET'
run_step "a default of the file" answers 405 /cgi/hello.sh -X DELETE
run_step "methods have case" answers 405 /get/hello.sh -X get
run_step "a mapping knows better" answers 200 /any/hello.sh -X PROPFIND
run_step "no user" answers 403 /user/hello.sh
run_step "an empty one" answers 403 /user/hello.sh -p REMOTE_USER=
run_step "a user" answers 200 /user/hello.sh -p REMOTE_USER=ann
run_step "one of two" answers 403 /https/hello.sh -p HTTPS=on
run_step "both" answers 200 /https/hello.sh -p HTTPS=on -H 'X-Key: 1'

ask /accept/env.sh -p EXTRA=1 -p MY_OWN=2 -p OTHER=3 -p LD_PRELOAD=/x -p BASH_ENV=/x -H 'Proxy: x'
run_step "accepted by name" has '^EXTRA=1$'
run_step "and by pattern" has '^MY_OWN=2$'
run_step "but some never" lacks_all OTHER LD_PRELOAD BASH_ENV HTTP_PROXY
ask /set/env.sh -H 'Cookie: c' -H 'A: fake' -p A=fake
run_step "set and passed" holds <<'END'
A=1
B=x=y z
EMPTY=
LD_LIBRARY_PATH=/lib
FROM_DAEMON=inherited
END
run_step "taken away" lacks_all HTTP_COOKIE REMOTE_PORT NOT_THERE
ask /cgi/env.sh
run_step "set for all" has '^EVERYWHERE=1$'
run_step "not passed unasked" lacks_all FROM_DAEMON A
ask /auth/env.sh -H 'Authorization: Basic abc'
run_step "credentials only where wanted" has '^HTTP_AUTHORIZATION=Basic abc$'
