# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# For slow_debian.sh and e2e_recipes.sh: what the programs are asked about, and the servers. The
# configurations are those of etc/examples; only their paths are replaced.

DATA=$T/tmp
EXAMPLES=$TESTS/../etc/examples
MODULES=/usr/lib/apache2/modules
NAGIOS4=${NAGIOS4_ROOT:-}/usr/lib/cgi-bin/nagios4
APACHE_PID=

# need_package PACKAGE FILE: is it here?
need_package() {
	[ ! -e "$2" ] || return 0
	MISSING="$MISSING $1"
	[ "${DEBIAN_ALL:-no}" = no ] || fail "$1 is installed"
	return 1
}

# fill FILE...: templates of tests/debian to where the data is.
fill() {
	for f_file; do
		sed -e "s|@T@|$T|g" -e "s|@DATA@|$DATA|g" -e "s|@PORT@|$PORT|g" \
		    -e "s|@SOCK@|$SOCK|g" -e "s|@NAGIOS4@|$NAGIOS4|g" \
		    -e "s|@MODULES@|$MODULES|g" -e "s|@USER@|$USER_LINES|g" \
		    "$TESTS/debian/$f_file.in" >"$DATA/$f_file"
	done
}

# Data

data_common() {
	PORT=$(free_port)
	USER_LINES=
	! is_root || USER_LINES='User nobody\nGroup #'$(id -g nobody)
	mkdir -p "$T/html/app" "$T/env"
	cp "$TESTS/debian/env.pl" "$T/env"
	chmod 755 "$T/env/env.pl"
	printf 'boss:{SHA}%s\nreader:{SHA}%s\nstranger:{SHA}%s\n' "$(sha boss)" "$(sha reader)" \
	    "$(sha stranger)" >"$T/passwd"
	head -c 200000 /dev/zero | tr '\0' x >"$DATA/200k"
	git_repository
}

sha() {
	"$PYTHON" -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha1(sys.argv[1].encode()).digest()).decode())' "$1"
}

# git_repository: always the same commits, so that their names are known.
git_repository() {
	export HOME="$T" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
	export GIT_AUTHOR_DATE='2015-01-05T10:00:00Z' GIT_COMMITTER_DATE='2015-01-05T10:00:00Z'
	git config --global user.name Tester
	git config --global user.email tester@test.example
	git config --global init.defaultBranch main
	git config --global safe.directory '*'
	git init -q "$T/work"
	mkdir "$T/work/dir"
	echo 'all of it' >"$T/work/README"
	echo hidden >"$T/work/dir/.hidden"
	"$PYTHON" -c 'print("".join(chr(i) for i in range(256)), end="")' >"$T/work/a + b%.bin"
	git_commit 'The first change'
	echo 'int main(void) { return 0 < 1 && 2 > 1; }' >"$T/work/dir/main.c"
	git_commit 'A program: < & >'
	git -C "$T/work" tag v1
	mkdir "$DATA/git"
	git clone -q --bare "$T/work" "$DATA/git/project.git"
	echo 'for testing' >"$DATA/git/project.git/description"
	git -C "$DATA/git/project.git" config http.receivepack true
	git -C "$DATA/git/project.git" repack -adq
	git -C "$DATA/git/project.git" update-server-info
	touch -d "$GIT_COMMITTER_DATE" "$DATA/git/project.git/packed-refs"
}

git_commit() { git -C "$T/work" add . && git -C "$T/work" commit -q -m "$1"; }

data_git() { :; }

data_cgit() {
	cat >"$DATA/cgitrc" <<-END
		virtual-root=/cgit/
		css=/cgit-css/cgit.css
		logo=/cgit-css/cgit.png
		enable-index-owner=0
		snapshots=tar.gz zip
		repo.url=project.git
		repo.path=$DATA/git/project.git
		repo.desc=for testing
	END
}

data_gitweb() {
	cat >"$DATA/gitweb.conf" <<-END
		\$projectroot = "$DATA/git";
		\$site_name = "Test";
		\$omit_owner = 1;
		\$feature{'pathinfo'}{'default'} = [1];
		\$feature{'snapshot'}{'default'} = ['tgz', 'zip'];
		\$feature{'search'}{'default'} = [1];
		\$feature{'blame'}{'default'} = [1];
	END
}

# data_awstats: it wants its configuration in /etc or beside itself.
data_awstats() {
	mkdir "$DATA/awstats"
	ln -s /usr/lib/cgi-bin/awstats.pl "$DATA/awstats/awstats.pl"
	fill awstats/awstats.test.conf
	awstats_log >"$DATA/awstats/access.log"
	"$DATA/awstats/awstats.pl" -config=test -update >"$T/awstats.log" 2>&1
}

