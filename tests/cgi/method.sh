#!/bin/sh
# SPDX-License-Identifier: ISC
# The method it was asked by.
printf 'Content-Type: text/plain\n\nREQUEST_METHOD=%s\n' "$REQUEST_METHOD"
