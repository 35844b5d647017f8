#!/bin/sh
# SPDX-License-Identifier: ISC
# Behind a real nginx, for all that a program may print: golden.txt, row by row.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

TCP=127.0.0.1:$(free_port)
NGINX_EXTRA='scgi_buffer_size 4k; scgi_buffers 8 4k; scgi_busy_buffers_size 8k;'
export TCP NGINX_EXTRA
cp "$CGI/say.sh" "$CGI/nph-say.sh"
echo '#!/no/such/interpreter' >"$CGI/nowhere.sh" && chmod 755 "$CGI/nowhere.sh"
start_daemon <<END
listen = { "$SOCK", "$TCP" }
max-response-header = 4k
map "/cgi/"    { directory = "$CGI" }
map "/client/" { directory = "$CGI"  local-redirect = client }
map "/accel/"  { directory = "$CGI"  x-accel = yes }
map "/http/"   { directory = "$CGI"  response = http }
END
start_nginx

for front in unix unix-unbuffered tcp tcp-unbuffered; do
	run_step "$front: each row as it is written" \
	    "$PYTHON" -S -E "$TESTS/golden.py" "$PORT" "$front" "$T/tmp" "$LOG" <"$TESTS/golden.txt"
done
cat "$T/nginx.err" >"$T/reply" 2>/dev/null
run_step "nginx found no fault with a header" \
    lacks 'invalid header\|upstream sent\|invalid status\|too big header'
