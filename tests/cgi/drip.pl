#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Its output is the body of the request, byte by byte.
$| = 1;
undef $/;
for my $byte (split //, <STDIN>) {
	print $byte;
	select undef, undef, undef, 0.001;
}
