#!/usr/bin/perl
# SPDX-License-Identifier: ISC
#
# upload.pl: takes a file with CGI.pm and tells its size and checksum.

use strict;
use warnings;
use CGI;
use Digest::SHA;

$CGI::POST_MAX = 1024 * 1024 * 1024;

my $cgi = CGI->new;
my $result = '';

if (my $error = $cgi->cgi_error) {
	print $cgi->header(-status => $error, -type => 'text/plain'), "$error\n";
	exit 0;
}
if (my $file = $cgi->upload('file')) {
	binmode $file;
	$result = sprintf "<h2>Received</h2>\n<dl>\n"
	    . "<dt>Name</dt><dd>%s</dd>\n<dt>Size</dt><dd>%d bytes</dd>\n"
	    . "<dt>SHA-256</dt><dd>%s</dd>\n</dl>\n",
	    $cgi->escapeHTML(scalar $cgi->param('file')), -s $file,
	    Digest::SHA->new(256)->addfile($file)->hexdigest;
}

my $script = $cgi->escapeHTML($cgi->script_name);

print $cgi->header(-type => 'text/html', -charset => 'utf-8'), <<"END";
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>An upload</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em; color: #222 }
dt { font-weight: bold }
dd { font-family: monospace; word-break: break-all }
</style>
</head>
<body>
<h1>An upload</h1>
<p><a href="/">Back</a></p>
$result<form action="$script" method="post" enctype="multipart/form-data">
<p><input type="file" name="file" required> <button>Send</button></p>
</form>
</body>
</html>
END
