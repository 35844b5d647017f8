#!/bin/sh
# SPDX-License-Identifier: ISC
# The RPM and the Arch package are made from a release archive, and have in them
# what "make install" installs.
#
# It wants rpm, makepkg, pacman-package-manager, libarchive-tools and fakeroot.
# Dependencies are not looked at: they have other names there than here.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need rpmbuild makepkg pacman bsdtar fakeroot xz
VERSION=$("$DAEMON" --version | sed 's/.* //')
UNITS=/usr/lib/systemd/system

archive() { make -C "$BUILD" dist >"$T/dist.log" 2>&1 && mv "$BUILD/scgi-cgid-$VERSION.tar.xz" "$T"; }

# What is installed from the same archive, as the packages configure it.
install_plain() {
	(
		cd "$T" && tar xf "scgi-cgid-$VERSION.tar.xz" && cd "scgi-cgid-$VERSION" &&
		    ./configure --quiet --prefix=/usr --sysconfdir=/etc --runstatedir=/run \
		    --with-systemdsystemunitdir=$UNITS && make && make install DESTDIR="$T/plain"
	) >"$T/plain.log" 2>&1
}

# The same directories for all three, no licences, nothing of rpm's and pacman's own.
names() {
	sed -e 's|^\./|/|' -e 's|^\([^/]\)|/\1|' -e '/\/$/d' -e 's|\.gz$||' -e 's|^/usr/sbin/|/usr/bin/|' |
	    grep -v -e '^/\.' -e /.build-id -e /COPYING -e /usr/share/licenses \
	    -e '^/usr/lib/cgi-bin$' | sort
}
plain_names() { (cd "$T/plain" && find . -type f -o -type l) | names; }

rpm_build() {
	rpmbuild --define "_topdir $T/rpm" --define "_tmppath $T/tmp" --define "_unitdir $UNITS" \
	    --define '_sysusersdir /usr/lib/sysusers.d' --define '_tmpfilesdir /usr/lib/tmpfiles.d' \
	    --define 'systemd_post true' --define 'systemd_preun true' \
	    --define 'systemd_postun true' --nodeps -tb "$T/scgi-cgid-$VERSION.tar.xz" \
	    >"$T/rpm.log" 2>&1 || { tail -n 20 "$T/rpm.log"; return 1; }
	mv "$T"/rpm/RPMS/*/scgi-cgid-"$VERSION"*.rpm "$T/package.rpm"
}
rpm_same() {
	rpm -qp --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$T/package.rpm" |
	    sed -n 's/^[-l][^ ]* //p' | names >"$T/rpm.names"
	plain_names | diff - "$T/rpm.names"
}
rpm_scripts() { rpm -qp --qf '%{POSTIN}\n%{PREUN}\n%{POSTUN}\n' "$T/package.rpm" | sh -n; }
rpm_user() {
	(mkdir "$T/unrpm" && cd "$T/unrpm" && rpm2archive - <"$T/package.rpm" | tar xz) &&
	    user_is nginx "$T/unrpm"
}

arch_build() {
	mkdir "$T/arch" && cp "$TESTS"/../packaging/arch/* "$T/scgi-cgid-$VERSION.tar.xz" "$T/arch" || return
	as=
	! is_root || { chown -R nobody "$T/arch"; as=as_nobody; }
	(cd "$T/arch" && $as env HOME="$T/arch" PKGEXT=.pkg.tar makepkg -d) \
	    >"$T/arch.log" 2>&1 || { tail -n 20 "$T/arch.log"; return 1; }
	mv "$T"/arch/*.pkg.tar "$T/package.tar"
}
arch_same() {
	tar tf "$T/package.tar" | names >"$T/arch.names"
	plain_names | diff - "$T/arch.names"
}
arch_user() { mkdir "$T/untar" && tar xf "$T/package.tar" -C "$T/untar" && user_is http "$T/untar"; }

# user_is NAME TREE: that is who runs programs, and nothing there speaks of another.
user_is() { grep -qx "user = \"$1\"" "$2/etc/scgi-cgid.conf" && ! grep -rIlw www-data "$2/etc" "$2/usr/lib"; }

run_step "a release archive" archive
run_step "installed as it is" install_plain
run_step "rpm: it is built" rpm_build
run_step "rpm: the same files" rpm_same
run_step "rpm: the configuration is one" test "$(rpm -qpc "$T/package.rpm")" = /etc/scgi-cgid.conf
run_step "rpm: its scripts are shell" rpm_scripts
run_step "rpm: programs run as that system's web user" rpm_user
run_step "arch: it is built" arch_build
run_step "arch: the same files" arch_same
run_step "arch: the configuration is one" grep -aqx 'backup = etc/scgi-cgid.conf' "$T/package.tar"
run_step "arch: programs run as that system's web user" arch_user
