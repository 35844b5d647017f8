#!/bin/sh
# SPDX-License-Identifier: ISC
# The well-behaved one.
printf 'Content-Type: text/plain\n\nhello\n'
