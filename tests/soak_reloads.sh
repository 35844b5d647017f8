#!/bin/sh
# SPDX-License-Identifier: ISC
# 200 reloads under load, directly and through nginx: no request fails.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "${0%/*}/soak_lib.sh"

start_changing
begin_load
reloads=0
while [ $reloads -lt "$(scaled 200 10)" ]; do
	reloads=$((reloads + 1))
	change HUP 'reloaded: workers'
done
figure "reloads" "$reloads"
end_changing
