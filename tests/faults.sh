# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What e2e_faults.sh and slow_faults.sh share: the configurations that faults.py
# starts the daemon with, and how it is asked.

[ -x "$BUILD/tests/scgi-cgid-faults" ] || skip "no tests/scgi-cgid-faults here"
cat >"$CGI/length.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\nContent-Length: 6\n\nhello\n'
END
chmod 755 "$CGI/length.sh"
mkdir "$T/run" "$T/spool"
! is_root || chown nobody "$T/spool"
PORT=$(free_port)
: >"$LOG"
for mark in one other; do
	write_conf <<-END
		listen = { "unix:$SOCK", "127.0.0.1:$PORT" }
		log = "$LOG"
		workers = 1
		requests-per-worker = 2
		max-processes = 1
		kill-grace = 50ms
		linger-timeout = 100ms
		spool-directory = "$T/spool"
		pid-file = "$T/run/pid-file"
		methods = { "GET", "POST" }
		map "/cgi/"   { directory = "$CGI" }
		map "/late/"  { directory = "$CGI"  output-timeout = 50ms }
		map "/spool/" { directory = "$CGI"  request-body = spool  no-new-privileges = no }
		map "/mark/"  { directory = "$CGI"  setenv = { "MARK=$mark" } }
	END
	mv "$T/conf" "$T/conf.$mark"
done
mv "$T/conf.one" "$T/conf"

# each SCENARIO KIND [OPTION...]: let each call of that kind fail, see faults.py.
each() { "$PYTHON" -S -E "$TESTS/faults.py" "$BUILD/tests/scgi-cgid-faults" "$T" "$@"; }
