#!/bin/sh
# SPDX-License-Identifier: ISC
# The Debian package is built and without fault, and lives a life in a clean
# Debian under systemd: installed, in use, upgraded during load, removed, purged.
#
# It wants root, debootstrap with its mirror, debhelper, lintian and
# systemd-container.  tests/package/inside.sh is what happens in the machine.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/package/make.sh"

[ -d "$SOURCE/debian" ] || skip "this is a release archive, without debian/"
is_root || skip "only root can start a machine"
need debootstrap dh dpkg-buildpackage git lintian systemd-nspawn
mkdir "$T/machine"
export_source
run_step "the package is built" build_package
run_step "the units pass, compiled like that" units_pass
run_step "lintian has nothing to say" lintian_silent
run_step "a newer one is made" build_newer
run_step "a clean Debian is there" get_debian
run_step "and what the package depends on" get_dependencies
[ "$FAILED" -eq 0 ] || exit 1
boot /bin/true || skip "systemd cannot be booted in a namespace: $(tail -n 1 "$T/console")"

cp "$SOURCE/README" "$SOURCE/debian/tests/git-http-backend" "$TESTS/package/inside.sh" "$T/machine/"
run_step "a machine boots, and all is well there" boot /package/inside.sh
cat "$T/machine/report"
STEPS=$((STEPS + $(grep -c '^ok' "$T/machine/report")))
FAILED=$((FAILED + $(grep -c '^FAILED' "$T/machine/report")))
run_step "it went through to its end" grep -q '^# done' "$T/machine/report"
