#!/bin/sh
# SPDX-License-Identifier: ISC
# How the request was split.
printf 'Content-Type: text/plain\n\nSCRIPT_NAME=%s\n' "$SCRIPT_NAME"
if [ -n "${PATH_INFO+set}" ]; then
	printf 'PATH_INFO=%s\n' "$PATH_INFO"
else
	echo 'PATH_INFO is not set'
fi
printf 'QUERY_STRING=%s\n' "$QUERY_STRING"
