#!/bin/sh
# SPDX-License-Identifier: ISC
# A reply of QUERY_STRING bytes.
printf 'Content-Type: application/octet-stream\n\n'
exec head -c "$QUERY_STRING" /dev/zero
