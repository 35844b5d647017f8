#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Stands in for ZoneMinder's nph-zms: one picture after the other, for ever. Notes its process id, and
# when it is told to end. With "slow" in the query, the first picture is small, and the last for a minute.
use strict;
use warnings;

open my $note, '>>', '../tmp/streams' or die "../tmp/streams: $!";
syswrite $note, "$$\n";
$SIG{TERM} = sub { syswrite $note, "told\n"; exit };
$| = 1;
print "HTTP/1.0 200 OK\r\nServer: stand-in\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";
for (my $n = 1; ; $n++) {
	my $slow = $ENV{QUERY_STRING} =~ /slow/;
	my $picture = "picture $n " . 'x' x ($slow ? 50 : 5000);
	printf "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n", length $picture, $picture;
	select undef, undef, undef, $slow ? 60 : 0.02;
}
