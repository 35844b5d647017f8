#!/bin/sh
# SPDX-License-Identifier: ISC
# Its output is the body of the request, header and all: the tests say what.
exec cat
