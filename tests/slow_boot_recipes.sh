#!/bin/sh
# SPDX-License-Identifier: ISC
# The recipes of doc/recipes with Debian's programs on a booted Debian, sandboxed by the installed unit, and
# by the strict drop-in. What a page says is to be added "Under systemd" is taken from there, and is necessary.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/boot.sh"

PACKAGES='awstats cgi-mapserver cgit git gitweb libcgi-fast-perl libgd3 libhttp-date-perl msmtp-mta munin php-cgi smokeping'
need "${CC:-cc}"
boot_tree
# Installed once, in a tree that does not run. Nagios' own package wants a whole Apache; unpacked, it does without.
add_packages() {
	cat >"$TREE/root/add" <<-END
		set -e
		export DEBIAN_FRONTEND=noninteractive
		apt-get -q -y -o Dpkg::Options::=--force-unsafe-io install --no-install-recommends $PACKAGES
		cd /root && apt-get -q download nagios4-cgi && dpkg-deb -x nagios4-cgi_*.deb / && rm nagios4-cgi_*.deb
		apt-get clean
		systemctl mask cron
		systemctl disable smokeping
	END
	systemd-nspawn --quiet --register=no --keep-unit --pipe --directory="$TREE" sh /root/add
}
if [ ! -e "$TREE/.recipes" ]; then
	add_packages >"$T/packages" 2>&1 </dev/null || { tail -n 5 "$T/packages"; skip "the packages are not to be had"; }
	touch "$TREE/.recipes"
fi
boot_install

mkdir "$T/root"
cp -r "$TESTS/debian" "$T/root"
"${CC:-cc}" -DCALLER='"www-data"' -o "$T/root/wrapper" "$TESTS/wrapper.c" || exit 1
cat >"$T/root/listinfo" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\n'
: >/var/lib/mailman/locks/friends.lock && echo "locked $PATH_INFO"
END
cat >"$T/root/nph-zms" <<'END'
#!/usr/bin/perl
use IO::Socket::UNIX;
my $told = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => "/run/zm/zms-$$.sock") or die "/run/zm: $!";
open my $camera, '<', '/dev/shm/zm.mmap.1' or die "/dev/shm: $!";
my $picture = <$camera>;
$| = 1;
$SIG{TERM} = sub { unlink "/run/zm/zms-$$.sock"; exit };
print "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";
for (;;) {
	print "--frame\r\nContent-Type: text/plain\r\n\r\n$picture\r\n";
	select undef, undef, undef, 0.05;
}
END
boot
tar -C "$T/root" -c . | inside tar -x --no-same-owner -C /root
settle() { inside sh -x /root/debian/settle.sh >"$T/settle" || { tail -n 5 "$T/settle"; return 1; }; }
run_step "packages, data and examples are in place" settle
[ "$FAILED" -eq 0 ] || exit 1
inside systemd-run --quiet --unit=nagios-reads sh -c 'exec cat <>/var/lib/nagios4/rw/nagios.cmd >/root/commands'

# page TEXT PATH [CURL OPTION...]: it is there, status 200, and has the text.
page() {
	g_text=$1 g_path=$2
	shift 2
	inside curl -sSi --max-time 30 "$@" "http://127.0.0.1$g_path" >"$T/reply"
	head -n 1 "$T/reply" | grep -q ' 200' && grep -aq -e "$g_text" "$T/reply"
}

# push REPOSITORY: clone it, push to it, and look at it from afar.
push() {
	# shellcheck disable=SC2016 # for the inner shell
	inside env HOME=/root sh -ec '
		cd "$(mktemp -d)" && git clone -q "$1" clone && cd clone
		date +%N >stamp && git add stamp && git commit -q -m stamp && git push -q origin main
		git ls-remote "$1" main | grep "^$(git rev-parse HEAD)"' - "http://joe:secret@127.0.0.1/git/$1.git" >"$T/reply"
}

# tell_nagios: a command arrives where Nagios reads.
tell_nagios() {
	COMMANDS=$((${COMMANDS:-0} + 1))
	page 'successfully submitted' /nagios4/cgi-bin/cmd.cgi -u boss:boss -b NagFormId=0123abcd \
	    -d "nagFormId=0123abcd&cmd_typ=1&cmd_mod=2&host=beta&com_author=boss&com_data=It+is+$COMMANDS&btnSubmit=Commit" &&
	    poll inside grep "ADD_HOST_COMMENT;beta;.*;It is $COMMANDS$" /root/commands >"$T/reply"
}

