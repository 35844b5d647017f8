#!/bin/sh
# SPDX-License-Identifier: ISC
# What the wire can put into an environment or a command line: httpoxy (CVE-2016-5385 to 5388),
# Shellshock (CVE-2014-6271), names that steer interpreters, options by query (CVE-2012-1823,
# CVE-2012-2311, CVE-2024-4577), X_Forwarded_For beside X-Forwarded-For (lighttpd 170db8fe).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# A program like php-cgi: a word that begins with a hyphen is an option, and shows the source.
cat >"$CGI/options.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\n'
echo "words=$#:$*"
for word; do
	case $word in -s) cat "$0" ;; -d*) echo "setting $word" ;; esac
done
END
chmod 755 "$CGI/options.sh"
cat >"$CGI/bash.sh" <<'END'
#!/bin/bash
printf 'Content-Type: text/plain\n\n'
echo "ran under bash"
END
chmod 755 "$CGI/bash.sh"
cp "$CGI/options.sh" "$CGI/plain.opt"
start_daemon <<END
map "/cgi/"  { directory = "$CGI"  handler ".opt" { program = "/bin/sh" } }
map "/any/"  { directory = "$CGI"  accept = { "*" }  pass-authorization = yes }
map "/own/"  { directory = "$CGI"  setenv = { "HTTP_PROXY=http://ours" } }
map "/one"   { program = "$CGI/options.sh" }
END

row() { printf '%s\n' "$*"; }
for map in /cgi /any; do
	for name in 'Proxy' 'PROXY' 'proxy' 'pRoXy'; do
		row "200 $map/env.sh -H '$name: http://evil' --lacks evil"
	done
	for name in HTTP_PROXY HTTP-PROXY http_proxy Http-Proxy; do
		row "200 $map/env.sh -a '$name=http://evil' --lacks evil"
		row "200 $map/env.sh -a '$name=http://evil' -H 'Proxy: http://evil' --lacks evil"
	done
	for name in HTTPS_PROXY https_proxy ALL_PROXY FTP_PROXY NO_PROXY CGI_HTTP_PROXY RSYNC_PROXY; do
		row "200 $map/env.sh -a $name=evil --lacks evil"
	done
	# Values that old shells take for a function, wherever a value can come from.
	for shock in '() { :; }; echo evil' '() { _; } >_[1] { echo evil; }' '() {' '() { evil'; do
		for by in HTTP_X HTTP_COOKIE HTTP_USER_AGENT HTTP_HOST QUERY_STRING REMOTE_USER REMOTE_ADDR REQUEST_URI \
		    SERVER_NAME SERVER_PORT SERVER_PROTOCOL SERVER_SOFTWARE DOCUMENT_ROOT AUTH_TYPE CONTENT_TYPE SSL_X \
		    REQUEST_SCHEME HTTP_AUTHORIZATION OTHER; do
			row "200 $map/env.sh -p '$by=$shock' --lacks '=\\(\\) *\\{' --lacks '^[^=]*=[^/]*evil'"
		done
		row "200 '$map/env.sh/$shock' --lacks =[(]"
		row "200 '$map/bash.sh/$shock?$shock' -H 'X: $shock' --has '^ran under bash$' --lacks ^evil"
		row "400 $map/env.sh -p 'REQUEST_METHOD=$shock'"
	done
	# Two halves of one, and one behind an empty value: what is joined is looked at joined.
	row "200 $map/env.sh -a 'HTTP_COOKIE=() {' -a 'HTTP_COOKIE= :; }; echo evil' --lacks HTTP_COOKIE"
	row "200 $map/env.sh -a 'HTTP_COOKIE=' -a 'HTTP_COOKIE=() { :; }; evil' --has '^HTTP_COOKIE=; \\(\\)'"
	row "200 $map/env.sh -a 'HTTP_X=() {' -a 'HTTP_X=x' -a 'http-x=y' --lacks HTTP_X="
	row "200 $map/env.sh -a 'HTTP_X=(' -a 'HTTP_X=) { :; }' --lacks =[(][)]"
	# Names that steer; names that bash takes for functions; names that are none.
	for name in LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG_OUTPUT ld_preload Ld-Preload GCONV_PATH GLIBC_TUNABLES \
	    MALLOC_CHECK_ LOCPATH NLSPATH RES_OPTIONS HOSTALIASES LOCALDOMAIN TZDIR TMPDIR BASH_ENV BASH_FUNC_ls%% \
	    'BASH_FUNC_ls()' ENV IFS PS4 PROMPT_COMMAND SHELLOPTS BASHOPTS CDPATH GLOBIGNORE SHELL HOME ZDOTDIR FPATH \
	    PERL5OPT PERL5LIB PERLLIB PERL5DB PERLIO_DEBUG PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONINSPECT \
	    PYTHONWARNINGS RUBYOPT RUBYLIB GEM_PATH GEM_HOME BUNDLE_GEMFILE PHPRC PHP_INI_SCAN_DIR NODE_OPTIONS \
	    NODE_PATH LUA_PATH LUA_INIT LUA_PATH_5_3 TCLLIBPATH JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS \
	    CLASSPATH GIT_SSH_COMMAND GIT_EXEC_PATH GIT_CONFIG_COUNT GIT_PAGER GIT_EXTERNAL_DIFF OPENSSL_CONF \
	    SSL_CERT_FILE SSL_CERT_DIR EDITOR VISUAL PAGER MANPAGER LESSOPEN LESSCLOSE BROWSER AWKPATH AWKLIBPATH \
	    TERMINFO TERMINFO_DIRS TERMCAP INPUTRC GETCONF_DIR ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS GCOV_PREFIX \
	    LLVM_PROFILE_FILE GUILE_LOAD_PATH R_PROFILE ERL_FLAGS MAGICK_CONFIGURE_PATH GS_OPTIONS DYLD_INSERT_LIBRARIES \
	    GATEWAY_INTERFACE REDIRECT_STATUS SCRIPT_FILENAME PATH PATH_TRANSLATED; do
		row "200 $map/env.sh -a '$name=/evil' --lacks evil"
	done
	for name in 'A B' 'A%%' 'A()' 1A 'A.B' 'A\n' 'A\000B' 'A\377' '%A'; do
		row "[24]00 $map/env.sh -a '$name=evil' --lacks evil"
	done
