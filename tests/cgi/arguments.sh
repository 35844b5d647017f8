#!/bin/sh
# SPDX-License-Identifier: ISC
# Shows its arguments, one to a line.
printf 'Content-Type: text/plain\n\n'
echo "count=$#"
for argument; do printf 'argument=%s\n' "$argument"; done
