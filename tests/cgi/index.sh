#!/bin/sh
# SPDX-License-Identifier: ISC
# What a directory is asked for.
printf 'Content-Type: text/plain\n\nthis is the index\nname=%s\n' "$SCRIPT_NAME"
