#!/bin/sh
# SPDX-License-Identifier: ISC
# Has not changed since any date.
if [ -n "${HTTP_IF_MODIFIED_SINCE-}" ]; then
	printf 'Status: 304 Not Modified\nETag: "one"\n\n'
else
	printf 'Content-Type: text/plain\nETag: "one"\n\nfresh\n'
fi