# awstats_log: no two hosts, pages or users with the same figures, as equals come in any order.
awstats_log() {
	awk 'BEGIN {
		for (h = 1; h <= 12; h++) for (i = 1; i <= h; i++) {
			n++
			page[n] = "page" h ".html 200"
			miss[n] = "none" h ".html 404"
		}
		for (h = 1; h <= 12; h++) for (i = 1; i <= h; i++) {
			m++
			line("192.0.2." h, "user" h, m, page[n - m + 1])
			line("192.0.2." h, "-", m, miss[m])
		}
	}
	function line(host, user, t, what, w) {
		split(what, w)
		printf "%s - %s [05/Jan/2015:10:%02d:%02d +0000] \"GET /%s HTTP/1.1\" %s %d \"%s\" \"%s\"\n",
		    host, user, t / 60, t % 60, w[1], w[2], t * 10,
		    "http://search.example/?q=test", "Mozilla/5.0 (X11; Linux) Firefox/100"
	}'
}

data_mapserver() {
	mkdir "$DATA/mapserver"
	cp "$TESTS/debian/mapserver/parcels.map" "$DATA/mapserver"
	fill mapserver/mapserver.conf
}

data_nagios4() {
	mkdir -p "$DATA/nagios4/archives" "$DATA/nagios4/htdocs/images" "$DATA/nagios4/htdocs/stylesheets"
	cp "$TESTS/debian/nagios4"/objects.cache "$TESTS/debian/nagios4"/status.dat \
	    "$TESTS/debian/nagios4"/nagios.log "$DATA/nagios4"
	fill nagios4/cgi.cfg nagios4/nagios.cfg
	mkfifo "$DATA/nagios4/commands"
	# Somebody has it open, as Nagios would.
	exec 8<>"$DATA/nagios4/commands"
}

# data_munin: one machine, of which it has counted one thing for four hours.
data_munin() {
	for m_name in db/test.example html log run tmp; do mkdir -p "$DATA/munin/$m_name"; done
	fill munin/munin.conf munin/datafile
	perl -MMunin::Master::Utils -MStorable -e '
		Storable::nstore(munin_readconfig_raw("$ARGV[0]/datafile"), "$ARGV[0]/db/datafile.storable");
		Storable::nstore({}, "$ARGV[0]/db/limits.storable")' "$DATA/munin"
	rrd "$DATA/munin/db/test.example/alpha.test.example-load-load-g.rrd" '' \
	    DS:42:GAUGE:600:U:U RRA:AVERAGE:0.5:1:576 RRA:MIN:0.5:1:576 RRA:MAX:0.5:1:576
}

# rrd FILE VALUES WHAT...: a database with fifty times these values, always the same.
rrd() {
	r_file=$1 r_values=$2
	shift 2
	rrdtool create "$r_file" --start 1420000000 --step 300 "$@"
	for r_step in $(seq 50); do
		rrdtool update "$r_file" "$((1420000000 + r_step * 300)):$r_values$((r_step % 7))"
	done
}

# data_smokeping: one target.
data_smokeping() {
	for s_name in images data/Local dyn; do mkdir -p "$DATA/smokeping/$s_name"; done
	fill smokeping/config
	printf '#!/bin/sh\nexec /usr/share/smokeping/smokeping.cgi %s\n' "$DATA/smokeping/config" \
	    >"$DATA/smokeping/smokeping.cgi"
	chmod 755 "$DATA/smokeping/smokeping.cgi"
	rrd "$DATA/smokeping/data/Local/Machine.rrd" U:0:0.002:0.001:0.002:0.00 \
	    DS:uptime:GAUGE:600:0:U DS:loss:GAUGE:600:0:3 DS:median:GAUGE:600:0:U \
	    DS:ping1:GAUGE:600:0:U DS:ping2:GAUGE:600:0:U DS:ping3:GAUGE:600:0:U RRA:AVERAGE:0.5:1:576
}

