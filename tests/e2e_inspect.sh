#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-cgid -t looks at what the mappings point at.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

# told STATUS PATTERN: -t, with the configuration on standard input, says that.
told() {
	write_conf
	"$DAEMON" -t -c "$T/conf" >"$T/said" 2>&1
	[ $? -eq "$1" ] && grep -q -e "$2" "$T/said" && return
	sed 's/^/    | /' "$T/said"
	return 1
}

# tells STATUS PATTERN: of a configuration that is the same each time.
tells() { told "$@" <"$T/now"; }

mkdir -p "$T/dir/deep" "$T/shut"
printf '#!/bin/sh\necho\n' >"$T/dir/good.sh"
chmod 755 "$T/dir/good.sh"
cat >"$T/now" <<END
workers = 2
map "/dir/"
{
	directory = "$T/dir"
}
END
run_step "all is well" tells 0 'configuration is good'

printf '#!/no/such/perl -w\n' >"$T/dir/deep/old.pl"
run_step "data is not looked at" tells 0 '^[^:]*: configuration is good$'
chmod 755 "$T/dir/deep/old.pl"
run_step "a missing interpreter, with line and map" \
    tells 0 'conf:2: warning: map "/dir/": .*deep/old.pl will not run: its interpreter /no/such/perl: No such file'
printf '#!/bin/sh\r\necho\r\n' >"$T/dir/deep/old.pl"
run_step "a script from elsewhere" tells 0 'old.pl will not run: .*carriage return'
printf '#!\n' >"$T/dir/deep/old.pl"
run_step "no interpreter" tells 0 'old.pl will not run: no interpreter after #!'
: >"$T/dir/deep/old.pl"
run_step "nothing at all" tells 0 'old.pl will not run: it is empty'
printf '#!/bin/sh\n' >"$T/dir/deep/old.pl"
chmod 777 "$T/dir/deep/old.pl"
run_step "what everyone can change" tells 0 'old.pl will not run: it is writable by everyone; chmod o-w it'
chmod 2755 "$T/dir/deep/old.pl"
run_step "setgid without the right to" tells 0 'old.pl is setgid, which has no effect; no-new-privileges'
rm "$T/dir/deep/old.pl"
printf '#!/bin\n' >"$T/dir/deep/old.pl" && chmod 755 "$T/dir/deep/old.pl"
run_step "an interpreter that is a directory" tells 0 'old.pl will not run: its interpreter /bin: Permission denied'
if is_root; then
	printf '#!/bin/sh\n' >"$T/dir/deep/old.pl" && chmod 711 "$T/dir/deep/old.pl"
	run_step "what cannot be read" tells 0 'old.pl may not run: it cannot be read, which a script must be'
fi
printf '#!/bin/sh\n' >"$T/dir/deep/old.pl" && chmod 644 "$T/dir/deep/old.pl"
run_step "a script without execute permission" tells 0 'old.pl will not run: it begins with #!, but is not executable; chmod +x it'
rm "$T/dir/deep/old.pl"
ln -s /bin/true "$T/dir/deep/old.pl"
run_step "a link that leads out" tells 0 '^[^:]*: configuration is good$'
sed 's/directory = /symlinks = beneath directory = /' "$T/now" >"$T/beneath"
run_step "where it must not" told 0 'old.pl will not run: a symbolic link is absolute or leads out' <"$T/beneath"
rm "$T/dir/deep/old.pl"
chmod 644 "$T/dir/good.sh"
mkdir -p "$T/dir/a/b/c/d/e"
cp "$T/dir/good.sh" "$T/dir/a/b/c/d/e" && chmod 755 "$T/dir/a/b/c/d/e/good.sh"
tells 0 'configuration is good'
run_step "what lies very deep is not known" fails grep -q 'nothing in' "$T/said"
rm -r "$T/dir/a"
run_step "a directory without programs" tells 0 'nothing in .*/dir can be run; chmod +x'
echo 'handler ".sh" { program = "/bin/sh" }' >>"$T/now"
run_step "unless somebody else runs them" tells 0 '^[^:]*: configuration is good$'

run_step "a program without its interpreter is an error" told 1 'conf:1: map "/p": program .* cannot be run: its interpreter' <<END
map "/p" { program = "$T/program" }
$(printf '#!/no/such\n' >"$T/program" && chmod 755 "$T/program")
END
run_step "likewise that of a handler" told 1 'the program of handler ".*/program" cannot be run' <<END
map "/d" { directory = "$T/dir" handler ".sh" { program = "$T/program" } }
END

if is_root; then
	chmod 700 "$T/shut"
	run_step "a directory that the programs' user cannot enter" told 1 'map "/s/": directory .* cannot be entered: Permission denied' <<END
map "/s/" { directory = "$T/shut" }
END
	run_step "nor start in" told 1 'working-directory .* cannot be entered: Permission denied' <<END
map "/s/" { directory = "$T/dir" working-directory = "$T/shut" }
END
	run_step "nor spool to" told 1 'spool-directory .* cannot be written to by the programs. user; name another' <<END
spool-directory = "$T/shut"
map "/s/" { directory = "$T/dir" }
END
	sed 's/"nobody"/"daemon"/' "$T/conf" >"$T/other"
	as_nobody "$DAEMON" -t -c "$T/other" >"$T/said" 2>&1
	run_step "another user than theirs cannot know" grep -q 'ask again as root' "$T/said"
fi
