#!/bin/sh
# SPDX-License-Identifier: ISC
# A local redirect to QUERY_STRING.
printf 'Location: %s\n\n' "$QUERY_STRING"
