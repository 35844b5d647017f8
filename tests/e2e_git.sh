#!/bin/sh
# SPDX-License-Identifier: ISC
# git clones and pushes through nginx, scgi-cgid and git http-backend.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

need git
BACKEND=$(git --exec-path)/git-http-backend
[ -x "$BACKEND" ] || skip "no git http-backend here"
export HOME="$T" GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
git config --global user.name tester
git config --global user.email tester@test.example
git config --global init.defaultBranch main

git init -q --bare "$T/tmp/repo.git"
git -C "$T/tmp/repo.git" config http.receivepack true
! is_root || chown -R nobody "$T/tmp/repo.git"
start_daemon <<END
map "/git/" { program = "$BACKEND"
              setenv = { "GIT_PROJECT_ROOT=$T/tmp", "GIT_HTTP_EXPORT_ALL=1", "HOME=$T/tmp" } }
END
start_nginx
URL=http://127.0.0.1:$PORT/git/repo.git
git init -q "$T/work"
head -c 300000 /dev/urandom >"$T/work/random"
for i in 1 2 3 4 5; do
	echo "$i" >"$T/work/file$i"
	git -C "$T/work" add . && git -C "$T/work" commit -q -m "change $i"
done
run_step "push" git -C "$T/work" push -q "$URL" main
run_step "clone" git clone -q -b main "$URL" "$T/clone"
run_step "the same commit" test "$(git -C "$T/clone" rev-parse HEAD)" = "$(git -C "$T/work" rev-parse HEAD)"
run_step "the same file" cmp "$T/work/random" "$T/clone/random"
run_step "sound" git -C "$T/clone" fsck --strict
echo more >"$T/clone/more"
git -C "$T/clone" add more && git -C "$T/clone" commit -q -m more
run_step "push in chunks" git -C "$T/clone" -c http.postBuffer=1000 push -q origin main
run_step "fetch" git -C "$T/work" fetch -q "$URL" main
run_step "the new commit" test "$(git -C "$T/work" rev-parse FETCH_HEAD)" = "$(git -C "$T/clone" rev-parse HEAD)"
run_step "a repository that is not there" fails git clone -q "$URL-none" "$T/none"
run_step "no complaint from the daemon" unlogged ' exit=[1-9]\| signal='
