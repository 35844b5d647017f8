#!/bin/sh
# SPDX-License-Identifier: ISC
# A user who has used up what the kernel lets him have of pipes gets small ones: bulk takes
# longer, and each byte arrives.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need perl setpriv
is_root || skip "needs a user of its own"
chmod 1777 "$T/tmp"
start_daemon <<END
user = "daemon"
workers = 1
map "/cgi/" { directory = "$CGI" }
END
cat >"$CGI/size.pl" <<'END'
#!/usr/bin/perl
# 1032 is F_GETPIPE_SZ.
printf "Content-Type: text/plain\n\nsize=%d.\n", fcntl(STDOUT, 1032, 0);
END
chmod 755 "$CGI/size.pl"
# Pipes of that user, until one is smaller than usual; held until standard input ends.
use_up() {
	setpriv --reuid=daemon --regid=daemon --clear-groups "$PYTHON" -S -E -c '
import fcntl, os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
while fcntl.fcntl(os.pipe()[1], 1032) >= 65536:
    pass
print("ready", flush=True)
sys.stdin.read()'
}

run_step "a pipe" answers 200 /cgi/size.pl
run_step "has 64 KiB" has '^size=65536\.$'
poll no_pipe_kept "$(workers)"
mkfifo "$T/hold"
use_up <"$T/hold" >"$T/used" &
LEFT_PIDS="$LEFT_PIDS $!"
exec 9>"$T/hold"
run_step "his pipes are used up" poll grep -q ready "$T/used"
run_step "one more" answers 200 /cgi/size.pl
run_step "has two pages, or one" has '^size=\(8192\|4096\)\.$'
rows --together <<END
200 /cgi/bulk.pl/answer?h,w3000000 --body 3000000 --line 'out=3000037 .*end=done$'
200 /cgi/bulk.pl/body?R,h,s --body-size 3000000 --has '^read=3000000 good$' --line in=3000000
200 /cgi/bulk.pl/both?h,m --body-size 3000000 --body 3000000 --line 'in=3000000 out=3000037'
200 /cgi/bulk.pl/late?h,w1000000,R,s --body-size 1000000 --has 'read=1000000 good$' --line in=1000000
END
exec 9>&-