# data_php: the scripts of php-cgi.
data_php() { cp "$TESTS/debian/php"/*.php "$T/html/app"; }

# data_give: the programs run as nobody if we are root.
data_give() { ! is_root || chown -R nobody "$DATA"; }

# Servers

# example FILE: as shipped, but for its paths.
example() {
	sed -e "s|/etc/cgitrc|$DATA/cgitrc|" -e "s|/etc/gitweb.conf|$DATA/gitweb.conf|" \
	    -e "s|/etc/mapserver.conf|$DATA/mapserver/mapserver.conf|" \
	    -e "s|/etc/nagios4/cgi.cfg|$DATA/nagios4/cgi.cfg|" -e "s|/srv/git|$DATA/git|" \
	    -e "s|/etc/munin/munin.conf|$DATA/munin/munin.conf|" \
	    -e "s|/etc/smokeping/config|$DATA/smokeping/config|" \
	    -e "s|/var/cache/smokeping/images|$DATA/smokeping/images|" \
	    -e "s|/usr/lib/cgi-bin/awstats.pl|$DATA/awstats/awstats.pl|" \
	    -e "s|/usr/lib/cgi-bin/nagios4|$NAGIOS4|" -e "s|/var/www/html|$T/html|" \
	    -e "s|/run/scgi-cgid/scgi.sock|$SOCK|" -e "s|/etc/nginx/nagios4.passwd|$T/passwd|" \
	    "$EXAMPLES/$1"
}

daemon_conf() {
	for d_program in $PROGRAMS; do
		[ "$d_program" = environment ] || example "$d_program.conf"
	done
	cat <<-END
		map "/env/"    { directory = "$T/env" }
		map "/indexed/" { directory = "$T/env"  indexed-query = yes }
		map "/secret/" { directory = "$T/env"  require = { "REMOTE_USER" } }
	END
}

start_apache() {
	fill apache.conf
	# Its PATH becomes that of the programs; here it is the one that ours get.
	env -i PATH=/usr/local/bin:/usr/bin:/bin /usr/sbin/apache2 -f "$DATA/apache.conf" -D FOREGROUND &
	APACHE_PID=$!
	trap 'apache_stop; finish' EXIT
	poll test -s "$T/apache.pid" || { fail "Apache starts"; exit 1; }
}

# apache_stop: and hand on the status with which the script ends.
apache_stop() {
	s_status=$?
	end_process "$APACHE_PID"
	return $s_status
}

start_fronts() {
	cp /etc/nginx/scgi_params "$T"
	for f_program in $PROGRAMS; do
		[ "$f_program" = environment ] || example "nginx-$f_program.conf"
	done >"$T/locations.conf"
	cat >"$T/nginx.conf" <<-END
		$(nginx_head 256)
		server {
		listen 127.0.0.1:$PORT;
		server_name www.test.example;
		root $T/html;
		include locations.conf;
		location /env/ { include scgi_params; scgi_pass unix:$SOCK; }
		location /indexed/ { include scgi_params; scgi_pass unix:$SOCK; }
		location /secret/ {
		auth_basic "Nagios4";
		auth_basic_user_file $T/passwd;
		include scgi_params;
		scgi_param REMOTE_USER \$remote_user;
		scgi_param AUTH_TYPE Basic;
		scgi_pass unix:$SOCK;
		}
		}
		}
	END
	nginx -p "$T" -e "$T/nginx.err" -c "$T/nginx.conf" &
	# shellcheck disable=SC2034 # lib.sh ends it
	NGINX_PID=$!
	poll test -s "$T/nginx.pid" || { fail "nginx starts"; exit 1; }
}

# Steps

# compare PROGRAM: its table of requests, asked thrice.
compare() {
	sed -e "s|@DATA@|$DATA|g" -e "s|@PORT@|$PORT|g" -e "s|@README@|$(git hash-object "$T/work/README")|" \
	    "$TESTS/debian/$1.requests" |
	    "$PYTHON" -B -E "$TESTS/debian/compare.py" "$1" "mod_cgid=127.0.0.2:$PORT" \
	        "nginx=127.0.0.1:$PORT" "mod_proxy_scgi=127.0.0.3:$PORT"
}

# clone_and_push HOST: what is pushed is what the next clone gets.
clone_and_push() {
	c_url=http://127.0.0.$1:$PORT/git/project.git
	# mod_proxy_scgi takes no chunked requests.
	c_buffer=1000
	[ "$1" -ne 3 ] || c_buffer=1000000
	git clone -q "$c_url" "$T/clone$1" || return
	head -c 300000 /dev/urandom >"$T/clone$1/random$1"
	git -C "$T/clone$1" add . && git -C "$T/clone$1" commit -q -m "from $1" &&
	    git -C "$T/clone$1" -c http.postBuffer="$c_buffer" push -q origin main || return
	git clone -q "$c_url" "$T/again$1" || return
	cmp "$T/clone$1/random$1" "$T/again$1/random$1" && git -C "$T/again$1" fsck --strict
}

# commands_alike: Nagios was told the same by each, a time stamp aside.
commands_alike() {
	dd if="$DATA/nagios4/commands" of="$T/commands" iflag=nonblock bs=64k count=1 status=none || return
	sed 's/^\[[0-9]*\]/[now]/' "$T/commands" | sort | uniq -c >"$T/commands.counted"
	cat "$T/commands.counted"
	grep -q '^ *3 \[now\] ADD_HOST_COMMENT;beta;1;The boss;It is back!$' "$T/commands.counted" &&
	    [ "$(wc -l <"$T/commands.counted")" -eq 1 ]
}

# static_files: what pages refer to and nginx itself sends, as the examples say.
static_files() {
	for s_path in "$@"; do
		: >"$T/static"
		curl -sf -o "$T/static" -H 'Host: www.test.example' "http://127.0.0.1:$PORT$s_path"
		[ ! -s "$T/static" ] || continue
		echo "    not there: $s_path"
		return 1
	done
}
