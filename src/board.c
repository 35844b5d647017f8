/* SPDX-License-Identifier: ISC */
/*
 * board: places for programs, shared by all workers.
 *
 * A place is a word that names its holder, and is claimed by one atomic
 * exchange: there is no moment in which a worker could die and leave it in
 * doubt. As long as nobody waits, no system call is made.
 *
 * Invariant: while a place is free and somebody waits for one, his worker has
 * an offer that it has not taken yet, or somebody is about to make it one. Who
 * waits says so first and looks for a place then; who releases frees the place
 * first and looks for waiters then; so (in sequentially consistent order) one
 * of the two sees the other. Who has accepted looks again. What somebody was
 * about to do when he died, board_reclaim() does.
 */
#include "platform.h"

#include "board.h"

#include <sys/eventfd.h>
#include <sys/mman.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* What a place says. */
#define BOARD_FREE		0U
#define BOARD_HELD(row)		(2 * (row) + 2)
#define BOARD_OFFERED(row)	(2 * (row) + 3)

#define BOARD_NOBODY		UINT32_MAX

struct limit {
	unsigned	 size;		/* places; 0: no limit */
	unsigned	 hint;		/* where a free one was seen last */
	atomic_uint	*places;	/* shared */
	atomic_ullong	*first;		/* shared, of each row: who waits */
	atomic_uint	*count;		/* shared, of each row */
	atomic_ullong	*turn;		/* shared: the last number given */
};

struct board {
	struct limit	*limits;
	size_t		 n;
	unsigned	 rows;
	int		*bells;		/* of each row */
	atomic_ullong	*number;	/* shared: the last one, then that */
					/* served last; all else behind */
	size_t		 size;		/* of that, in bytes */
};

/* Hand out the shared words: the long ones first, as they are aligned. */
static void
board_divide(struct board *b, const int64_t *limits)
{
	atomic_ullong *turn = b->number + 2, *first = turn + b->n;
	atomic_uint *at = (atomic_uint *)(first + b->n * b->rows);
	size_t i;

	for (i = 0; i < b->n; i++) {
		b->limits[i].size = (unsigned)limits[i];
		b->limits[i].turn = turn + i;
		b->limits[i].first = first + i * b->rows;
		b->limits[i].count = at;
		b->limits[i].places = at + b->rows;
		at += b->rows + (size_t)limits[i];
	}
}

/* The memory that all share. */
static int
board_share(struct board *b, const int64_t *limits)
{
	size_t i;

	b->size = (2 + b->n + b->n * b->rows) * sizeof *b->number;
	for (i = 0; i < b->n; i++)
		b->size += (b->rows + (size_t)limits[i]) * sizeof(atomic_uint);
	b->number = mmap(NULL, b->size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b->number == MAP_FAILED) {
		b->number = NULL;
		return -1;
	}
	board_divide(b, limits);
	return 0;
}

struct board *
board_new(const int64_t *limits, size_t n, unsigned rows)
{
	struct board *b = calloc(1, sizeof *b);

	if (b == NULL || (b->limits = calloc(n + 1, sizeof *b->limits)) == NULL ||
	    (b->bells = calloc(rows, sizeof *b->bells)) == NULL)
		goto fail;
	b->n = n;
	for (; b->rows < rows; b->rows++)
		if ((b->bells[b->rows] =
		    eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) == -1)
			goto fail;
	if (board_share(b, limits) == -1)
		goto fail;
	return b;
fail:
	board_free(b);
	return NULL;
}

void
board_free(struct board *b)
{
	unsigned row;

	if (b == NULL)
		return;
	for (row = 0; row < b->rows; row++)
		(void)close(b->bells[row]);
	if (b->number != NULL)
		(void)munmap(b->number, b->size);
	free(b->bells);
	free(b->limits);
	free(b);
}

bool
board_is_limited(const struct board *b, size_t limit)
{
	return b->limits[limit].size > 0;
}

/* Have a free place say something: its number, or -1 if there is none. */
static int
board_mark(struct limit *l, unsigned mark)
{
	unsigned i, at, was;

	for (i = 0; i < l->size; i++) {
		at = (l->hint + i) % l->size;
		was = BOARD_FREE;
		if (atomic_load(&l->places[at]) == BOARD_FREE &&
		    atomic_compare_exchange_strong(&l->places[at], &was,
		    mark)) {
			l->hint = at;
			return (int)at;
		}
	}
	return -1;
}

int
board_claim(struct board *b, size_t limit, unsigned row)
{
	return board_mark(&b->limits[limit], BOARD_HELD(row));
}

/* The place that says so, or -1. */
static int
board_find(const struct limit *l, unsigned mark)
{
	unsigned i;

	for (i = 0; i < l->size; i++)
		if (atomic_load(&l->places[i]) == mark)
			return (int)i;
	return -1;
}

/*
 * The worker whose turn it is. One that has not taken its last offer yet is
 * left out: a worker that hangs keeps one place from others, not all.
 */
