#!/usr/bin/perl -T
# SPDX-License-Identifier: ISC
#
# env.pl: shows the environment a CGI program is given, as a table.

use strict;
use warnings;

# What came from outside is text, never markup.
sub escape {
	my ($text) = @_;
	my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;',
	    '"' => '&quot;');

	$text =~ s/([&<>"])/$entity{$1}/g;
	$text =~ s/([\x00-\x1f\x7f])/sprintf('\\x%02x', ord $1)/ge;
	return $text;
}

print <<'END';
Content-Type: text/html; charset=utf-8

<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The environment of a CGI program</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #ddd }
td { font-family: monospace; word-break: break-all }
tr:nth-child(even) { background: #f7f7f4 }
</style>
</head>
<body>
<h1>The environment of a CGI program</h1>
<p><a href="/">Back</a></p>
<table>
<tr><th>Variable</th><th>Value</th></tr>
END

for my $name (sort keys %ENV) {
	printf "<tr><th>%s</th><td>%s</td></tr>\n",
	    escape($name), escape($ENV{$name});
}

print "</table>\n</body>\n</html>\n";
