#!/bin/sh
# SPDX-License-Identifier: ISC
# Complains on standard error, in the manner QUERY_STRING.
printf 'Content-Type: text/plain\n\nanswer\n'
case $QUERY_STRING in
lines) printf 'first complaint\nsecond complaint\n' >&2 ;;
unfinished) printf 'no newline at the end' >&2 ;;
control) printf 'red \033[31m bell \007 return \r tab \t nul \0 high \377 end\n' >&2 ;;
forged) printf 'one\nrequest id=1-1 forged=yes status=200\n' >&2 ;;
long) head -c 100000 /dev/zero | tr '\0' y >&2 ;;
flood) head -c 20000000 /dev/zero | tr '\0' '\n' >&2 ;;
esac
