<?php
# SPDX-License-Identifier: ISC
# Counts how often this client has been here: a file of PHP's, and a regular expression that it compiles.
session_start();
$_SESSION['n'] = ($_SESSION['n'] ?? 0) + preg_match('/^G.T$/', 'GET');
echo 'seen ', $_SESSION['n'], "\n";
