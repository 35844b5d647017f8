#!/bin/sh
# SPDX-License-Identifier: ISC
# Its output is the file ../tmp/PATH_INFO, header and all: the tests say what.
exec cat "../tmp$PATH_INFO"
