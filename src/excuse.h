/* SPDX-License-Identifier: ISC */
/*
 * excuse: why a visit brought no whole answer, in words.
 */
#ifndef CGID_EXCUSE_H
#define CGID_EXCUSE_H

#include <stddef.h>

struct visit;

/* A few words, the same for all visits that ended so. */
const char	*excuse_short(const struct visit *);

/*
 * A sentence with what to do about it. `address` is as the user gave it.
 * Neither is for a visit that is open or brought a whole answer.
 */
void	excuse_long(const struct visit *, const char *address, char *text,
	    size_t size);

#endif
