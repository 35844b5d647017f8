#!/bin/sh
# SPDX-License-Identifier: ISC
# Notes that it runs, reads all, and says on which gateway it has and what it got.
echo "$REQUEST_METHOD $QUERY_STRING" >>"../tmp/ran.$GATEWAY"
sum=$(sha1sum)
sleep 0.05
printf 'Content-Type: text/plain\n\n%s %s %s\n' "$GATEWAY" "$QUERY_STRING" "${sum%% *}"
