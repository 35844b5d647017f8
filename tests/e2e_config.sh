#!/bin/sh
# SPDX-License-Identifier: ISC
# Bad configurations are refused with file, line and what is wrong; a good one is not.
#
# The first line of each file in bad/ says "# expect LINE: WORD": the line of the
# message (a pattern) and a word that must be in it.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

cp "$DAEMON" "$T/scgi-cgid"
run_as='exec'
! is_root || run_as="exec setpriv --reuid=nobody --regid=$(id -g nobody) --clear-groups"
printf '#!/bin/sh\n%s %s "$@"\n' "$run_as" "$T/scgi-cgid" >"$T/as-other"
chmod 755 "$T/as-other"
cp -R "$TESTS/bad" "$T/bad" && chmod -R u+w,a+rX "$T/bad"

# refused FILE LINE WORD; LINE is none for what is nowhere in the file.
refused() {
	"$T/as-other" -t -c "$1" >"$T/reply" 2>&1
	r_status=$?
	[ "$r_status" -eq 1 ] || { echo "    status $r_status"; return 1; }
	r_where=$1:$2:
	[ "$2" != none ] || r_where=$1:
	grep "^\(scgi-cgid: \)\?$r_where" "$T/reply" | grep -qiF -e "${3# }"
}

for file in "$T"/bad/*.conf; do
	expect=$(sed -n '1s/^# expect //p' "$file")
	run_step "$(basename "$file"): $expect" refused "$file" "${expect%%:*}" "${expect#*:}"
done
run_step "a file that is not there" fails "$T/as-other" -t -c "$T/none.conf"
run_step "is named" grep -q 'none.conf' "$T/output"
run_step "a directory" fails "$T/as-other" -t -c "$T/bad"
run_step "is named" grep -q "$T/bad" "$T/output"
run_step "an unknown option of the command line" fails "$T/as-other" --frobnicate
run_step "an argument too many" fails "$T/as-other" -t -c "$T/bad/empty.conf" more

write_conf <<END
# comments of
// two kinds
header-timeout = 250ms
max-body = 1M
map "/cgi/" { directory = "$CGI"  max-runtime = 2h  max-response-header = 128k }
map "/tool" { program = "/bin/sh"  arguments = { "-c", "exit" } }
END
run_step "a good file passes" "$T/scgi-cgid" -t -c "$T/conf"
run_step "--version" "$T/scgi-cgid" --version
run_step "--help" "$T/scgi-cgid" --help
