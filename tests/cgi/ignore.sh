#!/bin/sh
# SPDX-License-Identifier: ISC
# Refuses without a look at the body.
printf 'Status: 403 Forbidden\nContent-Type: text/plain\n\nno\n'
