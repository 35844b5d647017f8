#!/bin/sh
# SPDX-License-Identifier: ISC
# Leaves a child behind that holds standard output and error.
printf 'Content-Type: text/plain\n\n'
sleep 6 &
echo $! >../tmp/background
echo 'all done'
