#!/bin/sh
# SPDX-License-Identifier: ISC
# A program's pipes are used again for the next, which does not notice.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need perl
cat >"$CGI/pipes.pl" <<'END'
#!/usr/bin/perl
# Says which pipes it has, and how they are; leaves them in some way.
use strict;
use Fcntl;
my ($way) = $ENV{QUERY_STRING} =~ /^(\w*)/;
$| = 1;
print "Content-Type: text/plain\n\n";
for my $fd (1, 2) {
	my $flags = fcntl($fd == 1 ? *STDOUT : *STDERR, F_GETFL, 0);
	printf "%s %s\n", readlink "/proc/self/fd/$fd", $flags & O_NONBLOCK ? 'nonblocking' : 'blocking';
}
fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK) if $way eq 'nonblocking';
fcntl(STDOUT, 1031, 1 << 18) if $way eq 'large';
if (($way eq 'daemon' || $way eq 'errors') && fork == 0) {
	close STDOUT if $way eq 'errors';
	$SIG{PIPE} = 'IGNORE';
	setpgrp;
	open STDIN, '<', '/dev/null';
	sleep 1 until -e '../tmp/over';
	print "from another request\n";
	print STDERR "from another request\n";
	open my $fh, '>', '../tmp/gone';
	exit;
}
if ($way eq 'read') {
	open(my $fh, '<', '/dev/stdout') ? print "can read\n" : print "cannot read: $!\n";
}
print STDERR "a last word\n" if $way eq 'last';
END
chmod 755 "$CGI/pipes.pl"
start_daemon <<END
workers = 1
map "/cgi/" { directory = "$CGI" }
END
WORKER=$(workers)
# look [WAY]: the program's pipes are in $P.
look() {
	ask "/cgi/pipes.pl?${1-}"
	has '^pipe:.* blocking$' && ! has ' nonblocking$' && ! has 'another' && P=$(sed -n 's/^pipe:\[\([0-9]*\)\].*/\1/p' "$T/reply" | tr '\n' ' ')
}
# as_last, all_new [WAY]: than before; the machine may have rested in between.
as_last() { last=$P; look "${1-}" && [ "$P" = "$last" ]; }
all_new() {
	poll as_last && look "$1" || return 1
	first=$P
	look && { for a_pipe in $P; do case " $first" in *" $a_pipe "*) return 1 ;; esac; done; }
}
said_last() { [ "$(grep -c 'stderr: a last word' "$LOG")" -eq 1 ]; }

look
run_step "the next has the same two" poll as_last
run_step "also after one that has made its own not wait" look nonblocking
run_step "which waits" poll as_last
run_step "what one says is read, and said once" look last
run_step "with its id" poll said_last
run_step "after that, too, they are the same" poll as_last
run_step "nor twice" said_last
look read
run_step "nobody reads the answers but the gateway" has '^cannot read: Permission denied'
run_step "they are kept for a while" test "$(program_pipes "$WORKER")" -eq 2
run_step "and then not" poll no_pipe_kept "$WORKER"
look
poll as_last
first=$P
look large
look
run_step "one that was made larger is not used again" test "${P%% *}" != "${first%% *}"
run_step "the other is" test "${P#* }" = "${first#* }"
poll as_last
first=$P
look errors
look
run_step "nor one that another process still has" test "${P#* }" != "${first#* }"
run_step "while the other is" test "${P%% *}" = "${first%% *}"
run_step "and if it has both, neither is" all_new daemon
: >"$T/tmp/over"
run_step "which it may write to" poll test -e "$T/tmp/gone"
run_step "but nobody reads that" look
run_step "nor is it logged" test "$(grep -c 'from another' "$LOG")" -eq 0
