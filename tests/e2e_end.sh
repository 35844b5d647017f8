#!/bin/sh
# SPDX-License-Identifier: ISC
# When a reply is over.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END

run_step "a child left behind delays nobody" answers 200 /cgi/background.sh
run_step "that is" within 0 2000
run_step "all was sent" body_is 'all done\n'
# The program works on for 500 ms. A busy machine may be late once, but hardly each time.
at_once() { answers 200 /cgi/close-stdout.sh && within 0 400; }
run_step "output closed: the answer is there at once" eval 'at_once || at_once || at_once || at_once || at_once'
run_step "while the program works on" poll noted close-stdout

run_step "killed before a word" answers 502 '/cgi/die.sh?KILL'
run_step "is logged" logged 'die.sh.*signal=9'
run_step "dead of a fault" answers 502 '/cgi/die.sh?SEGV'
run_step "is logged" logged 'die.sh.*signal=11'
run_step "killed later" answers 200 '/cgi/die-late.sh?TERM'
run_step "what was said is passed" body_is 'part\n'
run_step "and the end is logged" logged 'die-late.sh.*signal=15'
run_step "a large reply" answers 200 '/cgi/big.sh?20000000'
run_step "is complete" test "$BODY_LEN" = 20000000
run_step "to a slow reader too" answers 200 '/cgi/big.sh?5000000' --no-read 300
run_step "likewise" test "$BODY_LEN" = 5000000
