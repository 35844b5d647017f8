/* SPDX-License-Identifier: ISC */
/*
 * board: places for programs, shared by all workers.
 *
 * For each limit there are so many places; a worker claims one for each
 * program that it starts and releases it when the program has ended. Who holds
 * what stands in memory that the master shares with the workers, so that it
 * can release what a dead worker held, exactly and at once.
 *
 * A worker that finds no place says since when its first request waits. A
 * place that is free is offered to the worker whose request waits longest:
 * nobody else can take it, however busy that worker is just now. The worker's
 * bell, an eventfd, rings, and it accepts.
 */
#ifndef CGID_BOARD_H
#define CGID_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board;

/*
 * Make one for `n` limits, of limits[i] places each (0: no limit), and `rows`
 * workers. NULL with errno on failure.
 */
struct board	*board_new(const int64_t *limits, size_t n, unsigned rows);

/* Harmless on NULL. Other processes keep their view. */
void	 board_free(struct board *);

/* Are there places at all, or no limit? */
bool	 board_is_limited(const struct board *, size_t limit);

/*
 * Claim a place for worker `row`: its number, or -1 if all are taken. A worker
 * may claim more than one.
 */
int	 board_claim(struct board *, size_t limit, unsigned row);

/* Give a place back; it is offered to who waits for one. */
void	 board_release(struct board *, size_t limit, int place);

/* How many places are held or offered? */
unsigned board_taken(const struct board *, size_t limit);

/* The next of the numbers that say who came first; they begin at 1. */
uint64_t board_number(struct board *);

/*
 * A number likewise, for queues in which those of several limits stand and
 * shall take turns: each limit's next one is one more than its last, or than
 * that of who was served last, whichever is more; but never more than `ahead`
 * beyond the latter, so that those who left the queue count no longer. Who is
 * served says so.
 */
uint64_t board_turn(struct board *, size_t limit, unsigned ahead);
void	 board_served(struct board *, uint64_t number);

/*
 * The first of those who wait at a limit in worker `row` has this number (0:
 * nobody waits); if a place is free, it is offered to who waits longest.
 */
void	 board_wait(struct board *, size_t limit, unsigned row,
	    uint64_t number);

/* Does anybody wait there, in any worker? */
bool	 board_is_awaited(const struct board *, size_t limit);

/*
 * Take the place that was offered to worker `row`, or -1. Say then, by
 * board_wait(), who is the first now: before, it is offered no other.
 */
int	 board_accept(struct board *, size_t limit, unsigned row);

/* Worker `row`'s bell: to watch for EPOLLIN; to ring; to silence. */
int	 board_bell(const struct board *, unsigned row);
void	 board_ring(const struct board *, unsigned row);
void	 board_hear(const struct board *, unsigned row);

/* Count `change` more for worker `row`; and what all workers have counted. */
void	 board_count(struct board *, size_t limit, unsigned row, int change);
unsigned board_counted(const struct board *, size_t limit);

/* Where a count is none: set worker `row`'s word to a value; what it says. */
void	 board_note(struct board *, size_t limit, unsigned row,
	    unsigned value);
unsigned board_noted(const struct board *, size_t limit, unsigned row);

/* A worker is dead: what it held is free, it waits for nothing. */
void	 board_reclaim(struct board *, unsigned row);

#endif
