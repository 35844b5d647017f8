#!/bin/sh
# SPDX-License-Identifier: ISC
#
# For slow_boot_recipes.sh, in the booted tree: what an administrator does after the packages are installed, as
# the pages of doc/recipes say, and some data. This directory and the stand-ins lie below /root.

set -e
export HOME=/root T=/root TESTS=/root
# shellcheck source=/dev/null
. /root/debian/data.sh
EXAMPLES=/usr/share/doc/scgi-cgid/examples
RECIPES='awstats cgit git gitweb mailman mapserver munin nagios4 php-cgi smokeping zoneminder'

# place FILE FROM TO: a template of tests/debian, with a Debian path for its own.
place() { sed "s|@DATA@/$2|$3|g" "/root/debian/$1.in"; }

# git, cgit, gitweb
git config --global user.name Tester
git config --global user.email tester@test.example
git config --global init.defaultBranch main
git init -q /root/work
echo 'all of it' >/root/work/README
git -C /root/work add .
git -C /root/work commit -q -m 'The first change'
git clone -q --bare /root/work /srv/git/project.git
git clone -q --bare --config core.sharedRepository=group /root/work /srv/git/shared.git
echo 'for testing' >/srv/git/project.git/description
chown -R www-data: /srv/git
printf 'virtual-root=/cgit/\ncss=/cgit-css/cgit.css\nlogo=/cgit-css/cgit.png\nscan-path=/srv/git\n' >/etc/cgitrc
# shellcheck disable=SC2016 # Perl's
printf '$projectroot = "/srv/git";\n$feature{"pathinfo"}{"default"} = [1];\n' >/etc/gitweb.conf
echo 'joe:{PLAIN}secret' >/etc/nginx/git.passwd

# AWStats
place awstats/awstats.test.conf awstats /var/lib/awstats >/etc/awstats/awstats.test.conf
awstats_log >/var/lib/awstats/access.log
/usr/lib/cgi-bin/awstats.pl -config=test -update >/dev/null

# MapServer
mkdir /srv/maps
cp /root/debian/mapserver/parcels.map /srv/maps
place mapserver/mapserver.conf mapserver /srv/maps >/etc/mapserver.conf

# Munin
printf 'html_strategy cgi\ngraph_strategy cgi\n' >>/etc/munin/munin.conf
cp /root/debian/munin/datafile.in /var/lib/munin/datafile
perl -MMunin::Master::Utils -MStorable -e '
	Storable::nstore(munin_readconfig_raw("/var/lib/munin/datafile"), "/var/lib/munin/datafile.storable");
	Storable::nstore({}, "/var/lib/munin/limits.storable")'
mkdir /var/lib/munin/test.example
rrd /var/lib/munin/test.example/alpha.test.example-load-load-g.rrd '' \
    DS:42:GAUGE:600:U:U RRA:AVERAGE:0.5:1:576 RRA:MIN:0.5:1:576 RRA:MAX:0.5:1:576
chown -R munin:munin /var/lib/munin/datafile* /var/lib/munin/limits.storable /var/lib/munin/test.example

# Nagios, as its package would have made it; somebody reads the pipe.
useradd --system --home-dir /var/lib/nagios4 nagios
install -d -o nagios -g nagios /var/lib/nagios4 /var/lib/nagios4/archives
install -d -o nagios -g nagios -m 2750 /var/lib/nagios4/rw
usermod --append --groups nagios www-data
place nagios4/cgi.cfg nagios4 /var/lib/nagios4 >/etc/nagios4/cgi.cfg
sed -i 's|^main_config_file=.*|main_config_file=/etc/nagios4/nagios.cfg|' /etc/nagios4/cgi.cfg
place nagios4/nagios.cfg nagios4 /var/lib/nagios4 | sed 's|nagios4/commands|nagios4/rw/nagios.cmd|' >/etc/nagios4/nagios.cfg
(cd /root/debian/nagios4 && cp objects.cache status.dat nagios.log /var/lib/nagios4)
mkfifo /var/lib/nagios4/rw/nagios.cmd
chown nagios:nagios /var/lib/nagios4/rw/nagios.cmd
chmod 660 /var/lib/nagios4/rw/nagios.cmd
echo 'boss:{PLAIN}boss' >/etc/nginx/nagios4.passwd

# php-cgi
mkdir -p /var/www/html/app
cp /root/debian/php/*.php /var/www/html/app

# Smokeping: its own daemon makes what it draws.
sed -i 's|^cgiurl .*|cgiurl = http://localhost/smokeping/smokeping.cgi|' /etc/smokeping/config.d/General
sed -i 's|^imgurl .*|imgurl = /smokeping/images|' /etc/smokeping/config.d/pathnames
systemctl start smokeping

# Mailman and ZoneMinder are stand-ins.
mkdir -p /usr/lib/cgi-bin/mailman /usr/lib/cgi-bin/scripts /usr/lib/zoneminder/cgi-bin /var/lib/mailman
install -g list -m 2755 /root/wrapper /usr/lib/cgi-bin/mailman/listinfo
install -g list -m 2770 -d /var/lib/mailman/locks
install /root/listinfo /usr/lib/cgi-bin/scripts/listinfo
install /root/nph-zms /usr/lib/zoneminder/cgi-bin/nph-zms
install -d -o www-data /run/zm
install -o www-data /dev/null /dev/shm/zm.mmap.1
echo 'a picture' >/dev/shm/zm.mmap.1

# The two files of each recipe; git's for nginx with the four lines for a password.
for recipe in $RECIPES; do
	cat "$EXAMPLES/$recipe.conf" >>/etc/scgi-cgid.conf
done
{
	echo 'server { listen 127.0.0.1:80; root /var/www/html;'
	for recipe in $RECIPES; do
		case $recipe in
		git) sed 's/^	# \(auth_basic\|scgi_param\)/	\1/' "$EXAMPLES/nginx-git.conf" ;;
		*) cat "$EXAMPLES/nginx-$recipe.conf" ;;
		esac
	done
	echo '}'
} >/etc/nginx/conf.d/cgi.conf
scgi-cgid -t
systemctl restart nginx
