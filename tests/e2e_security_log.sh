#!/bin/sh
# SPDX-License-Identifier: ISC
# Nothing that comes from outside makes a second line, a field of its own or an escape sequence,
# wherever it is said and wherever the log goes.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

fields() { "$PYTHON" -S -E "$TESTS/log_fields.py" "$@"; }
long=$(printf '%04000d' 0)
odd=$(printf '\\nscgi-cgid: request id=9-9\r\033]0;x\007\033[31m\302\205\342\200\250\233\377 = %%s%%n')

cat >"$CGI/shout.pl" <<'END'
#!/usr/bin/perl
# Says what it is asked to: to standard error, as a header line, as a field.
my $odd = "\nscgi-cgid: request id=9-9 forged=1\r\e]0;x\a\e[31m\xc2\x85\xe2\x80\xa8\xe2\x80\xae\x9b\xff\0 \" = \\ %s%n";
my $what = $ENV{QUERY_STRING};
print STDERR $odd, $odd x 200, "\n" if $what eq 'stderr';
print "$odd\n\n" if $what eq 'line';
print "Content-Type: a/b\nX: a\r\e[31m\x9b\n\n" if $what eq 'value';
print "Content-Type: a/b\n\e[31m\x9b\xff: x\n\n" if $what eq 'name';
print "Status: \e[31m\n\n" if $what eq 'status';
print 'x' x 70000, "\n" if $what eq 'long';
print "Content-Type: text/plain\n\nx";
END
chmod 755 "$CGI/shout.pl"
name=$(printf 'a " = \\ \342\200\256\233\377 id=9-9 stderr: x.pl')
cp "$CGI/shout.pl" "$CGI/$name"

for where in stderr file; do
	if [ $where = stderr ]; then
		file=$LOG to=stderr prefix='scgi-cgid: '
	else
		file=$T/file.log to=$T/file.log prefix=2
		: >"$file"
	fi
	start_daemon <<-END
		workers = 1
		log = "$to"
		access-log = "$to"
		log-level = debug
		map "/cgi/"  { directory = "$CGI" }
		map "/no/"   { directory = "$CGI"  setenv = { "ODD=\"\\n\\033[31m" } }
		map "/a \" = \\\\ b/" { directory = "$CGI" }
	END
	for by in DOCUMENT_URI SCRIPT_NAME PATH_INFO REQUEST_METHOD REQUEST_URI HTTP_HOST SERVER_NAME REMOTE_ADDR; do
		printf "[24]0[0-9] /cgi/hello.sh -p '%s=%s'\n" $by '/\nscgi-cgid: request id=9-9 forged=1'
		printf "[24]0[0-9] /cgi/hello.sh -p '%s=%s'\n" $by '/\r\033]0;x\007\033[31m\302\205\342\200\250\233\377'
		printf "[24]0[0-9] /cgi/hello.sh -p '%s=%s'\n" $by "/$long\\377\\377"
		printf "[24]0[0-9] /cgi/hello.sh -p '%s=%s'\n" $by '/x" forged="1" \\\\" = '
	done >"$T/table"
	cat >>"$T/table" <<END
200 /cgi/hello.sh -p 'ODD_\\n\\033[31m=1' -p 'X\\377=1' -p 'FORGED=1' -p 'A" B=1' -p '$long=1' -p 'X\\nscgi-cgid: request id=9-9 forged=1=1'
400 / --raw '\\n\\033[31m\\377'
400 / --raw '2:\\033\\n;'
200 /cgi/shout.pl?stderr
502 /cgi/shout.pl?line
502 /cgi/shout.pl?value
502 /cgi/shout.pl?name
502 /cgi/shout.pl?status
502 /cgi/shout.pl?long
[24]0[024] '/a%20%22%20=%20%5c%20b/hello.sh'
200 '/cgi/a%20%22%20=%20%5C%20%e2%80%ae%9b%ff%20id=9-9%20stderr:%20x.pl?stderr'
END
	rows <"$T/table"
	run_step "$where: paths come back as they went" fields round "$SOCK" "$file"
	stop_daemon
	run_step "$where: nothing forged, nothing unsafe" fields judge "$file" "$prefix"
done

# What the configuration says wrongly is quoted safely, too.
for text in "user = \"$odd\"" "map \"/x$odd\" { directory = \"$odd\" }" "listen = { \"$odd\" }" "$odd = 1" "log = \"$odd\"" \
    "log-level = \"$odd\"" "workers = $odd" "setenv = { \"$odd\" }" "accept = { \"$odd\" }"; do
	printf '%s\nmap "/cgi/" { directory = "/" }\n' "$text" >"$T/bad.conf"
	"$DAEMON" -t -c "$T/bad.conf" 2>"$T/bad.log"
	run_step "a fault in the file is told" test -s "$T/bad.log"
	run_step "and safe to show" fields judge "$T/bad.log"
done
