#!/bin/sh
# SPDX-License-Identifier: ISC
# Each place in the source that asks for memory, or calls the system, fails once: what
# slow_faults.sh shows of all calls, for some of them.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/faults.sh"

while read -r scenario kind; do
	run_step "$scenario: $kind" each "$scenario" "$kind" --sites
done <<'END'
start calls
early calls
reload calls
END
