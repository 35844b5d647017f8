#!/bin/sh
# SPDX-License-Identifier: ISC
# Told to end it cleans up, and writes that down.
trap 'echo cleaned >../tmp/trap-ran; exit' TERM
echo $$ >../tmp/trap
sleep 30 &
wait
