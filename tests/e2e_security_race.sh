#!/bin/sh
# SPDX-License-Identifier: ISC
# Scripts and directories are swapped for links that lead out while they are looked up and run: each
# request has an answer that fits one of the two, and nothing is lost or left behind.
#
# That nothing outside is looked at is shown by check_walk.  What is run is run by its name, which an
# interpreter opens once more: see CAVEATS in scgi-cgid(8).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$CGI/sub" "$CGI/both" "$CGI/.both" "$T/outside"
printf '#!/bin/sh\nprintf "Content-Type: a/b\\n\\nOUTSIDE\\n"\n' >"$T/outside/x.sh"
chmod -R a+rx "$T/outside"
for copy in x.sh sub/x.sh both/x.sh .both/x.sh .open.sh .plain.sh closed.sh; do cp "$CGI/hello.sh" "$CGI/$copy"; done
cp "$CGI/hello.sh" "$CGI/open.sh"
chmod 757 "$CGI/.open.sh"
chmod 644 "$CGI/closed.sh"
ln -s ../outside/x.sh "$CGI/.x"
ln -s ../outside "$CGI/.sub"
start_daemon <<END
workers = 1
map "/b/" { directory = "$CGI"  symlinks = beneath }
END
WORKER=$(workers)
as_before() { [ "$(open_files "$WORKER")" -eq "$before" ]; }

ask /b/hello.sh
before=$(files_at_rest "$WORKER")
cd "$CGI" || exit 99
"$PYTHON" -S -E "$TESTS/swap.py" 1.5 x.sh .x sub .sub both .both open.sh .open.sh closed.sh .plain.sh >"$T/swaps" &
swapper=$!
i=0
while [ $i -lt 60 ]; do
	for path in x.sh sub/x.sh both/x.sh open.sh closed.sh; do
		echo "(200|403|404|500) /b/$path"
	done
	i=$((i + 1))
done >"$T/table"
cd "$BUILD" || exit 99
rows <"$T/table" >/dev/null
run_step "each request has its answer" test "$(grep -c '^ok' "$T/rows")" = 300
wait $swapper
run_step "while many things were swapped" test "$(cat "$T/swaps")" -gt 500
run_step "no descriptor is left" poll as_before
run_step "it is the same worker" test "$WORKER" = "$(workers)"
run_step "all is well" answers 200 /b/hello.sh
note "reasons: $(grep -ao 'reason=[a-z-]*' "$LOG" | sort | uniq -c | tr -s ' \n' ' ')"
