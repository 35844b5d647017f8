#!/bin/sh
# SPDX-License-Identifier: ISC
# Answers before it reads, as git http-backend does; then the checksum.
printf 'Content-Type: text/plain\n\n'
sum=$(sha1sum)
echo "sum=${sum%% *}"
