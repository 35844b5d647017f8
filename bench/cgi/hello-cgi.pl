#!/usr/bin/perl
# SPDX-License-Identifier: ISC
use CGI;
my $q = CGI->new;
print $q->header('text/plain'), "hello from bench\n" if $q->param('name') eq 'value';
