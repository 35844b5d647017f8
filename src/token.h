/* SPDX-License-Identifier: ISC */
/*
 * token: names of fields, methods and the like (RFC 9110 5.6.2).
 */
#ifndef CGID_TOKEN_H
#define CGID_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* Is it one? The empty text is none. */
bool	token_is(const char *text, size_t len);

/* Are so many bytes the same, but for the case of letters of ASCII? */
bool	token_same(const char *a, const char *b, size_t len);

#endif
