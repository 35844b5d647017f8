/* SPDX-License-Identifier: ISC */
/*
 * mutation: valid requests, and what can be made of them.
 *
 * Everything follows from a seed and the request's number, so that one request
 * of a million can be made again alone.
 */
#ifndef CGID_MUTATION_H
#define CGID_MUTATION_H

#include <stddef.h>
#include <stdint.h>

#define MUTATION_MAX	16384		/* bytes of a request */

/* A source of numbers, xorshift64*. */
struct dice {
	uint64_t state;
};

/* Begin anew for request `number` of a run with `seed`. */
void		dice_init(struct dice *, uint64_t seed, uint64_t number);

/* From 0 to n - 1. */
size_t		dice_roll(struct dice *, size_t n);

/* Write a valid request, spoilt in one to four ways. Returns its length. */
size_t		mutation_make(struct dice *, char *to);

/*
 * Write a good request. *begins and *ends, of *ends_len bytes, are how its
 * answer must; they are valid until the next call.
 */
size_t		mutation_good(struct dice *, char *to, const char **begins,
		    const char **ends, size_t *ends_len);

#endif