# stream: pictures come until curl has had enough.
stream() {
	inside curl -sSN --max-time 1 http://127.0.0.1/zm/cgi-bin/nph-zms?monitor=1 >"$T/reply"
	[ "$(grep -c '^a picture' "$T/reply")" -ge 2 ]
}

# works RECIPE: its program does what it is there for.
works() {
	inside sh -c 'rm -rf /var/cache/smokeping/images/* /var/lib/munin/cgi-tmp/* /root/cookies'
	case $1 in
	awstats) page 'page3.html' '/awstats/awstats.pl?config=test&month=01&year=2015&output=urldetail' ;;
	cgit) page 'The first change' /cgit/project.git/log/ && page 'all of it' /cgit/project.git/plain/README ;;
	git) push project ;;
	shared-git) push shared ;;
	gitweb) page 'The first change' /gitweb/project.git/shortlog ;;
	mailman) page '^locked /friends' /cgi-bin/mailman/listinfo/friends ;;
	mapserver) page IHDR '/mapserv?map=PARCELS&mode=map&layers=all' ;;
	munin)
		page 'Load average' /munin/test.example/alpha.test.example/ &&
		    page IHDR /munin-cgi/munin-cgi-graph/test.example/alpha.test.example/load-pinpoint=1420001000,1420010000.png
		;;
	nagios4)
		page 'WARNING: slow' '/nagios4/cgi-bin/status.cgi?host=all' -u boss:boss &&
		    page IHDR '/nagios4/cgi-bin/histogram.cgi?createimage&host=beta&t1=1420450000&t2=1420451000' -u boss:boss && tell_nagios
		;;
	php-cgi)
		page 'a.txt' /app/form.php -F 'file=@/etc/hostname;filename=a.txt' &&
		    page '^seen 1' /app/session.php -c /root/cookies && page '^seen 2' /app/session.php -b /root/cookies
		;;
	smokeping)
		page 'LocalMachine_mini.png' '/smokeping/smokeping.cgi?target=Local' &&
		    page IHDR /smokeping/images/Local/LocalMachine_mini.png
		;;
	zoneminder) stream ;;
	esac
}

# serves RECIPE: it works, and was denied nothing that it got over silently.
serves() {
	v_lines=$(journal | wc -l)
	works "$1" && ! journal | tail -n "+$((v_lines + 1))" |
	    grep 'stderr: .*\(Read-only file\|not permitted\|denied\)'
}
fails_at() { ! works "$1"; }

# added RECIPE [WHICH]: what its page says is to be added to the unit, the first time or another.
added() {
	sed -n '/^## Under systemd/,/^Tested/s/^    //p' "$TESTS/../doc/recipes/$1.md" |
	    awk -v which="${2:-1}" '/^\[Service\]$/ { n++ } n == which'
}

run_step "the installed unit" inside systemctl restart scgi-cgid
for recipe in awstats cgit git gitweb mailman mapserver munin nagios4 php-cgi smokeping; do
	run_step "$recipe works" serves $recipe
done
run_step "a push to a shared repository lacks what git's page says" fails_at shared-git
added git 1 | override scgi-cgid.service
run_step "and works with it" serves shared-git
run_step "zoneminder lacks what its page says" fails_at zoneminder
added zoneminder | override scgi-cgid.service
run_step "and works with it" serves zoneminder

strict=$TESTS/../systemd/systemd-strict.conf
run_step "the strict drop-in" override scgi-cgid.service <"$strict"
for recipe in awstats cgit gitweb mapserver nagios4; do
	run_step "$recipe works" serves $recipe
done
run_step "git clones" inside git clone -q http://joe:secret@127.0.0.1/git/project.git /root/clone
run_step "mailman does not work, as its page says" fails_at mailman
for recipe in git:2 munin:1 php-cgi:1 smokeping:1 zoneminder:1; do
	which=${recipe#*:}
	recipe=${recipe%:*}
	override scgi-cgid.service <"$strict"
	run_step "$recipe lacks what its page says" fails_at "$recipe"
	{ cat "$strict" && added "$recipe" "$which"; } | override scgi-cgid.service
	run_step "and works with it" serves "$recipe"
done
journal >"$T/journal"
shut_down
