#!/bin/sh
# SPDX-License-Identifier: ISC
# The recipes for Mailman 2's setgid wrappers and for ZoneMinder's endless streams, as they stand in
# etc/examples, with programs that stand in for both. The others are in slow_debian.sh.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/debian/data.sh"
need nginx curl perl
[ -r /etc/nginx/scgi_params ] || skip "no /etc/nginx/scgi_params here"

PORT=$(free_port)
# shellcheck disable=SC2034 # data.sh takes it
PROGRAMS='mailman zoneminder'
mkdir -p "$T/lists" "$T/scripts" "$T/zm" "$T/env" "$T/html"
cp "$BUILD/tests/wrapper" "$T/lists/listinfo"
cat >"$T/scripts/listinfo" <<END
#!/bin/sh
printf 'Content-Type: text/plain\n\nPATH_INFO=%s\nSCRIPT_NAME=%s\n' "\$PATH_INFO" "\$SCRIPT_NAME"
cat "$T/members"
END
chmod 755 "$T/scripts/listinfo"
echo 'member=ada' >"$T/members"
cp "$CGI/nph-stream.pl" "$T/zm/zms" && ln -s zms "$T/zm/nph-zms"
# lists NAME: an example, with our directories in it.
lists() { example "$1" | sed -e "s|/usr/lib/cgi-bin/mailman|$T/lists|" -e "s|/usr/lib/zoneminder/cgi-bin|$T/zm|"; }
{
	lists mailman.conf
	lists zoneminder.conf | sed 's/max-processes = 32/max-processes = 3/'
	echo "map \"/tight/\" { directory = \"$T/lists\" }"
	echo "map \"/cgi/\" { directory = \"$CGI\" }"
} >"$T/recipes.conf"
start_daemon <"$T/recipes.conf"
start_fronts

# Mailman 2
if is_root && getent group list >/dev/null; then
	chgrp list "$T/lists/listinfo" "$T/members"
	chmod 2755 "$T/lists/listinfo"
	chmod 640 "$T/members"
	run_step "a wrapper gets its group" fetch /cgi-bin/mailman/listinfo/friends
	run_step "and reads what only that may" has '^member=ada$'
	run_step "it sees its path" has '^PATH_INFO=/friends$'
	fetch /cgi-bin/mailman/
	run_step "the first page" has '^SCRIPT_NAME=/cgi-bin/mailman/listinfo$'
	run_step "without no-new-privileges = no" answers 500 /tight/listinfo
	run_step "it is kept from it" has '^not setgid, or not let be$'
	run_step "and the log says so" logged 'listinfo is setuid or setgid, which has no effect; no-new-privileges = no'
else
	note "no group list, or not root: no setgid wrapper"
fi

# ZoneMinder: look N [CAMERA] starts that many viewers.
look() {
	VIEWERS=
	rm -f "$T"/stream*
	for v_n in $(seq "$1"); do
		curl -sN -D "$T/head$v_n" -o "$T/stream$v_n" "http://127.0.0.1:$PORT/zm/cgi-bin/nph-zms?${2:-fast}=$v_n" &
		VIEWERS="$VIEWERS $!"
	done
}
# seen VIEWER PICTURES: he has got so many.
seen() { [ -e "$T/stream$1" ] && [ "$(grep -ac '^picture ' "$T/stream$1")" -ge "$2" ]; }
all_seen() { seen 1 "$1" && seen 2 "$1" && seen 3 "$1"; }
leave() { for l_pid in $VIEWERS; do kill "$l_pid" && wait "$l_pid" 2>/dev/null; done; }
told() { [ "$(grep -c told "$T/tmp/streams")" -eq "$1" ]; }
ended() { [ "$(grep -ac ' script=[^ ]*/nph-zms .* end=client-gone' "$LOG")" -eq "$1" ]; }
# shellcheck disable=SC2046
streams_gone() { gone $(grep -v told "$T/tmp/streams"); }

look 3
run_step "three viewers see pictures as they come" poll all_seen 20
run_step "by the program's own header" grep -qi '^Content-Type: multipart/x-mixed-replace' "$T/head1"
run_step "others are served meanwhile" answers 200 /cgi/hello.sh
fetch /zm/cgi-bin/nph-zms
run_step "a fourth viewer is turned away, now" is 503
leave
run_step "who leaves ends his program" poll told 3
run_step "none is left" poll streams_gone
run_step "and the log says why" poll ended 3
look 3
run_step "the places are free again" poll all_seen 2
leave
run_step "until these leave" poll streams_gone
look 1 slow
run_step "a small picture of a slow camera is not kept back" poll seen 1 1
leave
run_step "nobody looks any more" poll streams_gone
