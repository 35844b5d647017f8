#!/bin/sh
# SPDX-License-Identifier: ISC
# Dies of the signal QUERY_STRING after part of its answer.
printf 'Content-Type: text/plain\n\npart\n'
kill -"$QUERY_STRING" $$
