#!/bin/sh
# SPDX-License-Identifier: ISC
printf 'Content-Type: text/plain\r\n\r\nhello from bench\n'
