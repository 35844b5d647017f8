#!/bin/sh
# SPDX-License-Identifier: ISC
# Notes how many of it run at once.
mkdir "../tmp/crowd.$$"
set -- ../tmp/crowd.*
echo "$#" >>../tmp/crowds
sleep 0.02
rmdir "../tmp/crowd.$$"
printf 'Content-Type: text/plain\n\n%s\n' "$#"
