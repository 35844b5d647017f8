#!/bin/sh
# SPDX-License-Identifier: ISC
# Debian's CGI programs answer behind nginx and scgi-cgid, and behind Apache's
# mod_proxy_scgi and scgi-cgid, as they do under Apache's mod_cgid.
#
# The packages: apache2-bin awstats cgi-mapserver cgit git gitweb libcgi-fast-perl
# munin php-cgi smokeping, and nagios4-cgi, which may also stand unpacked below $NAGIOS4_ROOT. Without one,
# its program is left out and the script skipped in the end; with DEBIAN_ALL=yes
# it fails. What may differ is explained in tests/debian/differences.py.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/debian/data.sh"

MISSING=
need git nginx
need_package apache2-bin /usr/sbin/apache2 || skip "no apache2 here, so nothing to compare with"
data_common
PROGRAMS=environment
while read -r program package file; do
	if need_package "$package" "$file"; then
		PROGRAMS="$PROGRAMS $program"
		"data_${program%-cgi}"
	fi
done <<END
awstats awstats /usr/lib/cgi-bin/awstats.pl
cgit cgit /usr/lib/cgit/cgit.cgi
git git /usr/lib/git-core/git-http-backend
gitweb gitweb /usr/share/gitweb/gitweb.cgi
mapserver cgi-mapserver /usr/lib/cgi-bin/mapserv
munin munin /usr/lib/munin/cgi/munin-cgi-html
nagios4 nagios4-cgi $NAGIOS4/status.cgi
php-cgi php-cgi /usr/lib/cgi-bin/php
smokeping smokeping /usr/share/smokeping/smokeping.cgi
END
data_give
daemon_conf >"$T/examples.conf"
start_daemon <"$T/examples.conf"
start_apache
start_fronts

for program in $PROGRAMS; do
	run_step "$program: the same answers" compare "$program"
done
case " $PROGRAMS " in
*" nagios4 "*) run_step "nagios4: the same commands arrived" commands_alike ;;
esac
while read -r program paths; do
	# shellcheck disable=SC2086
	case " $PROGRAMS " in
	*" $program "*) run_step "$program: its files" static_files $paths ;;
	esac
done <<END
cgit /cgit-css/cgit.css /cgit-css/cgit.png
gitweb /gitweb/static/gitweb.css /gitweb/static/gitweb.js
munin /munin/static/style-new.css /munin/static/dynazoom.html
smokeping /smokeping/ /smokeping/css/smokeping-screen.css /smokeping/images/Local/Machine_mini.png
END
for front in 2 1 3; do
	run_step "git: clone and push, 127.0.0.$front" clone_and_push "$front"
done
run_step "the daemon has not complained" unlogged '<[0-3]>\|cannot\| signal='
[ "$FAILED" -eq 0 ] || tail -n 5 "$T/apache.err"
[ -z "$MISSING" ] || [ "$FAILED" -ne 0 ] || skip "the rest is the same, but not installed:$MISSING"
