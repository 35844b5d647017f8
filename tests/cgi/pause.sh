#!/bin/sh
# SPDX-License-Identifier: ISC
# Begins to answer after QUERY_STRING seconds, and then says no more.
sleep "$QUERY_STRING"
printf 'Content-Type: text/plain\n\nbegun\n'
exec sleep 30
