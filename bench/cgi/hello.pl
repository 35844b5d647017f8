#!/usr/bin/perl
# SPDX-License-Identifier: ISC
print "Content-Type: text/plain\r\n\r\nhello from bench\n";
