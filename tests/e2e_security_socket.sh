#!/bin/sh
# SPDX-License-Identifier: ISC
# Who can reach a socket, at every moment, and what may stand in its place (Debian #1023688,
# PHP-FPM 2014; exposed SCGI ports).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

D=$T/sockets
mkdir -m 755 "$D"
SOCK=$D/s ADDR=$D/s
start() {
	start_daemon <<-END
		listen = { "$SOCK", "@$T" }
		allow = { "uid:$(id -u)", "uid:4242" }
		$1
		map "/cgi/" { directory = "$CGI" }
	END
}
# watch: every mode and owner that the socket ever has, until something says stop.
watch() {
	"$PYTHON" -S -E -c '
import os, sys
seen = set()
while not os.path.exists(sys.argv[2]):
    try:
        st = os.lstat(sys.argv[1])
        seen.add("%o %d" % (st.st_mode & 0o7777, st.st_uid))
    except FileNotFoundError:
        pass
print("\n".join(sorted(seen)))' "$SOCK" "$T/stop" >"$T/seen"
}

for mode in 0660 0600 0640 0020; do
	stop_daemon		# whose socket has the mode before
	rm -f "$T/stop"
	watch &
	watcher=$!
	for mask in 0 022 077; do
		umask $mask
		start "socket-mode = $mode"
		umask 022
	done
	touch "$T/stop"
	wait $watcher
	run_step "mode $mode: at no moment another" test "$(cut -d' ' -f1 "$T/seen" | sort -u)" = "$(printf '%o' "$((mode))")"
	! is_root || run_step "  nor another owner than root, then nobody" \
	    test -z "$(grep -v " \(0\|$(id -u nobody)\)$" "$T/seen")"
done

start ''
run_step "it serves" answers 200 /cgi/hello.sh
if is_root; then
	stranger() { setpriv --reuid=4242 --regid=4242 --clear-groups "$@" "$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" /cgi/hello.sh -q; }
	friend() { setpriv --reuid=4242 --regid="$(id -g nobody)" --clear-groups "$PYTHON" -S -E "$TESTS/scgi_client.py" "$SOCK" /cgi/hello.sh -q; }
	run_step "not to a stranger" fails stranger
	run_step "but to a member of the group" friend
fi

# Whatever has taken the socket's place by the time we stop is not ours to remove.
rm "$SOCK"
echo precious >"$SOCK"
stop_daemon
run_step "a file in its place outlives the stop" grep -q precious "$SOCK"
rm "$SOCK"
start ''
rm "$SOCK"
"$PYTHON" -S -E -c "import socket; socket.socket(socket.AF_UNIX).bind('$SOCK')"
stop_daemon
run_step "so does another socket" test -S "$SOCK"
rm "$SOCK"

# Links are not followed, whatever they lead to.
echo precious >"$T/precious" && chmod 600 "$T/precious"
for target in "$T/precious" "$T/nothing" "$D" "$D/other"; do
	ln -s "$target" "$SOCK"
	run_step "a link in its place: $target" fails "$DAEMON" -f -c "$T/conf"
	run_step "  is left there" test -L "$SOCK"
	rm "$SOCK"
done
run_step "no file was made by a link" no_files "$T/nothing" "$D/other"
run_step "none was changed" test "$(stat -c '%a %u' "$T/precious")" = "600 $(id -u)"
for make in "mkdir $SOCK" "mkfifo $SOCK" "touch $SOCK"; do
	$make
	run_step "in the way: $make" fails "$DAEMON" -f -c "$T/conf"
	run_step "  is left there" test -e "$SOCK"
	rm -r "$SOCK"
done
mv "$D" "$D.away"
run_step "no directory" fails "$DAEMON" -f -c "$T/conf"
run_step "  the message names it" grep -q 'the directory must exist' "$T/output"
ln -s "$D.away" "$D"
start ''
run_step "a directory by a link is as good" answers 200 /cgi/hello.sh
stop_daemon
rm "$D" && mv "$D.away" "$D"

# Somebody else's directory
if is_root; then
	chown 4242 "$D"
	start ''
	run_step "somebody else's directory" answers 200 /cgi/hello.sh
	stop_daemon
fi

stop_daemon
start "allow = { \"uid:$(id -u)\" }"
ADDR=@$T
run_step "an abstract socket has no mode, but allow" answers 200 /cgi/hello.sh
! is_root || run_step "keeps strangers out" test "$(setpriv --reuid=4242 --regid=4242 --clear-groups \
    "$PYTHON" -S -E "$TESTS/scgi_client.py" "$ADDR" /cgi/hello.sh | head -n 1 | tr -d '\r')" = 'Status: 403 Forbidden'
