#!/bin/sh
# SPDX-License-Identifier: ISC
# Reads all, then answers with the checksum.
sum=$(sha1sum)
printf 'Content-Type: text/plain\n\nsum=%s\n' "${sum%% *}"
