#!/bin/sh
# SPDX-License-Identifier: ISC
# A repository of 60 MB: pushed in one piece and in chunks, cloned, and the same afterwards.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need git
BACKEND=$(git --exec-path)/git-http-backend
[ -x "$BACKEND" ] || skip "no git http-backend here"
export HOME="$T" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
git config --global user.name tester
git config --global user.email tester@test.example
git config --global core.compression 0
git config --global gc.auto 0

for name in large chunked; do
	git init -q --bare "$T/tmp/$name.git"
	git -C "$T/tmp/$name.git" config http.receivepack true
done
! is_root || chown -R nobody "$T/tmp"
start_daemon <<END
map "/git/" { program = "$BACKEND"
              setenv = { "GIT_PROJECT_ROOT=$T/tmp", "GIT_HTTP_EXPORT_ALL=1", "HOME=$T/tmp" } }
END
start_nginx
URL=http://127.0.0.1:$PORT/git

git init -q -b main "$T/work"
for i in 1 2 3 4 5 6; do
	head -c 10000000 /dev/urandom >"$T/work/random$i"
	git -C "$T/work" add . && git -C "$T/work" commit -q -m "change $i"
done
push() { timeout 50 git -C "$T/work" -c http.postBuffer="$2" push -q "$URL/$1.git" main; }
run_step "a push of 60 MB in one piece" takes 0 30000 push large 200000000
run_step "one in chunks" takes 0 30000 push chunked 65536
for name in large chunked; do
	run_step "$name: arrived sound" git --git-dir="$T/tmp/$name.git" -c safe.directory='*' fsck --strict
	run_step "$name: a clone" takes 0 30000 timeout 50 git clone -q -b main "$URL/$name.git" "$T/$name"
	run_step "$name: sound" git -C "$T/$name" fsck --strict
	run_step "$name: the same commit" test "$(git -C "$T/$name" rev-parse HEAD)" = "$(git -C "$T/work" rev-parse HEAD)"
	run_step "$name: the same bytes" cmp "$T/work/random6" "$T/$name/random6"
done
run_step "no spooled file is left" test -z "$(find "$T/tmp" -maxdepth 1 -type f)"
