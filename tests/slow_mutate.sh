#!/bin/sh
# SPDX-License-Identifier: ISC
# Spoilt requests by the thousand: MUTATIONS of them, 20000 unless it is set, from SEED.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

[ -x "$BUILD/tests/mutate" ] || skip "no tests/mutate here"
PORT=$(free_port)
mkdir "$T/m"
for program in env hello ignore mirror nph-raw raw sum; do
	cp "$CGI/$program.sh" "$T/m"
done
# A program that does not look at the request, to which no mutation can be dangerous.
printf '#!/bin/sh\nprintf "Content-Type: a/b\\n\\n"\nexec head -c 200000 /dev/zero\n' >"$T/m/big.sh"
# It answers when eight of it have met and stayed for a while, and notes how many it saw at once.
cat >"$T/meet.sh" <<-'END'
	#!/bin/sh
	count() {
		set -- tmp/live.*
		echo $# >>tmp/counts
	}
	: >"tmp/meet.$$" >"tmp/live.$$"
	count
	tries=0
	until [ "$(find tmp -name 'meet.*' | wc -l)" -ge 8 ]; do
		tries=$((tries + 1))
		[ "$tries" -le 100 ] || exit 1
		sleep 0.05
	done
	sleep 0.5
	count
	rm "tmp/live.$$"
	printf 'Content-Type: a/b\n\n'
END
chmod 755 "$T/m" "$T/m/big.sh" "$T/meet.sh"
start_daemon <<END
listen = { "unix:$SOCK", "127.0.0.1:$PORT" }
access-log = none
log-level = warning
header-timeout = 500ms
body-timeout = 500ms
send-timeout = 500ms
linger-timeout = 500ms
output-timeout = 10s
max-processes = 8
queue-length = 400
queue-timeout = 15s
max-header = 4k
max-field = 1k
map "/meet" { program = "$T/meet.sh" }
map "/m/" { directory = "$T/m"  accept = { "*" } }
END
WORKERS=$(workers)
# shellcheck disable=SC2086
as_before() { [ "$(open_files $WORKERS)" = "$before" ]; }
childless() { for c_pid in $WORKERS; do [ -z "$(children "$c_pid")" ] || return 1; done; }
still() { scgi /m/hello.sh -n 20 -c 10 --expect-status 200 >/dev/null; }

run_step "a first few requests" still
poll childless
# shellcheck disable=SC2086
before=$(files_at_rest $WORKERS)
run_step "all are ended, and good ones between them answered" "$BUILD/tests/mutate" \
    -n "${MUTATIONS:-20000}" -s "${SEED:-$(date +%s)}" "$SOCK" "$PORT"
run_step "no child or zombie is left" poll childless
run_step "no descriptor is left" poll as_before
run_step "they are the same workers" test "$WORKERS" = "$(workers)"
run_step "no spooled file is left" test -z "$(find "$T/tmp" -type f)"
run_step "the daemon is well" still
run_step "no place for a program is lost" scgi /meet -n 24 -c 24 --expect-status 200
run_step "and none was found" test "$(sort -n "$T/tmp/counts" | tail -n 1)" -eq 8
