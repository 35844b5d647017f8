#!/bin/sh
# SPDX-License-Identifier: ISC
# Notes that it runs, and answers when its gate, or every gate, is open.
echo "$QUERY_STRING" >>../tmp/ran
until [ -e "../tmp/gate.$QUERY_STRING" ] || [ -e ../tmp/gate ]; do sleep 0.02; done
printf 'Content-Type: text/plain\n\n%s\n' "$QUERY_STRING"
