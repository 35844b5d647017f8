#!/bin/sh
# SPDX-License-Identifier: ISC
# In what state a program is started: descriptors, signals, group, privileges.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/"  { directory = "$CGI" }
map "/priv"  { program = "$CGI/self.sh"  no-new-privileges = no }
map "/fds"   { program = "/bin/sh"
               arguments = { "-c", "printf 'Content-Type: a/b\\n\\n'; exec ls /proc/self/fd" } }
map "/kinds" { program = "/bin/sh"
               arguments = { "-c", "printf 'Content-Type: a/b\\n\\n'; exec ls -l /proc/self/fd" } }
END

ask /cgi/self.sh
run_step "mask, group and privileges" holds <<'END'
SigBlk: 0000000000000000
NoNewPrivs: 1
group=own
END
# A make that uses posix_spawn leaves 32 and 33, the C library's own, ignored in all it starts.
run_step "no signal is ignored" has '^SigIgn: 0000000[01][08]0000000$'
run_step "privileges to be had where that is said" answers 200 /priv
run_step "namely" has '^NoNewPrivs: 0$'
cp /bin/true "$CGI/wrapper" && chmod 2755 "$CGI/wrapper"
ask /cgi/wrapper
run_step "a setgid program that gains none is told of" logged 'cgi/wrapper is setuid or setgid, which has no effect; no-new-privileges = no'
# Descriptor 3 is the directory that ls reads.
ask /fds
run_step "descriptors 0, 1, 2 and no others" body_is '0\n1\n2\n3\n'
scgi "/cgi/sleep.sh?30" -q --leave-when "$T/tmp/over" &
scgi /cgi/sum.sh --length 10 -b abc -q --leave-when "$T/tmp/over" &
poll noted sleep.30
ask /fds -b 'a body'
run_step "even while others run" body_is '0\n1\n2\n3\n'
echo over >"$T/tmp/over"
ask /kinds
run_step "standard input without a body is at its end" has ' 0 -> .*\(null\|pipe\)'
