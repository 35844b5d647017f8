#!/bin/sh
# SPDX-License-Identifier: ISC
# scgi-request without asking: requests printed, decoded, sent as they are; and
# what is wrong with a command line.
# shellcheck source=/dev/null
. "${0%/*}/lib.sh"

start_daemon <<END
map "/cgi/" { directory = "$CGI" }
END
run_step "--print prints" request 0 --print '/a%0Ab%5C%C3%A9' -d body -P 'A=b=c' -o "$T/printed"
run_step "--decode decodes" request 0 --decode "$T/printed"
run_step "what was printed" holds <<'END'
CONTENT_LENGTH=4
DOCUMENT_URI=/a\x0ab\x5c\xc3\xa9
A=b=c
body 4 bytes
END
run_step "--json is for programs" request 0 --decode --json "$T/printed"
run_step "and nothing is lost" "$PYTHON" -c '
import json, sys
p = json.load(open(sys.argv[1]))
v = {x["name"]: x["value"] for x in p["parameters"]}
assert p["parameters"][0] == {"name": "CONTENT_LENGTH", "value": "4"}, p
assert v["DOCUMENT_URI"] == "/a\nb\\\u00e9" and v["A"] == "b=c", v
assert (p["content_length"], p["excess"]) == (4, 0), p' "$T/reply"
run_step "the same bytes again" request 0 --print --raw "$T/printed"
run_step "are the same" cmp "$T/reply" "$T/printed"

printf '31:CONTENT_LENGTH\0002\000SCGI\0001\000x=y\000\001\377\000,bodies' >"$T/odd"
run_step "what is odd" request 0 --decode "$T/odd"
run_step "is escaped" reply_is 'CONTENT_LENGTH=2\nSCGI=1\nx\\x3dy=\\x01\\xff\n\nbody 2 bytes\nbehind it 4 bytes that do not belong to the request\n'
run_step "as JSON" request 0 --decode --json "$T/odd"
run_step "likewise" has '{"name":"x=y","value":"\\u0001\\udcff"}],"content_length":2,"excess":4}$'

# refused OFFSET REASON TEXT: so it is no request, in words and as JSON.
refused() {
	# shellcheck disable=SC2059
	printf "$3" >"$T/bad"
	request 1 --decode "$T/bad" && says "at offset $1\$" && ! [ -s "$T/reply" ] &&
	    request 1 --decode --json "$T/bad" && has "\"reason\":\"$2\",\"offset\":$1}\$"
}
run_step "HTTP" refused 0 not-scgi 'GET / HTTP/1.1\r\n'
run_step "cut short" refused 8 header-cut '24:CONTE'
run_step "nothing" refused 0 header-cut ''
run_step "no comma" refused 27 netstring-comma '24:CONTENT_LENGTH\0000\000SCGI\0001\000;'
run_step "an empty name" refused 20 empty-name '27:CONTENT_LENGTH\0000\000\000b\000SCGI\0001\000,'
run_step "no length" refused 9 no-content-length '7:SCGI\0001\000,'
run_step "a short body" refused 30 body-cut '24:CONTENT_LENGTH\0004\000SCGI\0001\000,ab'
run_step "no such file" request 2 --decode "$T/none"

"$REQUEST" --print /cgi/sum.sh -d body >"$T/raw"
run_step "--raw sends what there is" request 0 -s "$SOCK" --raw "$T/raw"
run_step "and shows all that comes" has '^Status: 200 OK$'
run_step "byte by byte" request 0 -s "$SOCK" --raw "$T/raw" --piece 1
run_step "the same" has "^sum=$(printf body | sha1sum | cut -d' ' -f1)$"
run_step "-v reads it" request 0 -v -s "$SOCK" --raw "$T/raw"
run_step "name by name" says '^> DOCUMENT_URI=/cgi/sum.sh$'
printf '9:x' >"$T/cut"
run_step "half a request" request 2 -s "$SOCK" --raw "$T/cut" --half-close
run_step "has no answer" says 'closed without an answer'
run_step "-v does not read it" request 2 -v -s "$SOCK" --raw "$T/cut" --half-close
run_step "and says why" says '^\* no SCGI request: it ends within the header block, at offset 3$'
run_step "a length that lies" request 2 -s "$SOCK" /cgi/sum.sh -d body -P CONTENT_LENGTH=99 --half-close
run_step "is a client that left" logged 'in=4 .*end=client-gone'

