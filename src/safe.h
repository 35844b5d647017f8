/* SPDX-License-Identifier: ISC */
/*
 * safe: which bytes may stand in a line of the log as they are.
 */
#ifndef CGID_SAFE_H
#define CGID_SAFE_H

#include <stddef.h>

/*
 * How many bytes the well-formed UTF-8 character at `text` has, and which one
 * it is; 0 if there is none. `len` is at least 1.
 */
size_t	safe_character(const char *text, size_t len, unsigned *code);

/*
 * How many bytes of the character at `text` may be written as they are; 0 if
 * it ends a line, steers a terminal, cannot be seen or is no UTF-8.
 */
size_t	safe_plain(const char *text, size_t len);

/*
 * Copy text, each byte that is not plain as \xNN. What has no room is left out
 * and marked by three dots. Returns the length written; no NUL is.
 */
size_t	safe_escape(char *out, size_t size, const char *text, size_t len);

#endif
