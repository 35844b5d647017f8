#!/bin/sh
# SPDX-License-Identifier: ISC
# A Debian tree with systemd is booted, and what "make install" puts there is used as the README says:
# socket, nginx, reload, restart, watchdog, the strict drop-in, an instance.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need debootstrap systemd-nspawn nsenter unshare
is_root || skip "only root can boot a tree"
unshare -m true 2>/dev/null || skip "not allowed to make a mount namespace"
TREE=${BOOT_TREE:-$BUILD/boot-tree}
MIRROR=${BOOT_MIRROR:-http://deb.debian.org/debian}
WANTED=dbus,systemd,systemd-sysv,libconfuse2,libbsd0,nginx-light,curl,procps
if [ ! -e "$TREE/.made" ]; then
	rm -rf "$TREE"
	debootstrap --variant=minbase --include=$WANTED bookworm "$TREE" "$MIRROR" >"$T/debootstrap" 2>&1 || {
		tail -n 5 "$T/debootstrap"
		skip "debootstrap makes no tree from $MIRROR"
	}
	touch "$TREE/.made"
fi

# installed: configured as in the README, below the tree.
installed() {
	mkdir -p "$BUILD/boot-build" && cd "$BUILD/boot-build" &&
	    { [ -e Makefile ] || "$TESTS/../configure" --quiet --prefix=/usr --sysconfdir=/etc --localstatedir=/var --runstatedir=/run; } &&
	    make -j2 all && make install DESTDIR="$TREE"
}
rm -f "$TREE/etc/scgi-cgid.conf"
(installed) >"$T/install" 2>&1 || { tail -n 20 "$T/install"; fail "it is installed"; exit 1; }
mkdir -p "$TREE/usr/lib/cgi-bin"
cp "$TESTS"/cgi/* "$TREE/usr/lib/cgi-bin/"
cat >"$TREE/usr/lib/cgi-bin/box.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\nnofile=%s\nnetwork=%s\n' "$(ulimit -n)" "$(sed 's/:.*//; 1,2d' /proc/self/net/dev | tr -d ' \n')"
for dir in /etc /home /opt /run /srv /tmp /usr /var; do
	if (: >$dir/open/box) 2>/dev/null || { [ $dir = /tmp ] && : >/tmp/box; }; then echo "write=$dir"; fi
done
END
chmod 755 "$TREE"/usr/lib/cgi-bin/*
rm -f "$TREE/etc/nginx/sites-enabled/default"	# a link, which would lead out of the tree
cat >"$TREE/etc/nginx/conf.d/cgi.conf" <<'END'
server { listen 127.0.0.1:80; location /cgi-bin/ { include scgi_params; scgi_pass unix:/run/scgi-cgid/scgi.sock; } }
END

# A cgroup tree of its own, whatever this machine's looks like; what is changed in the tree is forgotten.
cat >"$T/boot" <<'END'
mount -t tmpfs none /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup || exit 1
mkdir "/sys/fs/cgroup/$1" && echo $$ >"/sys/fs/cgroup/$1/cgroup.procs" || exit 1
exec systemd-nspawn --quiet --directory="$2" --boot --register=no --keep-unit --private-network --console=pipe --volatile=overlay
END
unshare -m --propagation private sh "$T/boot" "scgi-cgid-boot-$$" "$TREE" </dev/null >"$T/console" 2>&1 &
NSPAWN=$!
export LEFT_PIDS="$NSPAWN"
patient() { poll "$@" || poll "$@" || poll "$@" || poll "$@" || poll "$@" || poll "$@"; }
# inside COMMAND...: in the booted tree.
inside() { nsenter -t "$INIT" -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_PAGER= "$@" 2>&1; }
refuses() { ! inside "$@"; }
up() {
	read -r INIT 2>/dev/null <"/proc/$NSPAWN/task/$NSPAWN/children"
	case $(inside systemctl is-system-running) in running | degraded) ;; *) return 1 ;; esac
}
patient up || { tail -n 20 "$T/console"; fail "it boots"; exit 1; }
run_step "a Debian with systemd boots" test "$(inside cat /proc/1/comm)" = systemd
ADDR=/proc/${INIT%% *}/root/run/scgi-cgid/scgi.sock

state() { [ "$(inside systemctl show -P "$2" "$1")" = "$3" ]; }
get() { inside curl -sS --max-time 20 "http://127.0.0.1$1"; }
gets() { get "$1" | grep -q -e "$2"; }
journal() { inside journalctl --no-pager -o cat -u "${UNIT:-scgi-cgid}"; }
journal_has() { journal | grep -q -e "$1"; }

for dir in etc home opt run srv usr var; do inside install -d -m 777 /$dir/open; done
written() { get /cgi-bin/box.sh | sed -n 's/^write=//p' | tr '\n' ' '; }

run_step "the socket unit is started" inside systemctl start scgi-cgid.socket
run_step "and nothing else yet" state scgi-cgid ActiveState inactive
run_step "the first request starts the gateway" gets /cgi-bin/hello.sh hello
run_step "which has said that it is ready" state scgi-cgid ActiveState active
run_step "and with what" poll journal_has 'workers: .*listening on unix:/run/scgi-cgid/scgi.sock'
run_step "its status has counts" sh -c "case '$(inside systemctl show -P StatusText scgi-cgid)' in *' workers, '*) ;; *) exit 1 ;; esac"
run_step "the journal has the request" poll journal_has 'path=/cgi-bin/hello.sh status=200'
run_step "enabled, both will be there after a boot" inside systemctl enable scgi-cgid
run_step "the socket, too" state scgi-cgid.socket UnitFileState enabled
run_step "a program's environment has nothing of systemd's" test -z "$(get /cgi-bin/env.sh | grep -E '^(NOTIFY|LISTEN|WATCHDOG|INVOCATION|JOURNAL)')"

scgi /cgi-bin/hello.sh -n 800 -c 4 --expect-status 200 >"$T/load" &
load=$!
for action in reload restart reload restart; do
	run_step "$action in the middle of it" inside systemctl $action scgi-cgid
done
run_step "an upgrade in place" inside systemctl kill --kill-whom=main -s USR2 scgi-cgid
run_step "is done under systemd, too" patient journal_has 'upgraded to .*listening on'
run_step "no request is lost" wait $load
cat "$T/load"
echo 'map "/x/" { director = "/" }' | inside sh -c 'cat >/etc/bad; cp /etc/scgi-cgid.conf /etc/good; cat /etc/bad >>/etc/scgi-cgid.conf'
run_step "a reload of a bad file fails" refuses systemctl reload scgi-cgid
run_step "its line is said" poll journal_has '/etc/scgi-cgid.conf:[0-9]*: '
inside cp /etc/good /etc/scgi-cgid.conf
run_step "and all goes on" gets /cgi-bin/hello.sh hello
run_step "limits of programs: the usual number of descriptors" gets /cgi-bin/box.sh '^nofile=1024$'
run_step "they write below /srv, /tmp and /var, of what all may write to" test "$(written)" = '/srv /tmp /var '

override() { inside sh -c "mkdir -p /run/systemd/system/$1.d; cat >/run/systemd/system/$1.d/test.conf; systemctl daemon-reload; systemctl restart $1"; }
run_step "a watchdog of 2 s" override scgi-cgid.service <<'END'
[Service]
WatchdogSec=2
END
worker=$(inside pgrep -P "$(inside systemctl show -P MainPID scgi-cgid)" | tail -n 1)
inside kill -STOP "$worker"
run_step "bites when a worker hangs" patient journal_has 'Watchdog timeout'
run_step "systemd starts it anew" patient gets /cgi-bin/hello.sh hello
run_step "because of that" state scgi-cgid NRestarts 1

cp "$TESTS/../systemd/systemd-strict.conf" "$T/strict"
run_step "the strict drop-in" override scgi-cgid.service <"$T/strict"
run_step "programs run" gets /cgi-bin/hello.sh hello
run_step "root is nowhere" test -z "$(inside pgrep -u root scgi-cgid)"
run_step "and there is no network" gets /cgi-bin/box.sh '^network=lo$'
run_step "nor anything to write to but /tmp" test "$(written)" = '/tmp '
run_step "a reload" inside systemctl reload scgi-cgid
run_step "is served" gets /cgi-bin/hello.sh hello

sed 's/^listen.*/listen = { "systemd:site" }/; s/^user.*/user = "nobody"/' "$TREE/etc/scgi-cgid.conf" | inside sh -c 'mkdir -p /etc/scgi-cgid; cat >/etc/scgi-cgid/site.conf'
run_step "an instance" inside systemctl start scgi-cgid@site
ADDR=${ADDR%scgi.sock}site.sock
run_step "has its own socket" answers 200 /cgi-bin/env.sh
run_step "and user" test -n "$(inside pgrep -u nobody scgi-cgid)"
run_step "stopped, it leaves nothing" inside systemctl stop scgi-cgid@site.socket scgi-cgid@site scgi-cgid.socket scgi-cgid
run_step "behind" test -z "$(inside pgrep scgi-cgid)"
journal >"$T/journal"
kill -TERM "$NSPAWN"
run_step "the machine goes down" patient gone "$NSPAWN"
# shellcheck disable=SC2016 # for the inner shell
unshare -m --propagation private sh -c 'mount -t cgroup2 none /sys/fs/cgroup && find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} +' - "scgi-cgid-boot-$$"
