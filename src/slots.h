/* SPDX-License-Identifier: ISC */
/*
 * slots: a worker's requests that hold or wait for a place for their program.
 *
 * A program needs a place of its mapping and one of the whole gateway, in this
 * order. Those of one mapping get theirs in the order in which they came, and
 * mappings take turns at those of the gateway.
 */
#ifndef CGID_SLOTS_H
#define CGID_SLOTS_H

#include <bsd/sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board;
struct loop;
struct slots;

enum ticket_state {
	TICKET_NONE,
	TICKET_AT_MAP,		/* waits for a place of its mapping */
	TICKET_AT_ALL,		/* has it, waits for one of the gateway */
	TICKET_HELD,		/* may run */
};

/* A request's claim; part of its structure. A zeroed one holds nothing. */
struct ticket {
	TAILQ_ENTRY(ticket)	 entry;
	enum ticket_state	 state;
	size_t			 map;
	uint64_t		 number;	/* in the order of arrival */
	int			 place[2];	/* of mapping and gateway; -1 */
	/* after waiting, there is a place */
	void			(*granted)(void *arg);
	void			*arg;
};

/*
 * The board for a gateway of `n_maps` mappings, with at most `all` programs
 * (0: any number) and by_map[i] of each mapping. Made by the master.
 */
struct board	*slots_board(int64_t all, const int64_t *by_map, size_t n_maps,
		    unsigned workers);

/* What all workers of a board have, for people to read. */
struct slots_counts {
	unsigned	requests;
	unsigned	programs;	/* with a place; they run, or are about to */
	unsigned	waiting;	/* requests that wait for one */
};

void		 slots_counts(const struct board *, size_t n_maps,
		    struct slots_counts *);

/*
 * Ask worker `row` for a sign of life, which it gives when its loop comes
 * round; has it, since it was asked?
 */
void		 slots_ask(struct board *, size_t n_maps, unsigned row);
bool		 slots_answered(const struct board *, size_t n_maps,
		    unsigned row);

/* The view of worker `row`. Borrows both. NULL with errno on failure. */
struct slots	*slots_new(struct board *, struct loop *, unsigned row,
		    size_t n_maps);

/* Say how many requests this worker has. */
void		 slots_requests(struct slots *, unsigned n);

/*
 * Take a place for a program of mapping `map`, or wait for one if no more than
 * `queue_length` requests of the mapping would wait. Returns TICKET_HELD, one
 * of the states of waiting, or TICKET_NONE: there are too many.
 */
enum ticket_state slots_take(struct slots *, struct ticket *, size_t map,
		    int64_t queue_length);

/* Give back the place, or give up waiting; harmless if there is neither. */
void		 slots_give(struct slots *, struct ticket *);

#endif
