#!/bin/sh
# SPDX-License-Identifier: ISC
# 200 long lines on standard error.
printf 'Content-Type: text/plain\n\nanswer\n'
head -c 200000 /dev/zero | tr '\0' x | fold -w 1000 >&2
