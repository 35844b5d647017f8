/* SPDX-License-Identifier: ISC */
/*
 * board: places for programs, shared by all workers.
 *
 * A place is a word that names its holder, and is claimed by one atomic
 * exchange: there is no moment in which a worker could die and leave it in
 * doubt. As long as nobody waits, no system call is made.
 *
 * Invariant: while a place is free and somebody waits for one, the bell rings
 * or somebody is about to ring it. Who waits counts himself first and looks
 * for a place then; who releases frees the place first and looks for waiters
 * then; so (in sequentially consistent order) one of the two sees the other.
 */
#include "platform.h"

#include "board.h"

#include <sys/eventfd.h>
#include <sys/mman.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct limit {
	unsigned	 size;		/* places; 0: no limit */
	int		 bell;
	unsigned	 hint;		/* where a free one was seen last */
	atomic_uint	*places;	/* shared: 0, or 1 + the holder's row */
	atomic_uint	*waiting;	/* shared: of each row */
};

struct board {
	struct limit	*limits;
	size_t		 n;
	unsigned	 rows;
	atomic_uint	*shared;
	size_t		 size;		/* of that, in bytes */
};

/* Hand out the shared words, and open the bells. */
static int
board_divide(struct board *b, const int64_t *limits)
{
	atomic_uint *at = b->shared;
	size_t i;

	for (i = 0; i < b->n; i++) {
		b->limits[i].size = (unsigned)limits[i];
		b->limits[i].places = at;
		at += limits[i];
		b->limits[i].waiting = at;
		at += b->rows;
		if (limits[i] > 0 && (b->limits[i].bell =
		    eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
			return -1;
	}
	return 0;
}

struct board *
board_new(const int64_t *limits, size_t n, unsigned rows)
{
	struct board *b = calloc(1, sizeof *b);
	size_t i;

	if (b == NULL || (b->limits = calloc(n + 1, sizeof *b->limits)) == NULL)
		goto fail;
	b->n = n;
	b->rows = rows;
	for (i = 0; i < n; i++) {
		b->limits[i].bell = -1;
		b->size += ((size_t)limits[i] + rows) * sizeof *b->shared;
	}
	b->shared = mmap(NULL, b->size + 1, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b->shared == MAP_FAILED) {
		b->shared = NULL;
		goto fail;
	}
	if (board_divide(b, limits) == -1)
		goto fail;
	return b;
fail:
	board_free(b);
	return NULL;
}

void
board_free(struct board *b)
{
	size_t i;

	if (b == NULL)
		return;
	for (i = 0; i < b->n; i++)
		if (b->limits[i].bell != -1)
			(void)close(b->limits[i].bell);
	if (b->shared != NULL)
		(void)munmap(b->shared, b->size + 1);
	free(b->limits);
	free(b);
}

bool
board_is_limited(const struct board *b, size_t limit)
{
	return b->limits[limit].size > 0;
}

int
board_claim(struct board *b, size_t limit, unsigned row)
{
	struct limit *l = &b->limits[limit];
	unsigned i, at, nobody;

	for (i = 0; i < l->size; i++) {
		at = (l->hint + i) % l->size;
		nobody = 0;
		if (atomic_load(&l->places[at]) == 0 &&
		    atomic_compare_exchange_strong(&l->places[at], &nobody,
		    row + 1)) {
			l->hint = at;
			return (int)at;
		}
	}
	return -1;
}

void
board_release(struct board *b, size_t limit, int place)
{
	struct limit *l = &b->limits[limit];

	atomic_store(&l->places[place], 0);
	l->hint = (unsigned)place;
	if (board_waiting(b, limit) > 0)
		board_ring(b, limit);
}

unsigned
board_taken(const struct board *b, size_t limit)
{
	const struct limit *l = &b->limits[limit];
	unsigned i, n = 0;

	for (i = 0; i < l->size; i++)
		n += atomic_load(&l->places[i]) != 0;
	return n;
}

bool
board_has_free(const struct board *b, size_t limit)
{
	const struct limit *l = &b->limits[limit];
	unsigned i;

	for (i = 0; i < l->size; i++)
		if (atomic_load(&l->places[i]) == 0)
			return true;
	return l->size == 0;
}

void
board_wait(struct board *b, size_t limit, unsigned row, int change)
{
	(void)atomic_fetch_add(&b->limits[limit].waiting[row],
	    (unsigned)change);
}

unsigned
board_waiting(const struct board *b, size_t limit)
{
	unsigned row, n = 0;

	for (row = 0; row < b->rows; row++)
		n += atomic_load(&b->limits[limit].waiting[row]);
	return n;
}

int
board_bell(const struct board *b, size_t limit)
{
	return b->limits[limit].bell;
}

void
board_ring(const struct board *b, size_t limit)
{
	(void)eventfd_write(b->limits[limit].bell, 1);
}

void
board_hear(const struct board *b, size_t limit)
{
	eventfd_t rings;

	(void)eventfd_read(b->limits[limit].bell, &rings);
}

void
board_reclaim(struct board *b, unsigned row)
{
	struct limit *l;
	unsigned i, holder;

	for (l = b->limits; l < b->limits + b->n; l++) {
		atomic_store(&l->waiting[row], 0);
		for (i = 0; i < l->size; i++) {
			holder = row + 1;
			(void)atomic_compare_exchange_strong(&l->places[i],
			    &holder, 0);
		}
		/* It may have died between hearing the bell and looking. */
		if (l->size > 0)
			board_ring(b, (size_t)(l - b->limits));
	}
}
