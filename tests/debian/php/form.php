<?php
# SPDX-License-Identifier: ISC
# What PHP makes of a request: the variables that scripts use, and the input.
setcookie('seen', 'yes');
header('Content-Type: text/plain; charset=utf-8');
$names = array('PHP_SELF', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'PATH_INFO',
    'PATH_TRANSLATED', 'DOCUMENT_ROOT', 'QUERY_STRING', 'REQUEST_METHOD',
    'REQUEST_URI', 'REQUEST_SCHEME', 'CONTENT_TYPE', 'CONTENT_LENGTH',
    'SERVER_NAME', 'SERVER_PORT', 'SERVER_PROTOCOL', 'GATEWAY_INTERFACE',
    'REMOTE_ADDR', 'REMOTE_USER', 'AUTH_TYPE', 'HTTPS', 'HTTP_ACCEPT',
    'HTTP_COOKIE', 'HTTP_USER_AGENT', 'HTTP_X_TWICE', 'HTTP_PROXY');
foreach ($names as $name)
	echo $name, '=', isset($_SERVER[$name]) ? $_SERVER[$name] : '(unset)', "\n";
foreach ($_FILES as &$file)
	$file['tmp_name'] = sha1_file($file['tmp_name']);
var_dump($_GET, $_POST, $_COOKIE, $_FILES, getcwd(), php_sapi_name(), PHP_VERSION);
echo sha1(file_get_contents('php://input')), "\n";
