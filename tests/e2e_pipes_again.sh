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
	open my $fh, '>', "../tmp/gone.$way";
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
map "/cgi/"   { directory = "$CGI" }
map "/apart/" { directory = "$CGI"  no-new-privileges = no }
END
WORKER=$(workers)
# look [WAY [MAP]]: the program's pipes are $OUT and $ERR.
look() {
	ask "/${2:-cgi}/pipes.pl?${1-}"
	has '^pipe:.* blocking$' && ! has ' nonblocking$' && ! has 'another' || return 1
	# shellcheck disable=SC2046
	set -- $(sed -n 's/^pipe:\[\([0-9]*\)\].*/\1/p' "$T/reply")
	OUT=$1 ERR=$2
}
# Pipes are kept of programs that are over within 20 ms, for a second or two: it may take more
# than one try to see one, so each of these is polled.
# between WAY: one program has the pipes $OUT1 and $ERR1 of the last, and leaves them in that way to $OUT and $ERR.
between() {
	look && OUT1=$OUT ERR1=$ERR && look "$1" && [ "$OUT $ERR" = "$OUT1 $ERR1" ] && look
}
both_again() { between "$1" && [ "$OUT $ERR" = "$OUT1 $ERR1" ]; }
only_errors_again() { between "$1" && [ "$OUT" != "$OUT1" ] && [ "$ERR" = "$ERR1" ]; }
only_output_again() { between "$1" && [ "$OUT" = "$OUT1" ] && [ "$ERR" != "$ERR1" ]; }
none_again() { between "$1" && [ "$OUT" != "$OUT1" ] && [ "$ERR" != "$ERR1" ]; }
apart() {
	look && OUT1=$OUT ERR1=$ERR && look "" apart && [ "$OUT" != "$OUT1" ] && [ "$ERR" != "$ERR1" ] &&
	    OUT2=$OUT && look && [ "$OUT $ERR" = "$OUT1 $ERR1" ] && [ "$OUT" != "$OUT2" ]
}
kept() { look && [ "$(program_pipes "$WORKER")" -eq 2 ]; }

run_step "the next has the same two" poll both_again ""
run_step "also after one that has made its own not wait" poll both_again nonblocking
run_step "and after one that says something at its end" poll both_again last
said=$(grep -c 'stderr: a last word' "$LOG")
look
run_step "which the next does not say again" test "$(grep -c 'stderr: a last word' "$LOG")" -eq "$said"
look read
run_step "nobody reads the answers but the gateway" has '^cannot read: Permission denied'
run_step "they are kept for a while" poll kept
run_step "and then not" poll no_pipe_kept "$WORKER"
run_step "one that was made larger is not used again" poll only_errors_again large
run_step "nor one that another process still has" poll only_output_again errors
run_step "nor are both, if it has them both" poll none_again daemon
: >"$T/tmp/over"
run_step "it may write to one" poll test -e "$T/tmp/gone.errors"
run_step "and to both" poll test -e "$T/tmp/gone.daemon"
run_step "but nobody reads that" look
run_step "nor is it logged" test "$(grep -c 'from another' "$LOG")" -eq 0
run_step "a program that may gain privileges has its own" poll apart
