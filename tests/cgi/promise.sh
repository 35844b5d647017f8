#!/bin/sh
# SPDX-License-Identifier: ISC
# Keeps the promise of its Content-Length, then works on for a while.
rm -f ../tmp/promise-kept
printf 'Content-Type: text/plain\nContent-Length: 5\n\nkept\n'
sleep 0.3
echo done >../tmp/promise-kept
