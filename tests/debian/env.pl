#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Everything a program is given: environment, arguments, directory, input.
print "Content-Type: text/plain\n\n";
print "$_=$ENV{$_}\n" for sort keys %ENV;
print "arguments: ", join(" ", map { "<$_>" } @ARGV), "\n";
use Cwd;
print "directory: ", getcwd(), "\n";
local $/;
print "input: ", scalar(<STDIN>) // '', "\n";
