#!/bin/sh
# SPDX-License-Identifier: ISC
# Answers, closes standard output and lives on for 5 s; never reads its body.
echo $$ >../tmp/live-on
printf 'Content-Type: text/plain\n\nanswered\n'
exec >&-
sleep 5
