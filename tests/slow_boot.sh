#!/bin/sh
# SPDX-License-Identifier: ISC
# A Debian tree with systemd is booted, and what "make install" puts there is used as the README says:
# socket, nginx, reload, restart, watchdog, the strict drop-in, an instance.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"
# shellcheck source=/dev/null
. "$TESTS/boot.sh"

boot_tree
boot_install
cp "$TESTS"/cgi/* "$TREE/usr/lib/cgi-bin/"
cat >"$TREE/usr/lib/cgi-bin/box.sh" <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\n\nnofile=%s\nnetwork=%s\n' "$(ulimit -n)" "$(sed 's/:.*//; 1,2d' /proc/self/net/dev | tr -d ' \n')"
for dir in /etc /home /opt /run /srv /tmp /usr /var; do
	if (: >$dir/open/box) 2>/dev/null || { [ $dir = /tmp ] && : >/tmp/box; }; then echo "write=$dir"; fi
done
END
chmod 755 "$TREE"/usr/lib/cgi-bin/*
cat >"$TREE/etc/nginx/conf.d/cgi.conf" <<'END'
server { listen 127.0.0.1:80; location /cgi-bin/ { include scgi_params; scgi_pass unix:/run/scgi-cgid/scgi.sock; } }
END

boot
ADDR=/proc/${INIT%% *}/root/run/scgi-cgid/scgi.sock

get() { inside curl -sS --max-time 20 "http://127.0.0.1$1"; }
gets() { get "$1" | grep -q -e "$2"; }

for dir in etc home opt run srv usr var; do inside install -d -m 777 /$dir/open; done
written() { get /cgi-bin/box.sh | sed -n 's/^write=//p' | tr '\n' ' '; }

run_step "the socket unit is started" inside systemctl start scgi-cgid.socket
run_step "and nothing else yet" state scgi-cgid ActiveState inactive
run_step "the first request starts the gateway" gets /cgi-bin/hello.sh hello
run_step "which has said that it is ready" state scgi-cgid ActiveState active
run_step "and with what" poll journal_has 'workers: .*listening on unix:/run/scgi-cgid/scgi.sock'
run_step "its status has counts" sh -c "case '$(inside systemctl show -P StatusText scgi-cgid)' in *' workers, '*) ;; *) exit 1 ;; esac"
run_step "the journal has the request" poll journal_has 'path=/cgi-bin/hello.sh status=200'
run_step "enabled, both will be there after a boot" inside systemctl enable scgi-cgid
run_step "the socket, too" state scgi-cgid.socket UnitFileState enabled
run_step "a program's environment has nothing of systemd's" test -z "$(get /cgi-bin/env.sh | grep -E '^(NOTIFY|LISTEN|WATCHDOG|INVOCATION|JOURNAL)')"

scgi /cgi-bin/hello.sh -n 800 -c 4 --expect-status 200 >"$T/load" &
load=$!
for action in reload restart reload restart; do
	run_step "$action in the middle of it" inside systemctl $action scgi-cgid
done
run_step "an upgrade in place" inside systemctl kill --kill-whom=main -s USR2 scgi-cgid
run_step "is done under systemd, too" patient journal_has 'upgraded to .*listening on'
run_step "no request is lost" wait $load
cat "$T/load"
echo 'map "/x/" { director = "/" }' | inside sh -c 'cat >/etc/bad; cp /etc/scgi-cgid.conf /etc/good; cat /etc/bad >>/etc/scgi-cgid.conf'
run_step "a reload of a bad file fails" refuses systemctl reload scgi-cgid
run_step "its line is said" poll journal_has '/etc/scgi-cgid.conf:[0-9]*: '
inside cp /etc/good /etc/scgi-cgid.conf
run_step "and all goes on" gets /cgi-bin/hello.sh hello
run_step "limits of programs: the usual number of descriptors" gets /cgi-bin/box.sh '^nofile=1024$'
run_step "they write below /srv, /tmp and /var, of what all may write to" test "$(written)" = '/srv /tmp /var '

run_step "a watchdog of 2 s" override scgi-cgid.service <<'END'
[Service]
WatchdogSec=2
END
worker=$(inside pgrep -P "$(inside systemctl show -P MainPID scgi-cgid)" | tail -n 1)
inside kill -STOP "$worker"
run_step "bites when a worker hangs" patient journal_has 'Watchdog timeout'
run_step "systemd starts it anew" patient gets /cgi-bin/hello.sh hello
run_step "because of that" state scgi-cgid NRestarts 1

cp "$TESTS/../systemd/systemd-strict.conf" "$T/strict"
run_step "the strict drop-in" override scgi-cgid.service <"$T/strict"
run_step "programs run" gets /cgi-bin/hello.sh hello
run_step "root is nowhere" test -z "$(inside pgrep -u root scgi-cgid)"
run_step "and there is no network" gets /cgi-bin/box.sh '^network=lo$'
run_step "nor anything to write to but /tmp" test "$(written)" = '/tmp '
run_step "a reload" inside systemctl reload scgi-cgid
run_step "is served" gets /cgi-bin/hello.sh hello

sed 's/^listen.*/listen = { "systemd:site" }/; s/^user.*/user = "nobody"/' "$TREE/etc/scgi-cgid.conf" | inside sh -c 'mkdir -p /etc/scgi-cgid; cat >/etc/scgi-cgid/site.conf'
run_step "an instance" inside systemctl start scgi-cgid@site
ADDR=${ADDR%scgi.sock}site.sock
run_step "has its own socket" answers 200 /cgi-bin/env.sh
run_step "and user" test -n "$(inside pgrep -u nobody scgi-cgid)"
run_step "stopped, it leaves nothing" inside systemctl stop scgi-cgid@site.socket scgi-cgid@site scgi-cgid.socket scgi-cgid
run_step "behind" test -z "$(inside pgrep scgi-cgid)"
journal >"$T/journal"
shut_down