static unsigned
board_next(const struct board *b, const struct limit *l)
{
	unsigned long long first, oldest = 0;
	unsigned row, next = BOARD_NOBODY;

	for (row = 0; row < b->rows; row++) {
		first = atomic_load(&l->first[row]);
		if (first != 0 && (oldest == 0 || first < oldest) &&
		    board_find(l, BOARD_OFFERED(row)) == -1) {
			oldest = first;
			next = row;
		}
	}
	return next;
}

/* Offer what is free to those who wait. */
static void
board_offer(struct board *b, struct limit *l)
{
	unsigned row, mark;
	int place;

	while ((row = board_next(b, l)) != BOARD_NOBODY &&
	    (place = board_mark(l, mark = BOARD_OFFERED(row))) != -1) {
		/* If it has died meanwhile, nobody would ever hear. */
		if (atomic_load(&l->first[row]) == 0)
			(void)atomic_compare_exchange_strong(
			    &l->places[place], &mark, BOARD_FREE);
		else
			board_ring(b, row);
	}
}

void
board_release(struct board *b, size_t limit, int place)
{
	struct limit *l = &b->limits[limit];

	atomic_store(&l->places[place], BOARD_FREE);
	l->hint = (unsigned)place;
	board_offer(b, l);
}

unsigned
board_taken(const struct board *b, size_t limit)
{
	const struct limit *l = &b->limits[limit];
	unsigned i, n = 0;

	for (i = 0; i < l->size; i++)
		n += atomic_load(&l->places[i]) != BOARD_FREE;
	return n;
}

uint64_t
board_number(struct board *b)
{
	return atomic_fetch_add(b->number, 1) + 1;
}

uint64_t
board_turn(struct board *b, size_t limit, unsigned ahead)
{
	unsigned long long served = atomic_load(&b->number[1]);
	unsigned long long last = atomic_load(b->limits[limit].turn), next;

	do {
		next = (last > served ? last : served) + 1;
		if (next > served + ahead)
			next = served + ahead;
	} while (!atomic_compare_exchange_weak(b->limits[limit].turn, &last,
	    next));
	return next;
}

void
board_served(struct board *b, uint64_t number)
{
	unsigned long long served = atomic_load(&b->number[1]);

	while (served < number && !atomic_compare_exchange_weak(&b->number[1],
	    &served, number))
		;
}

void
board_wait(struct board *b, size_t limit, unsigned row, uint64_t number)
{
	struct limit *l = &b->limits[limit];

	atomic_store(&l->first[row], number);
	board_offer(b, l);
}

bool
board_is_awaited(const struct board *b, size_t limit)
{
	unsigned row;

	for (row = 0; row < b->rows; row++)
		if (atomic_load(&b->limits[limit].first[row]) != 0)
			return true;
	return false;
}

int
board_accept(struct board *b, size_t limit, unsigned row)
{
	struct limit *l = &b->limits[limit];
	unsigned offered = BOARD_OFFERED(row);
	int place = board_find(l, offered);

	if (place == -1 || !atomic_compare_exchange_strong(&l->places[place],
	    &offered, BOARD_HELD(row)))
		return -1;
	return place;
}

int
board_bell(const struct board *b, unsigned row)
{
	return b->bells[row];
}

void
board_ring(const struct board *b, unsigned row)
{
	(void)eventfd_write(b->bells[row], 1);
}

void
board_hear(const struct board *b, unsigned row)
{
	eventfd_t rings;

	(void)eventfd_read(b->bells[row], &rings);
}

void
board_count(struct board *b, size_t limit, unsigned row, int change)
{
	(void)atomic_fetch_add(&b->limits[limit].count[row], (unsigned)change);
}

unsigned
board_counted(const struct board *b, size_t limit)
{
	unsigned row, n = 0;

	for (row = 0; row < b->rows; row++)
		n += atomic_load(&b->limits[limit].count[row]);
	return n;
}

void
board_note(struct board *b, size_t limit, unsigned row, unsigned value)
{
	atomic_store(&b->limits[limit].count[row], value);
}

unsigned
board_noted(const struct board *b, size_t limit, unsigned row)
{
	return atomic_load(&b->limits[limit].count[row]);
}

/* Nothing of a limit is the dead worker's any more. */
static void
board_strike(struct limit *l, unsigned row)
{
	unsigned i, mark;

	atomic_store(&l->count[row], 0);
	atomic_store(&l->first[row], 0);
	for (i = 0; i < l->size; i++) {
		mark = BOARD_HELD(row);
		if (!atomic_compare_exchange_strong(&l->places[i], &mark,
		    BOARD_FREE)) {
			mark = BOARD_OFFERED(row);
			(void)atomic_compare_exchange_strong(&l->places[i],
			    &mark, BOARD_FREE);
		}
	}
}

void
board_reclaim(struct board *b, unsigned row)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		board_strike(&b->limits[i], row);
		board_offer(b, &b->limits[i]);
	}
	/* It may have died between making an offer and ringing. */
	for (row = 0; row < b->rows; row++)
		board_ring(b, row);
}
