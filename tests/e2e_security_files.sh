#!/bin/sh
# SPDX-License-Identifier: ISC
# What may be a script: no link that leads out (symlinks = beneath), no link of the kernel's, no dot
# file, nothing that others may write, no directory, device, FIFO or socket, no setuid program's
# privileges (CVE-2018-7490, CVE-2018-14912).
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

mkdir -p "$CGI/sub" "$CGI/.git" "$CGI/dir.sh" "$CGI/shut" "$T/outside/sub"
printf '#!/bin/sh\nprintf "Content-Type: a/b\\n\\nOUTSIDE\\n"\n' >"$T/outside/x.sh"
for copy in "$T/outside/sub/x.sh" "$T/cgi2.sh"; do cp "$T/outside/x.sh" "$copy"; done
cp "$CGI/env.sh" "$CGI/sub/in.sh"
cp "$CGI/env.sh" "$CGI/.hidden.sh"
cp "$CGI/env.sh" "$CGI/.git/hook.sh"
cp "$CGI/env.sh" "$CGI/shut/x.sh"
cp "$CGI/env.sh" "$CGI/open.sh"
cp "$CGI/env.sh" "$CGI/group.sh"
cp "$CGI/env.sh" "$CGI/read.sh"
chmod -R a+rX,u+x "$T/outside" "$T/cgi2.sh"
chmod 755 "$T/outside/x.sh" "$T/outside/sub/x.sh" "$T/cgi2.sh"
chmod 757 "$CGI/open.sh"
chmod 775 "$CGI/group.sh"
chmod 644 "$CGI/read.sh"
mkdir "$CGI/writable" && cp "$CGI/env.sh" "$CGI/writable/x.sh" && chmod 666 "$CGI/writable/x.sh"
mkfifo -m 755 "$CGI/fifo.sh"
"$PYTHON" -S -E -c "import os, socket; os.chdir('$CGI'); socket.socket(socket.AF_UNIX).bind('sock.sh'); os.chmod('sock.sh', 0o755)"
mknod -m 755 "$CGI/device.sh" c 1 3 2>/dev/null || ln -s /dev/null "$CGI/device.sh"
cd "$CGI" || exit 99
ln -s ../outside/x.sh out.sh
ln -s "$T/outside/x.sh" absolute.sh
ln -s "$CGI/sub/in.sh" within.sh
ln -s sub/in.sh in.sh
ln -s in.sh twice.sh
ln -s sub/../../outside/x.sh around.sh
ln -s sub/../env.sh about.sh
ln -s loop.sh loop.sh
ln -s b.sh a.sh
ln -s a.sh b.sh
ln -s ../outside outdir
ln -s "$T/outside" absdir
ln -s sub indir
ln -s .. up
ln -s ../cgi itself
ln -s / root
ln -s /proc/self/root magic
ln -s /proc/self/cwd cwd
ln -s /proc/self/exe exe
ln -s /proc/self/fd fds
ln -s /proc/1/root init
ln -s nowhere dangling.sh
ln -s open.sh open-link.sh
ln -s .hidden.sh shown.sh
ln -s /dev/stdin stdin.sh
ln -s fifo.sh fifo-link.sh
i=0
while [ $i -lt 50 ]; do
	ln -s "link$((i + 1)).sh" "link$i.sh"
	i=$((i + 1))
done
ln -s env.sh link50.sh
if is_root; then
	chmod 700 "$CGI/shut"
else
	chmod 0 "$CGI/shut"
fi
cd "$BUILD" || exit 99

start_daemon <<END
map "/f/" { directory = "$CGI"  index = { "out.sh", "env.sh" } }
map "/b/" { directory = "$CGI"  index = { "out.sh", "env.sh" }  symlinks = beneath }
map "/h/" { directory = "$CGI"  handler ".sh" { program = "/bin/sh" } }
map "/l/" { directory = "$CGI/itself"  symlinks = beneath }
END

# Path below the mapping, status with symlinks = follow, with beneath, and with a handler.
while read -r path follow beneath handler; do
	for row in "$follow /f/$path" "$beneath /b/$path" "${handler:-$follow} /h/$path"; do
		case $row in 200*) echo "$row" ;; *) echo "$row --lacks OUTSIDE --lacks root:" ;; esac
	done
done >"$T/table" <<END
env.sh            200 200
sub/in.sh         200 200
in.sh             200 200
twice.sh          200 200
about.sh          200 200
indir/in.sh       200 200
group.sh          200 200
out.sh            200 403
around.sh         200 403
absolute.sh       200 403
within.sh         200 403
outdir/x.sh       200 403
outdir/sub/x.sh   200 403
absdir/x.sh       200 403
up/cgi2.sh        200 403
up/cgi/env.sh     200 403
up/outside/x.sh   200 403
itself/env.sh     200 403
root/etc/passwd   403 403 403
root$T/outside/x.sh 200 403
loop.sh           40[34] 40[34]
a.sh/x            40[34] 40[34]
link0.sh          40[34] 40[34]
link20.sh         200 200
dangling.sh       404 404
magic$T/outside/x.sh 403 403
cwd/env.sh        403 403
exe               403 403
exe/x             403 403
fds/1             403 403
init/bin/ls       403 403
stdin.sh          403 403
.hidden.sh        404 404
.git/hook.sh      404 404
sub/.git/x        404 404
sub/../env.sh     400 400
./env.sh          404 404
open.sh           403 403
open-link.sh      403 403
writable/x.sh     403 403
read.sh           403 403 200
fifo.sh           403 403
fifo-link.sh      403 403
sock.sh           403 403
device.sh         403 403
dir.sh            404 404
dir.sh/x          404 404
shut/x.sh         403 403
END
rows <"$T/table"
rows <<END
# A link that the administrator himself wrote as the directory is his to follow
200 /l/env.sh
# An index is looked for by the same rules
200 /f/
200 /b/ --has ^SCRIPT_NAME=/b/env.sh$
END

if is_root; then
	cp "$BUILD/tests/inside" "$CGI/setuid"
	cp "$BUILD/tests/inside" "$CGI/setgid"
	chown root:root "$CGI/setuid" "$CGI/setgid"
	chmod 4755 "$CGI/setuid"
	chmod 2755 "$CGI/setgid"
	run_step "a setuid program of root's" answers 200 /f/setuid
	run_step "is nobody" has "^Uid: $(id -u nobody) $(id -u nobody) $(id -u nobody) "
	run_step "a setgid program of root's" answers 200 /f/setgid
	run_step "is in nobody's group" has "^Gid: $(id -g nobody) $(id -g nobody) $(id -g nobody) "
fi
run_step "all the while it serves" answers 200 /b/hello.sh