done >"$T/table"
rows <"$T/table"
run_step "the table is whole" test "$(wc -l <"$T/table")" -gt 400
rows <<'END'
# A value is as it was sent, and the administrator may do what the wire may not
200 /any/env.sh -p OTHER=yes --has ^OTHER=yes$
200 /own/env.sh -H 'Proxy: http://evil' --has ^HTTP_PROXY=http://ours$ --lacks evil
[24]00 / --raw '82:CONTENT_LENGTH\0000\0SCGI\0001\0REQUEST_METHOD\0GET\0DOCUMENT_URI\0/any/env.sh\0LD_PRELOAD=/x\0y\0,' --lacks LD_P
# What the client sends with an underscore does not take the place of what the front end sends
200 /cgi/env.sh -a HTTP_X_FORWARDED_FOR=192.0.2.1 -a HTTP_X-FORWARDED_FOR=evil --has '^HTTP_X_FORWARDED_FOR=192.0.2.1, evil$'
200 /cgi/env.sh -a HTTP_X_REAL_IP=192.0.2.1 -a HTTP_X-REAL-IP=evil --has '^HTTP_X_REAL_IP=192.0.2.1, evil$'
400 /cgi/env.sh -a Content-Length=5
400 /cgi/env.sh -b x -a content_length=0
400 /cgi/env.sh -a scgi=1
# No word of a query is an argument unless it is asked for, to no program, with no handler
200 /cgi/options.sh?-s --has ^words=0:$ --lacks printf
200 /cgi/options.sh?-d+allow_url_include%3d1 --has ^words=0:$
200 /cgi/options.sh?%AD-s --has ^words=0:$
200 /cgi/options.sh?a+b --has ^words=0:$
200 /cgi/plain.opt?-s --has ^words=0:$
200 /cgi/plain.opt/-s?-s --has ^words=0:$
200 /one/-s?-s+-d --has ^words=0:$
END
