/* SPDX-License-Identifier: ISC */
/*
 * show: bytes from outside, for terminals and for JSON.
 */
#ifndef CGID_SHOW_H
#define CGID_SHOW_H

#include <stddef.h>
#include <stdio.h>

/*
 * "NAME=value" and the end of a line. What is not printable ASCII becomes
 * \xNN, as do the backslash and, in the name, the '='.
 */
void	show_pair(FILE *, const char *name, size_t name_len, const char *value,
	    size_t value_len);

/*
 * A JSON string, quotes included. Valid UTF-8 stays as it is, but for
 * control characters; each other byte NN becomes the lone surrogate \udcNN, so
 * that nothing is lost.
 */
void	show_json(FILE *, const char *bytes, size_t len);

#endif
