#!/bin/sh
# SPDX-License-Identifier: ISC
# Writes 300 kB before it reads the first byte.
printf 'Content-Type: text/plain\n\n'
head -c 300000 /dev/zero | tr '\0' x
sum=$(sha1sum)
printf '\nsum=%s\n' "${sum%% *}"
