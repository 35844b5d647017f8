#!/bin/sh
# SPDX-License-Identifier: ISC
# systemd finds nothing wrong with the units, and its own measure of exposure is low.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need systemd-analyze
SYSTEMD_UNIT_PATH=$T/units:
SYSTEMD_PAGER=
export SYSTEMD_UNIT_PATH SYSTEMD_PAGER
mkdir "$T/units"
for unit in "$BUILD"/systemd/scgi-cgid*; do
	# The program where it is, not where it is to be.
	sed "s|^\(Exec[A-Za-z]*=\)/[^ ]*/scgi-cgid |\1$DAEMON |" "$unit" >"$T/units/${unit##*/}"
done
# clean UNIT: systemd says nothing of it.
clean() {
	systemd-analyze verify --man=no "$T/units/$1" >"$T/reply" 2>&1 &&
	    ! grep -q -F scgi-cgid "$T/reply"
}
# exposed TENTHS: at most so much.
exposed() {
	systemd-analyze security --offline=true --threshold="$1" --json=short "$T/units/scgi-cgid.service" >"$T/output" 2>&1
}

run_step "the service" clean scgi-cgid.service
run_step "the socket" clean scgi-cgid.socket
run_step "the template of services" clean scgi-cgid@.service
run_step "the template of sockets" clean scgi-cgid@.socket
run_step "nothing was left to be filled in" fails grep -n '@[a-z]*@' "$T"/units/*
run_step "an exposure of 2.5 at most" exposed 25
mkdir "$T/units/scgi-cgid.service.d"
cp "$TESTS/../systemd/systemd-strict.conf" "$T/units/scgi-cgid.service.d/"
run_step "with the strict drop-in nothing is wrong" clean scgi-cgid.service
run_step "and it is below 1.5" exposed 14