# wrong PATTERN OPTION...: refused, and it says why.
wrong() {
	w_pattern=$1
	shift
	request 64 "$@" && says "^scgi-request: $w_pattern"
}
run_step "no URL" wrong 'no URL'
run_step "two URLs" wrong 'more than one URL' /a /b
run_step "no path" wrong 'a: neither a path' a
run_step "a space" wrong '.*a space is %20' '/a b'
run_step "a user" wrong '.*Authorization' http://me@x/
run_step "a port" wrong ".*port is not a number" http://x:y/
run_step "a climbing path" wrong 'path climbs above the root' /../a
run_step "Apache and %2F" wrong 'Apache itself' --as apache /a%2fb
run_step "an unknown server" wrong '--as cherokee: not nginx' --as cherokee /
run_step "a method" wrong '-X G T: not a method' -X 'G T' /
run_step "a field" wrong "-H X: no colon" -H X /
run_step "a field that splits" wrong ".*control character" -H "X: a
b" /
run_step "a parameter" wrong '-P x: not NAME=VALUE' -P x /
run_step "no SCGI" wrong '--drop SCGI: no SCGI request' --drop SCGI /
run_step "another SCGI" wrong 'SCGI is not 1' -P SCGI=2 /
run_step "a second length" wrong '-P content_length: another spelling of CONTENT_LENGTH' -P content_length=7 /
run_step "likewise" wrong '-P Content-Length: another' -P Content-Length=7 /
run_step "a second SCGI" wrong '-P scgi: another spelling of SCGI' -P scgi=1 /
run_step "none to drop" wrong '--drop scgi: another' --drop scgi /
run_step "two bodies" wrong 'one of -d' -d a --body b /
run_step "no file" wrong 'cannot read .*none: No such file' --body "$T/none" /
run_step "an address" wrong '-s unix:x: ' -s unix:x /
run_step "a pause" wrong '--pause wants --piece' --pause 1s /
run_step "pieces of nothing" wrong '--piece 0: not from 1' --piece 0 /
run_step "a status" wrong '--expect 20: not a list' --expect 20 /
run_step "two modes" wrong '--check, --decode' --print --repeat 2 /
run_step "a split" wrong '--script-name wants --as lighttpd' --script-name /a /a
run_step "another split" wrong 'the path does not begin' --as lighttpd --script-name /b /a
run_step "junk behind an address" wrong '.*between the ] and the port' 'http://[::1]junk:80/y'
run_step "a scheme in capitals" request 0 --print HTTP://x/

# What would have to be ignored is refused instead.
# useless MODE OPTION...: each of them is said not to go with that mode.
useless() {
	u_mode=$1 u_left=0
	shift
	for u_option; do
		# shellcheck disable=SC2086
		wrong "$u_option does not go with ${u_mode%% *}" $u_mode "$(full "$u_option")" || u_left=1
	done
	return $u_left
}
# full OPTION: with a value that it takes, if it takes one.
full() {
	case $1 in
	--include | --head-only | --half-close | --verbose) echo "$1" ;;
	--as) echo "$1=lighttpd" ;;
	--param) echo "$1=A=b" ;;
	--header) echo "$1=A: b" ;;
	--expect) echo "$1=200" ;;
	*) echo "$1=1" ;;
	esac
}
run_step "what makes a request" useless "--raw $T/raw" --as --document-root --drop --script-name --header --param --method
run_step "asks for nothing" useless --decode --as --document-root --drop --script-name --header --param --method \
    --server --data --body --raw --piece --pause --half-close --timeout --include --head-only --verbose --expect --expect-text
run_step "what is not shown" useless "--repeat 2 /" --include --expect-text
run_step "to a monitor neither" request 3 --check -i /
run_step "without a file" has '^SCGI UNKNOWN - --include does not go with --check without -o$'
run_step "an unknown option" request 64 --frob
run_step "--help is help" request 0 --help
run_step "of all options" has '^  *-s, --server ADDRESS'
run_step "--version is the version" request 0 --version
run_step "of the package" has '^scgi-request (scgi-cgid [0-9.]*)$'
