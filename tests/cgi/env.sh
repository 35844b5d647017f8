#!/bin/sh
# SPDX-License-Identifier: ISC
# Shows the environment it was started with, one variable a line.
printf 'Content-Type: text/plain\n\n'
tr '\0' '\n' </proc/$$/environ
