#!/bin/sh
# SPDX-License-Identifier: ISC
# Reads the first bytes of the body only.
printf 'Content-Type: text/plain\n\n'
head -c 10
