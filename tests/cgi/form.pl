#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# A CGI.pm program: shows the fields of a form, and the checksum of a file sent with it.
use strict;
use warnings;
use CGI;
use Digest::SHA;

$CGI::LIST_CONTEXT_WARN = 0;
my $q = CGI->new;
print $q->header('text/plain');
print 'method=', $q->request_method, "\n";
for my $name (sort $q->param) {
	my $file = $q->upload($name);
	if ($file) {
		print "$name sum=", Digest::SHA->new(1)->addfile($file)->hexdigest, "\n";
	} else {
		print "$name=", join(',', $q->param($name)), "\n";
	}
}
