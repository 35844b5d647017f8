#!/bin/sh
# SPDX-License-Identifier: ISC
# Begins to answer, sleeps QUERY_STRING seconds, goes on.
printf 'Content-Type: text/plain\n\nbegun\n'
sleep "$QUERY_STRING"
echo ended
