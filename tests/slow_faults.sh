#!/bin/sh
# SPDX-License-Identifier: ISC
# The Nth allocation fails, then the Nth system call, for every N: the daemon says so and starts
# not, or goes on; clients get an answer or an end, the next one what it asked for.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/faults.sh"

for scenario in ${SCENARIOS:-start startworker get unix spooled small early bulk refused late waiting \
    reload reloadworker reopen stop stopworker}; do
	run_step "$scenario: no memory" each "$scenario" memory
	run_step "$scenario: a system call fails" each "$scenario" calls
	run_step "$scenario: a system call is interrupted" each "$scenario" interruptions
	run_step "$scenario: no memory for a while" each "$scenario" memory --often
	run_step "$scenario: no descriptors for a while" each "$scenario" descriptors --often
done
