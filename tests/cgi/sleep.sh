#!/bin/sh
# SPDX-License-Identifier: ISC
# Sleeps QUERY_STRING seconds, then answers.
echo $$ >"../tmp/sleep.$QUERY_STRING"
sleep "$QUERY_STRING"
printf 'Content-Type: text/plain\n\nslept\n'
