#!/bin/sh
# SPDX-License-Identifier: ISC
# Closes standard output and works on for half a second.
printf 'Content-Type: text/plain\n\nsoon\n'
exec >&-
sleep 0.5
echo finished >../tmp/close-stdout
