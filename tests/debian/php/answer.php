<?php
# SPDX-License-Identifier: ISC
# The answers other than pages that scripts give, by name.
switch ($_GET['kind'] ?? '') {
case 'missing':
	http_response_code(404);
	exit("no such thing\n");
case 'redirect':
	header('Location: http://www.test.example/elsewhere?a=1');
	exit;
case 'moved':
	header('Location: /elsewhere', true, 301);
	exit("it has moved\n");
case 'refused':
	header('WWW-Authenticate: Basic realm="mine"');
	header('HTTP/1.0 401 Unauthorized');
	exit("who are you?\n");
case 'image':
	header('Content-Type: image/png');
	header('ETag: "one"');
	header('Last-Modified: Mon, 05 Jan 2015 10:00:00 GMT');
	exit(base64_decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='));
case 'cached':
	if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === '"two"')
		http_response_code(304);
	header('ETag: "two"');
	exit;
case 'fatal':
	missing_function();
case 'long':
	header('Content-Length: 300000');
	exit(str_repeat("0123456789", 30000));
}
echo "nothing asked\n";
