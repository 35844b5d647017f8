#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Reads and writes much, in the steps of QUERY_STRING: a letter and a number each.
# What it writes, and expects to read, are the bytes that scgi_client.py makes up.
use strict;
use warnings;

my $block = 65536;
my $filler = join('', map { chr } 0 .. 255) x ($block / 256);
my ($wrote, $read, $good) = (0, 0, 'good');

# $size bytes of the pattern from $at on.
sub pattern {
	my ($at, $size) = @_;
	my $bytes = '';
	for (my $i = $at - $at % $block; $i < $at + $size; $i += $block) {
		$bytes .= pack('Q>', $i) . substr($filler, 0, $block - 8);
	}
	return substr($bytes, $at % $block, $size);
}
sub put {
	my ($bytes, $at) = ($_[0], 0);
	$at += syswrite(STDOUT, $bytes, length($bytes) - $at, $at) // exit 9 while $at < length $bytes;
}
sub take {
	my ($most, $bytes) = @_;
	my $n = sysread(STDIN, $bytes, $most) // exit 8;
	$good = 'bad' if $n > 0 && $bytes ne pattern($read, $n);
	$read += $n;
	return $n;
}
sub doze { select(undef, undef, undef, $_[0] / 1000) }

my %step = (
	h => sub { put("Content-Type: a/b\n" . ($_[0] ne '' ? "Content-Length: $_[0]\n" : '') . "\n") },
	c => sub { put("Content-Type: a/b\nTransfer-Encoding: chunked\n\n") },
	H => sub { put("HTTP/1.1 200 OK\r\n\r\n") },
	# in one write, by one call; in chunks; in small pieces, so many ms apart
	w => sub { put(pattern($wrote, $_[0])); $wrote += $_[0] },
	k => sub { put(sprintf("%x\r\n%s\r\n", $_[0], pattern($wrote, $_[0]))); $wrote += $_[0] },
	K => sub { put("0\r\n\r\n") },
	d => sub { for (1 .. $_[0]) { put('.'); doze(50) } },
	# all of it; slowly, with so many ms in between; and back to where it came from
	R => sub { 1 while take($block) > 0 },
	L => sub { doze($_[0]) while take($block) > 0 },
	m => sub { while ((my $n = take($block)) > 0) { put(pattern($wrote, $n)); $wrote += $n } },
	s => sub { put("read=$read $good\n") },
	z => sub { doze($_[0]) },
	x => sub { close STDOUT; close STDERR },
	E => sub { syswrite(STDERR, "complaint\n" x ($_[0] / 10)) },
	e => sub { print STDERR "last words of $_[0]\n" },
	# another process, which has our standard output until the test is over
	f => sub { if (!fork) { doze(50) until -e '../tmp/over'; exit } },
	n => sub { open my $f, '>', "../tmp/bulk.$_[0]" or exit 7; print $f $$ },
	q => sub { exit $_[0] },
);
$step{substr $_, 0, 1}->(substr $_, 1) for split /,/, $ENV{QUERY_STRING};
