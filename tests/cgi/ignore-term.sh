#!/bin/sh
# SPDX-License-Identifier: ISC
# Will not end for a SIGTERM.
trap '' TERM
echo $$ >../tmp/ignore-term
while :; do
	sleep 0.1
done
