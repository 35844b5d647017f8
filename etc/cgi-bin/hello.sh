#!/bin/sh
# SPDX-License-Identifier: ISC
#
# hello.sh: the smallest useful CGI program. A header, an empty line, a page.

# What came from outside is text, never markup.
escape()
{
	printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'
}

cat <<END
Content-Type: text/html; charset=utf-8

<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>It works</title>
<style>body { font: 16px/1.5 sans-serif; max-width: 44em; margin: 2em auto }</style>
<h1>It works: hello from a shell script</h1>
<p>It is $(date). You asked for <code>$(escape "${SCRIPT_NAME-}")</code>
from <code>$(escape "${REMOTE_ADDR-an unknown address}")</code>,
and process $$ answers.</p>
<p><a href="/">Back</a></p>
END
