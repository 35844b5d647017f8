/* SPDX-License-Identifier: ISC */
/*
 * board: places for programs, shared by all workers.
 *
 * For each limit there are so many places; a worker claims one for each
 * program that it starts and releases it when the program has ended. Who holds
 * what stands in memory that the master shares with the workers, so that it
 * can release what a dead worker held, exactly and at once.
 *
 * A worker that finds no place waits: it counts itself among those who wait
 * and watches the limit's bell, an eventfd that is rung when there is a place
 * for somebody.
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

/* Give a place back, and ring if somebody waits for one. */
void	 board_release(struct board *, size_t limit, int place);

/* Is a place free? How many are taken? */
bool	 board_has_free(const struct board *, size_t limit);
unsigned board_taken(const struct board *, size_t limit);

/* Count `change` more requests of worker `row` that wait at a limit. */
void	 board_wait(struct board *, size_t limit, unsigned row, int change);

/* How many wait there, of all workers? */
unsigned board_waiting(const struct board *, size_t limit);

/* The descriptor to watch for EPOLLIN; -1 where there is no limit. */
int	 board_bell(const struct board *, size_t limit);

/* Tell one of those who wait to look; and take the ringing away. */
void	 board_ring(const struct board *, size_t limit);
void	 board_hear(const struct board *, size_t limit);

/* A worker is dead: what it held is free, and it waits for nothing. */
void	 board_reclaim(struct board *, unsigned row);

#endif
