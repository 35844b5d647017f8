/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "pool.h"

#include <stdlib.h>

#include "check_main.h"

/* The last that was given is the next that is taken; so many, and no more. */
START_TEST(kept)
{
	struct pool pool = { .size = 100, .most = 2 };
	void *block[3], *again[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(block[i] = pool_take(&pool, 100 - i));
		memset(block[i], 'x', 100 - i);
	}
	for (i = 0; i < 3; i++)
		pool_give(&pool, block[i], 100 - i);
	CHECK_INT("kept", pool.n, POOL_KEEPS ? 2 : 0);
	for (i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(again[i] = pool_take(&pool, 100));
	CHECK_INT("taken", pool.n, 0);
	CHECK_TRUE("the last first", !POOL_KEEPS ||
	    (again[0] == block[1] && again[1] == block[0]));
	CHECK_TRUE("none twice", again[0] != again[1] && again[1] != again[2] &&
	    again[2] != again[0]);
	for (i = 0; i < 3; i++) {
		memset(again[i], 'x', 100);
		free(again[i]);
	}
}
END_TEST

/* What is too large for the pool does not get into it; nor does nothing. */
START_TEST(large)
{
	struct pool pool = { .size = 100, .most = 2 };
	void *block = pool_take(&pool, 101);

	ck_assert_ptr_nonnull(block);
	memset(block, 'x', 101);
	pool_give(&pool, block, 101);
	pool_give(&pool, NULL, 0);
	CHECK_INT("kept", pool.n, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pool");

	CHECK_LOOP(suite, kept, 1);
	CHECK_LOOP(suite, large, 1);
	return check_run(suite);
}
