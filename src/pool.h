/* SPDX-License-Identifier: ISC */
/*
 * pool: memory that who is done with it leaves to who comes next.
 *
 * For what each request needs: malloc(3) takes longer for blocks as large, and
 * they are in the processor's cache.
 */
#ifndef CGID_POOL_H
#define CGID_POOL_H

#include <stddef.h>

/* What looks for the misuse of memory is to see each block come and go. */
#ifndef __has_feature		/* gcc's word is the other one */
#define __has_feature(feature)	0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#define POOL_KEEPS	0
#else
#define POOL_KEEPS	1
#endif

struct spare;

struct pool {
	size_t		 size;		/* bytes of each block */
	unsigned	 most;		/* so many are kept */
	unsigned	 n;		/* private, zero: kept now */
	struct spare	*spares;	/* private, NULL */
};

/*
 * A block of `size` bytes, with anything in it; NULL without memory. One that is
 * larger than those of the pool comes from malloc(3).
 */
void	*pool_take(struct pool *, size_t size);

/* Give one back that was taken with this size, or NULL. */
void	 pool_give(struct pool *, void *, size_t size);

#endif
