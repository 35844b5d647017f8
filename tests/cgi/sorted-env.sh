#!/bin/sh
# SPDX-License-Identifier: ISC
# Shows the environment it was started with, sorted.
printf 'Content-Type: text/plain\n\n'
tr '\0' '\n' </proc/$$/environ | LC_ALL=C sort
