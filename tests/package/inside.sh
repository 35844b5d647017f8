#!/bin/sh
# SPDX-License-Identifier: ISC
#
# What tests/slow_package.sh does inside the machine, as root, under systemd:
# the life of the package from its installation to the purge.  /package holds
# the package, a newer one, README and what is printed here.

exec >/package/report 2>&1 </dev/null
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
cgi=/usr/lib/cgi-bin
faults=0

# run_step TEXT COMMAND...: one thing that is shown; what it says, if it fails.
run_step() {
	text=$1
	shift
	if "$@" >/package/output 2>&1; then
		echo "ok - $text"
	else
		echo "FAILED - $text"
		echo "    by: $*"
		tail -n 20 /package/output | sed 's/^/    | /'
		faults=$((faults + 1))
	fi
}

# poll COMMAND...: until it succeeds, for 20 s at most.
poll() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -le 200 ] || return 1
		sleep 0.1
	done
}

install() { apt-get -q -y --no-install-recommends install "$@"; }
either() { systemctl --quiet "$1" scgi-cgid.service || systemctl --quiet "$1" scgi-cgid.socket; }
main_pid() { systemctl show --property=MainPID --value scgi-cgid.service; }
answers() { [ "$(curl -sS "http://127.0.0.1$1" 2>&1)" = "$2" ]; }
enough() { [ "$(cat /package/load.* | wc -l)" -ge "$1" ]; }

# Every file of the system, with kind, owner, mode, size and target; not the
# records of dpkg, apt and systemd, and no logs.
files() {
	find / -xdev \( -path /var/lib/dpkg -o -path /var/cache -o -path /var/log \
	    -o -path /var/lib/apt -o -path /var/lib/systemd/deb-systemd-helper-enabled \
	    -o -path /package \) -prune -o -printf '%p %y %u:%g %m %s %l\n' |
	    sed 's/^\([^ ]* d [^ ]* [^ ]*\) .*/\1/' | sort
	find /run/scgi-cgid* /var/lib/dpkg/info/scgi* /var/lib/dpkg/info/libconfuse* \
	    /var/lib/systemd/deb-systemd-helper-*/scgi* /var/log/scgi* 2>/dev/null
}

# What README says to put into nginx, in the server block of Debian's default site.
two_lines() {
	sed -n '/^and in a server/,/^then/s/^    /&/p' /package/README >/package/location
	grep -q scgi_pass /package/location &&
	    sed -i '/^	server_name _;/r /package/location' /etc/nginx/sites-available/default &&
	    systemctl reload nginx
}

# What README says to do to see a program.
example() {
	sed -n '/^\/cgi-bin\/.  To see one:/,/^For the/s/^    //p' /package/README >/package/commands
	sh -e /package/commands | grep 'It works'
}

# One line, for a second server, with the snippet that the package brings.
snippet() {
	echo 'server { listen 127.0.0.1:82; location / { include snippets/scgi-cgid.conf; } }' \
	    >/etc/nginx/conf.d/snippet.conf
	systemctl reload nginx && poll answers :82/cgi-bin/answer 'All of it'
}

# load N: requests through nginx as long as /package/go is there, a line for each.
load() {
	while [ -e /package/go ]; do
		curl -s -o /dev/null -w '%{http_code} %{size_download}\n' \
		    "http://127.0.0.1/cgi-bin/answer?[1-50]" >>"/package/load.$1"
	done
}
# The same without nginx between, by the client that is in the package.
load_direct() {
	while [ -e /package/go ]; do
		scgi-request --repeat 50 --concurrency 4 --expect 200 \
		    /cgi-bin/answer >>/package/direct 2>&1 || echo lost >>/package/lost
	done
}

# upgrade PACKAGE: during load, with one request that began before and ends after.
upgrade() {
	rm -f /srv/test/began /srv/test/over /package/load.* /package/lost /package/direct
	: >/package/go
	pid=$(main_pid)
	curl -s -o /package/long -w '%{http_code}' http://127.0.0.1/cgi-bin/long >/package/long.status &
	long=$!
	load 1 & load 2 & load 3 & load_direct &
	poll enough 100
	run_step "$1: a request runs" poll test -e /srv/test/began
	run_step "$1: is installed" install --reinstall "/package/$1"
	now=$(cat /package/load.* | wc -l)
	run_step "$1: the running process is of the new file" poll new_file
	run_step "$1: and goes on answering" poll enough $((now + 200))
	: >/srv/test/over
	wait $long
	rm /package/go
	wait
	run_step "$1: the process is the same" test "$(main_pid)" = "$pid"
	run_step "$1: the request that ran was answered" test "$(cat /package/long.status) $(cat /package/long)" = "200 at last"
	run_step "$1: every request through nginx was" all_good
	run_step "$1: and every one without" test ! -e /package/lost
	echo "# $1: $(cat /package/load.* | wc -l) requests through nginx," \
	    "$(awk '$1 == "status" { n += $3 } END { print n }' /package/direct) without"
}
# What came instead of the status and the length that are right, and how often.
all_good() { ! grep -vhx '200 10' /package/load.* | sort | uniq -c | grep .; }
new_file() { [ "$(readlink "/proc/$(main_pid)/exe")" = /usr/sbin/scgi-cgid ]; }

systemctl start nginx
cp -p /etc/nginx/sites-available/default /package/default
files >/package/before

run_step "it is installed" install /package/first.deb
run_step "it runs, or its socket does" either is-active
run_step "and will at the next boot" either is-enabled
run_step "its configuration is good" scgi-cgid -t
printf '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nAll of it\\n"\n' >$cgi/answer
cat >$cgi/long <<-'END'
	#!/bin/sh
	: >/srv/test/began
	until [ -e /srv/test/over ]; do sleep 0.1; done
	printf "Content-Type: text/plain\n\nat last\n"
END
chmod 755 $cgi/answer $cgi/long
mkdir /srv/test && chown www-data /srv/test
run_step "two lines in nginx, as README has them" two_lines
run_step "a program of /usr/lib/cgi-bin answers" poll answers /cgi-bin/answer 'All of it'
run_step "so does the example, as README has it" example
run_step "and the program with the snippet instead" snippet
logged() { journalctl -u scgi-cgid -o cat | grep -q 'status=200.*end=done\|end=done.*status=200'; }
run_step "the journal has a line for it" poll logged

echo '# a remark of the administrator' >>/etc/scgi-cgid.conf
upgrade first.deb
upgrade newer.deb
run_step "the configuration is the administrator's" grep -q '^# a remark' /etc/scgi-cgid.conf

run_step "debian/tests/git-http-backend" sh /package/git-http-backend

mkdir /var/log/scgi-cgid
echo 'a line' >/var/log/scgi-cgid/access.log
pid=$(main_pid)
rm -f $cgi/answer $cgi/long $cgi/hello.sh
run_step "it is removed" apt-get -q -y remove scgi-cgid
run_step "and has ended" test ! -e "/proc/$pid"
run_step "its configuration is left" test -e /etc/scgi-cgid.conf
run_step "it is purged" apt-get -q -y --purge autoremove scgi-cgid
rm -rf /srv/git /srv/test /etc/nginx/conf.d/*.conf
cp -p /package/default /etc/nginx/sites-available/default
systemctl daemon-reload
files >/package/after
run_step "nothing is left" diff /package/before /package/after
run_step "systemd knows it no more" test -z "$(systemctl list-units --all --no-legend 'scgi-cgid*')"

echo "# done"
[ $faults -eq 0 ]
