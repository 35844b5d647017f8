#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# Leaves a job behind in a group of its own, as a shell with job control does:
# the leader of the group ends before the one that writes the file.
$| = 1;
print "Content-Type: text/plain\n\nleft\n";
exit if fork;
setpgrp;
if (fork) {
	select undef, undef, undef, 0.2;
	exit;
}
select undef, undef, undef, 0.4;
open my $file, '>', '../tmp/job';
print $file "done\n";
