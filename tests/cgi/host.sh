#!/bin/sh
# SPDX-License-Identifier: ISC
# Which host it believes to be on.
printf 'Content-Type: text/plain\n\nHTTP_HOST=%s\nSERVER_NAME=%s\nREQUEST_URI=%s\n' \
    "$HTTP_HOST" "$SERVER_NAME" "$REQUEST_URI"
