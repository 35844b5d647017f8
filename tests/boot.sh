# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# For the slow_boot*.sh, sourced after lib.sh: a Debian tree with systemd, kept in the build directory; what
# "make install" puts into it; and it, booted in namespaces of its own, where all that is written is forgotten.

TREE=${BOOT_TREE:-$BUILD/boot-tree}
MIRROR=${BOOT_MIRROR:-http://deb.debian.org/debian}

# boot_tree: made once.
boot_tree() {
	need debootstrap systemd-nspawn nsenter unshare
	is_root || skip "only root can boot a tree"
	unshare -m true 2>/dev/null || skip "not allowed to make a mount namespace"
	[ ! -e "$TREE/.made" ] || return 0
	rm -rf "$TREE"
	debootstrap --variant=minbase --include=dbus,systemd,systemd-sysv,libconfuse2,libbsd0,nginx-light,curl,procps \
	    bookworm "$TREE" "$MIRROR" >"$T/debootstrap" 2>&1 || {
		tail -n 5 "$T/debootstrap"
		skip "debootstrap makes no tree from $MIRROR"
	}
	rm -f "$TREE/etc/nginx/sites-enabled/default"	# a link, which would lead out of the tree
	touch "$TREE/.made"
}

# boot_install: what is built here, with a configuration as it is shipped.
boot_install() {
	rm -f "$TREE/etc/scgi-cgid.conf"
	(
		mkdir -p "$BUILD/boot-build" && cd "$BUILD/boot-build" &&
		    { [ -e Makefile ] || "$TESTS/../configure" --quiet --prefix=/usr --sysconfdir=/etc --localstatedir=/var --runstatedir=/run; } &&
		    make -j2 all && make install DESTDIR="$TREE"
	) >"$T/install" 2>&1 || { tail -n 20 "$T/install"; fail "it is installed"; exit 1; }
	mkdir -p "$TREE/usr/lib/cgi-bin"
}

# boot: with a cgroup tree of its own, whatever this machine's looks like.
boot() {
	cat >"$T/boot" <<-'END'
		mount -t tmpfs none /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup || exit 1
		mkdir "/sys/fs/cgroup/$1" && echo $$ >"/sys/fs/cgroup/$1/cgroup.procs" || exit 1
		exec systemd-nspawn --quiet --directory="$2" --boot --register=no --keep-unit --private-network --console=pipe --volatile=overlay
	END
	unshare -m --propagation private sh "$T/boot" "scgi-cgid-boot-$$" "$TREE" </dev/null >"$T/console" 2>&1 &
	NSPAWN=$!
	trap 'boot_end; finish' EXIT
	patient up_or_gone
	alive "$NSPAWN" || skip "systemd cannot be booted in a namespace: $(tail -n 1 "$T/console")"
	up || { tail -n 20 "$T/console"; fail "it boots"; exit 1; }
	run_step "a Debian with systemd boots" test "$(inside cat /proc/1/comm)" = systemd
}

up() {
	read -r INIT 2>/dev/null <"/proc/$NSPAWN/task/$NSPAWN/children"
	case $(inside systemctl is-system-running) in running | degraded) ;; *) return 1 ;; esac
}

up_or_gone() { up || gone "$NSPAWN"; }

# shut_down: by itself, as a machine should.
shut_down() {
	kill -TERM "$NSPAWN"
	run_step "the machine goes down" patient gone "$NSPAWN"
}

# boot_end: it is down whatever happened, its cgroups are removed, and the status is handed on.
boot_end() {
	b_status=$?
	# Without its init all of it ends; without nspawn alone, nothing would.
	[ -z "${INIT:-}" ] || kill -KILL "$INIT" 2>/dev/null
	poll gone "$NSPAWN" || kill -KILL "$NSPAWN"
	poll forget_cgroups 2>/dev/null
	return $b_status
}

# forget_cgroups: those that the machine has had; not all of them may be empty yet.
forget_cgroups() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m --propagation private sh -c 'mount -t cgroup2 none /sys/fs/cgroup &&
	    { [ ! -d "/sys/fs/cgroup/$1" ] || find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} +; }' - "scgi-cgid-boot-$$"
}

patient() { poll "$@" || poll "$@" || poll "$@" || poll "$@" || poll "$@" || poll "$@"; }
refuses() { ! inside "$@"; }

# inside COMMAND...: in the booted tree.
inside() { nsenter -t "$INIT" -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_PAGER= "$@" 2>&1; }

# state UNIT PROPERTY VALUE
state() { [ "$(inside systemctl show -P "$2" "$1")" = "$3" ]; }

# override UNIT: a drop-in, on standard input, for as long as the machine runs.
override() { inside sh -c "mkdir -p /run/systemd/system/$1.d; cat >/run/systemd/system/$1.d/test.conf; systemctl daemon-reload; systemctl restart $1"; }

journal() { inside journalctl --no-pager -o cat -u scgi-cgid; }
journal_has() { journal | grep -q -e "$1"; }
