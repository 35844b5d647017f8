/* SPDX-License-Identifier: ISC */
/*
 * path: the path of a request, from whatever the front end sends.
 */
#ifndef CGID_PATH_H
#define CGID_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "cause.h"

/* The byte that "%XX" at the start of `text` stands for, or -1. */
int	path_escaped(const char *text);

/*
 * Percent-decode the path of a REQUEST_URI (up to '?' or '#'), drop a scheme
 * and authority, merge slashes and resolve "." and ".." (RFC 3986 5.2.4).
 * Writes to `out`, of strlen(uri) + 2 bytes or more, with a leading slash.
 */
enum cause	path_decode(const char *uri, char *out);

/*
 * Is a decoded path fit for use: absolute, without control characters and
 * without ".." segments (RFC 3875 4.1.5, 8.1)?
 */
enum cause	path_verify(const char *path);

/* Is it easily seen that path_plain() would change nothing? */
bool	path_is_plain(const char *path);

/*
 * Write a path without the slashes that follow a slash and without "."
 * segments: the one spelling of all that mean the same file. `out` has
 * strlen(path) + 1 bytes or more.
 */
void	path_plain(const char *path, char *out);

/*
 * Does `prefix`, without a slash at its end, lead `path` up to the end of a
 * segment? "" leads every path.
 */
bool	path_leads(const char *prefix, size_t len, const char *path);

#endif
