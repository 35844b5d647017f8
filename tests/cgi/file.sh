#!/bin/sh
# SPDX-License-Identifier: ISC
# Sends the file ../tmp/QUERY_STRING.
printf 'Content-Type: application/octet-stream\n\n'
exec cat "../tmp/$QUERY_STRING"
