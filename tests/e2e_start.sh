#!/bin/sh
# SPDX-License-Identifier: ISC
# Programs that cannot be started.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

printf '#!/nonexistent/interpreter\n' >"$CGI/interpreter.sh"
printf '#!/bin/sh\r\nprintf "Content-Type: a/b\\n\\n"\r\n' >"$CGI/crlf.sh"
printf 'echo no first line\n' >"$CGI/no-line.sh"
printf '\177ELF garbage' >"$CGI/elf.sh"
: >"$CGI/empty.sh"
chmod 755 "$CGI"/*.sh
start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

for script in interpreter crlf no-line elf empty; do
	run_step "$script: said to the client" answers 502 "/cgi/$script.sh" --body-size 100000
	run_step "$script: and to the log" logged "$script.sh"
done
run_step "the reason is there" logged 'No such file'
run_step "the daemon is well" answers 200 /cgi/hello.sh
