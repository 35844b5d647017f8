#!/bin/sh
# SPDX-License-Identifier: ISC
# A family of processes, all of which should be ended together.
sleep 30 &
one=$!
sleep 30 &
echo $$ $one $! >../tmp/group
wait
