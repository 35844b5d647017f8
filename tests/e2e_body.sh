#!/bin/sh
# SPDX-License-Identifier: ISC
# How bodies arrive, and what programs do about them.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"  { directory = "$CGI" }
map "/once/" { directory = "$CGI"  reply = at-once }
END

run_step "all byte by byte" answers 200 /cgi/sum.sh --body-size 2000 --piece 1
run_step "whole" has "^sum=$SENT$"
run_step "in pieces with pauses" answers 200 /cgi/sum.sh --body-size 5000 --piece 700 --pause 20
run_step "whole" has "^sum=$SENT$"
run_step "half-closed after the body" answers 200 /cgi/sum.sh --body-size 100000 --half-close
run_step "whole" has "^sum=$SENT$"
run_step "more than was announced" answers 200 /cgi/sum.sh -b exact --excess ' and more'
run_step "is ignored" has "^sum=$SENT$"
run_step "and said" logged 'CONTENT_LENGTH\|excess\|beyond\|more'
run_step "none, with POST" answers 200 /cgi/sum.sh -X POST
run_step "is an empty input" has '^sum=da39a3ee5e6b4b0d3255bfef95601890afd80709$'

for how in '' --duplex; do
	run_step "ignored$how: 1 MB" answers 403 /cgi/ignore.sh --body-size 1000000 $how
	run_step "read in part$how: 1 MB" answers 200 /cgi/read-some.sh --body-size 1000000 $how
	run_step "300 kB written before 1 MB is read$how" answers 200 /cgi/flood-first.sh --body-size 1000000 $how
	run_step "none of it lost" has "^sum=$SENT$"
	run_step "answered before it is read$how: 3 MB" answers 200 /cgi/early-sum.sh --body-size 3000000 $how
	run_step "none of it lost" has "^sum=$SENT$"
done
run_step "answered at once" answers 200 /once/early-sum.sh --body-size 20000 --piece 5000 --pause 100 --duplex
run_step "is before the body is whole" test $((FIRST_MS + 50)) -lt "$MS"
run_step "and nothing is lost" has "^sum=$SENT$"
run_step "otherwise after it" answers 200 /cgi/early-sum.sh --body-size 20000 --piece 5000 --pause 50 --duplex
run_step "namely" test "$FIRST_MS" -ge 150
run_step "no spooled file is left" test -z "$(find "$T/tmp" -type f)"
