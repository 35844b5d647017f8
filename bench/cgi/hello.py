#!/usr/bin/python3
# SPDX-License-Identifier: ISC
print("Content-Type: text/plain\r\n\r\nhello from bench")
