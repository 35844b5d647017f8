#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Well-behaved, in Perl.
print "Content-Type: text/plain\r\n\r\nhello from Perl\n";
