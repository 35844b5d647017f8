#!/bin/sh
# SPDX-License-Identifier: ISC
# Dies of the signal QUERY_STRING before it says anything.
kill -"$QUERY_STRING" $$
