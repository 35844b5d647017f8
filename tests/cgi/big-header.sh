#!/bin/sh
# SPDX-License-Identifier: ISC
# A header of somewhat more than QUERY_STRING bytes, in lines of 100.
printf 'Content-Type: text/plain\n'
i=0
while [ "$i" -lt "$QUERY_STRING" ]; do
	printf 'X-Filler: %088d\n' "$i"
	i=$((i + 100))
done
printf '\nbody\n'
