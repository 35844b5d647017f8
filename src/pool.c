/* SPDX-License-Identifier: ISC */
/*
 * pool: memory that who is done with it leaves to who comes next.
 */
#include "platform.h"

#include "pool.h"

#include <stdlib.h>

/* In a block that nobody has. */
struct spare {
	struct spare	*next;
};

void *
pool_take(struct pool *pool, size_t size)
{
	struct spare *spare = pool->spares;

	if (size > pool->size || !POOL_KEEPS)
		return malloc(size);
	if (spare == NULL)
		return malloc(pool->size);
	pool->spares = spare->next;
	pool->n--;
	return spare;
}

void
pool_give(struct pool *pool, void *block, size_t size)
{
	struct spare *spare = block;

	if (block == NULL || size > pool->size || pool->n == pool->most ||
	    !POOL_KEEPS) {
		free(block);
		return;
	}
	spare->next = pool->spares;
	pool->spares = spare;
	pool->n++;
}
