<?php echo 'SPDX-License-Identifier: ISC', "\n", $_SERVER['SCRIPT_NAME'], ' ', $_SERVER['PHP_SELF'], "\n";
