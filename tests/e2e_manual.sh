#!/bin/sh
# SPDX-License-Identifier: ISC
# Every configuration that scgi-cgid.conf(5), the pages of doc/ and etc/examples show is one that the
# daemon takes, or that nginx takes. Only names of files and users that are not here are replaced.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

ME=$(id -un) GROUP=$(id -gn)
if is_root; then
	ME=nobody GROUP=$(id -gn nobody)
fi
mkdir -p "$T/srv" "$T/shown"
chmod 1777 "$T/srv"
DOC=$TESTS/../doc
awk -v to="$T/shown/man." '/^\.Bd -literal/ { n++; on = 1; next } /^\.Ed/ { on = 0 }
    on { gsub(/\\e/, "\\"); print >(to n) }' "$BUILD/man/scgi-cgid.conf.5" "$BUILD/man/scgi-cgid.8"
for page in "$DOC"/*.md; do
	awk -v to="$T/shown/$(basename "$page" .md)." '/^```(conf|nginx)/ { n++; on = 1; next }
	    /^```/ { on = 0 } on { print >(to n) }' "$page"
done

# here: what stands on standard input, with files and users that this machine has.
here() {
	sed -E -e "s#\"(uid:)?www-data\"#\"\\1$ME\"#g" -e "s#^(group|socket-group)( *= *)\"$ME\"#\\1\\2\"$GROUP\"#" \
	    -e "/(program|handler).* = /s#\"/(usr|srv)/[^\"]*\"#\"$CGI/env.sh\"#" \
	    -e "/(directory|script-filename) *=/s#\"/(usr|srv|var)/[^\"]*\"#\"$T/srv\"#" -e "s#, \"/srv/tools\"##" \
	    -e "s#/var/log/scgi-cgid#$T#"
}
# taken FILE: with a map and the rest of what is needed, if it has none, -t finds nothing wrong.
taken() {
	here <"$1" >"$T/part"
	grep -q '^map' "$T/part" || echo "map \"/\" { directory = \"$CGI\" }" >>"$T/part"
	write_conf <"$T/part"
	"$DAEMON" -t -c "$T/conf" >"$T/reply" 2>&1
}

# How nginx is asked: each piece in a server of its own, which nobody starts.
server() {
	echo "server { listen unix:$T/$1.nginx; root $T/srv; location = /nothing { return 404; }"
	cat
	echo '}'
}
: >"$T/servers"
for part in "$T"/shown/* "$TESTS"/../etc/examples/*.conf; do
	name=${part##*/}
	if grep -q '^map\|^listen\|^user\|^handler' "$part"; then
		run_step "$name: $(grep -v '^#' "$part" | grep -m 1 .)" taken "$part"
	elif grep -q '^location' "$part"; then
		server "$name" <"$part" >>"$T/servers"
	elif grep -q '^upstream' "$part"; then
		cat "$part" >>"$T/servers"
	fi
done
run_step "these were all of the daemon's" test "$STEPS" -ge 29
run_step "and of nginx's" test "$(grep -c '^server' "$T/servers")" -ge 20

need nginx
cp /etc/nginx/*_params "$T"
{
	echo "error_log $T/nginx.err; pid $T/nginx.pid; events { } http { access_log off;"
	for temp in client_body proxy fastcgi uwsgi scgi; do echo "${temp}_temp_path $T/temp;"; done
	cat "$T/servers"
	echo '}'
} >"$T/nginx.conf"
run_step "nginx takes them" nginx -q -t -e "$T/nginx.err" -p "$T" -c "$T/nginx.conf"
