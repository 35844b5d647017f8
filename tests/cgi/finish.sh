#!/bin/sh
# SPDX-License-Identifier: ISC
# Takes half a second and notes that it came to its end.
echo begun >../tmp/finish-begun
sleep 0.5
echo ended >../tmp/finish-ended
printf 'Content-Type: text/plain\n\nfinished\n'
