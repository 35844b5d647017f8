#!/bin/sh
# SPDX-License-Identifier: ISC
# Says nothing; the exit status is QUERY_STRING.
exit "${QUERY_STRING:-0}"
