# shellcheck shell=sh
# SPDX-License-Identifier: ISC
#
# What tests/slow_package.sh needs: packages made of this tree, and a clean
# Debian to put them into.  Sourced after lib.sh.

PLACE=$BUILD/package	# kept: the Debian tree, which takes a while to get
SOURCE=$(cd "$TESTS/.." && pwd -P)

# A copy of what belongs to the sources, as they stand, without what was built.
export_source() {
	rm -rf "$PLACE/made"
	mkdir -p "$PLACE/made/source"
	(
		cd "$SOURCE" || exit 1
		git -c safe.directory="$SOURCE" ls-files -z --cached --others --exclude-standard |
		    tar -c --null -T - | tar -x -C "$PLACE/made/source"
	)
}

# Not all tests are run anew: that is what everything else here does.
build_package() {
	(
		cd "$PLACE/made/source" && export DEB_BUILD_OPTIONS="nocheck parallel=2" &&
		    dpkg-buildpackage -us -uc
	) >"$T/build.log" 2>&1 || { tail -n 20 "$T/build.log"; return 1; }
	cp "$PLACE/made/scgi-cgid_"*.deb "$T/machine/first.deb"
}

# Debian has it compiled in other ways than we do, and so finds other faults.
units_pass() {
	# shellcheck disable=SC2016 # variables of make
	make -C "$PLACE/made/source/build/debian" -j2 check TESTS='$(UNITS) $(FUZZ)' \
	    >"$T/units.log" 2>&1 || { grep '^FAIL\|^\*\*\*' "$T/units.log"; return 1; }
}

# Not even of matters of taste; what is overridden has its reason in debian/.
lintian_silent() { ! lintian --allow-root --pedantic -EI "$PLACE"/made/*.changes | grep .; }

# The same with a higher version.
build_newer() {
	rm -rf "$T/newer"
	dpkg-deb --raw-extract "$T/machine/first.deb" "$T/newer" &&
	    sed -i 's/^Version: .*/&+newer/' "$T/newer/DEBIAN/control" &&
	    dpkg-deb --root-owner-group --build "$T/newer" "$T/machine/newer.deb" >/dev/null
}

# Debian as debootstrap makes it, with an init, nginx, and what the tests ask with.
# It comes from where this machine's own packages come from.
get_debian() {
	[ ! -e "$PLACE/debian.done" ] || return 0
	rm -rf "$PLACE/debian"
	release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	# shellcheck disable=SC2016 # fields that apt-get fills in
	mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' \
	    'Created-By: Packages' | sed -n "s/ $release main$//p" | head -n 1)
	debootstrap --variant=minbase \
	    --include=systemd,systemd-sysv,dbus,nginx,git,curl \
	    "$release" "$PLACE/debian" "$mirror" >"$T/debootstrap.log" 2>&1 ||
	    { tail -n 20 "$T/debootstrap.log"; return 1; }
	: >"$PLACE/debian.done"
}

# What the package depends on, fetched now: the machine has no network.
get_dependencies() {
	cp "$T/machine/first.deb" "$PLACE/debian/tmp/" || return
	if ! DEBIAN_FRONTEND=noninteractive chroot "$PLACE/debian" apt-get -q -y --download-only \
	    --no-install-recommends install /tmp/first.deb >"$T/dependencies.log" 2>&1; then
		tail -n 20 "$T/dependencies.log"
		return 1
	fi
	rm "$PLACE/debian/tmp/first.deb"
}

# boot COMMAND: it runs in that Debian, under its systemd, in namespaces of its own;
# what it writes outside /package goes to memory and is gone afterwards.
boot() {
	timeout -k 10 240 systemd-nspawn --quiet --directory="$PLACE/debian" --volatile=overlay \
	    --private-network --register=no --keep-unit --console=pipe --machine="scgi-cgid-$$" \
	    --bind="$T/machine:/package" --boot systemd.run="$1" \
	    systemd.run_success_action=exit systemd.run_failure_action=exit \
	    </dev/null >"$T/console" 2>&1
}
