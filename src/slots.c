/* SPDX-License-Identifier: ISC */
/*
 * slots: a worker's requests that hold or wait for a place for their program.
 *
 * Invariant: the board knows who is the first of each queue. Caution: an offer
 * is made to the worker, not to a request; by the time it is heard, who waited
 * may have left, and then the place goes back for somebody else.
 */
#include "platform.h"

#include "slots.h"

#include <sys/epoll.h>

#include <stdlib.h>

#include "board.h"
#include "loop.h"

/*
 * The limits on the board. Those behind the maps' have no places; the first
 * kind of them counts, the others are words: see board_note().
 */
#define SLOTS_ALL		0
#define SLOTS_MAP(map)		(1 + (map))
#define SLOTS_WAITING(n, map)	(1 + (n) + (map))
#define SLOTS_REQUESTS(n)	(1 + 2 * (n))
#define SLOTS_ASKED(n)		(2 + 2 * (n))
#define SLOTS_LIMITS(n)		(3 + 2 * (n))

TAILQ_HEAD(line, ticket);

struct slots {
	struct board	*board;
	unsigned	 row;
	size_t		 n_maps;
	struct line	*lines;		/* who waits at SLOTS_ALL, SLOTS_MAP(0) … */
	struct watch	 bell;
};

static void	slots_heard(void *, uint32_t);

struct board *
slots_board(int64_t all, const int64_t *by_map, size_t n_maps,
    unsigned workers)
{
	int64_t *limits = calloc(SLOTS_LIMITS(n_maps), sizeof *limits);
	struct board *board = NULL;
	size_t i;

	if (limits != NULL) {
		limits[SLOTS_ALL] = all;
		for (i = 0; i < n_maps; i++)
			limits[SLOTS_MAP(i)] = by_map[i];
		board = board_new(limits, SLOTS_LIMITS(n_maps), workers);
	}
	free(limits);
	return board;
}

void
slots_counts(const struct board *board, size_t n_maps,
    struct slots_counts *counts)
{
	size_t i;

	*counts = (struct slots_counts){
		.requests = board_counted(board, SLOTS_REQUESTS(n_maps)),
		.programs = board_counted(board, SLOTS_ALL),
	};
	for (i = 0; i < n_maps; i++)
		counts->waiting += board_counted(board,
		    SLOTS_WAITING(n_maps, i));
}

void
slots_ask(struct board *board, size_t n_maps, unsigned row)
{
	board_note(board, SLOTS_ASKED(n_maps), row, 1);
	board_ring(board, row);
}

bool
slots_answered(const struct board *board, size_t n_maps, unsigned row)
{
	return board_noted(board, SLOTS_ASKED(n_maps), row) == 0;
}

struct slots *
slots_new(struct board *board, struct loop *loop, unsigned row, size_t n_maps)
{
	struct slots *s = calloc(1, sizeof *s);
	size_t i;

	if (s == NULL ||
	    (s->lines = calloc(1 + n_maps, sizeof *s->lines)) == NULL)
		goto fail;
	s->board = board;
	s->row = row;
	s->n_maps = n_maps;
	for (i = 0; i < 1 + n_maps; i++)
		TAILQ_INIT(&s->lines[i]);
	s->bell = (struct watch){ .fd = board_bell(board, row),
	    .ready = slots_heard, .arg = s };
	if (watch_want(loop, &s->bell, EPOLLIN) == -1)
		goto fail;
	return s;
fail:
	if (s != NULL)
		free(s->lines);
	free(s);
	return NULL;
}

void
slots_requests(struct slots *s, unsigned n)
{
	board_note(s->board, SLOTS_REQUESTS(s->n_maps), s->row, n);
}

/* It may run: from here on it is counted, until it gives its place back. */
static void
slots_hold(struct slots *s, struct ticket *t)
{
	t->state = TICKET_HELD;
	board_count(s->board, SLOTS_ALL, s->row, 1);
}

/* A queue has changed: the board shall know its first. */
static void
slots_show(struct slots *s, size_t limit)
{
	const struct ticket *first = TAILQ_FIRST(&s->lines[limit]);

	board_wait(s->board, limit, s->row, first != NULL ? first->number : 0);
}

/*
 * Stand in line: at a mapping's behind all, at the gateway's so that mappings
 * take turns, however many wait for one of them.
 */
static void
slots_join(struct slots *s, size_t limit, struct ticket *t)
{
	struct line *line = &s->lines[limit];
	struct ticket *before = TAILQ_LAST(line, line);

	t->state = limit == SLOTS_ALL ? TICKET_AT_ALL : TICKET_AT_MAP;
	t->number = limit == SLOTS_ALL ?
	    board_turn(s->board, SLOTS_MAP(t->map), board_counted(s->board,
	    SLOTS_WAITING(s->n_maps, t->map))) : board_number(s->board);
	/* Of its own mapping it does not overtake anybody. */
	while (before != NULL && before->number > t->number &&
	    before->map != t->map)
		before = TAILQ_PREV(before, line, entry);
	if (before != NULL && before->number > t->number)
		t->number = before->number;
	if (before != NULL)
		TAILQ_INSERT_AFTER(line, before, t, entry);
	else
		TAILQ_INSERT_HEAD(line, t, entry);
	slots_show(s, limit);
}

static void
slots_leave(struct slots *s, size_t limit, struct ticket *t)
{
	TAILQ_REMOVE(&s->lines[limit], t, entry);
	slots_show(s, limit);
}

/* A place without waiting: not before those who wait, of whatever worker. */
static bool
slots_enter(struct slots *s, size_t limit, int *place)
{
	*place = -1;
	if (!board_is_limited(s->board, limit))
		return true;
	if (board_is_awaited(s->board, limit))
		return false;
	*place = board_claim(s->board, limit, s->row);
	return *place != -1;
}

/* The first in a queue has got a place: of its mapping, then of the gateway. */
static void
slots_grant(struct slots *s, size_t limit, struct ticket *t, int place)
{
	slots_leave(s, limit, t);
	t->place[limit == SLOTS_ALL] = place;
	if (limit != SLOTS_ALL &&
	    !slots_enter(s, SLOTS_ALL, &t->place[1])) {
		slots_join(s, SLOTS_ALL, t);
		return;
	}
	slots_hold(s, t);
	if (limit == SLOTS_ALL)
		board_served(s->board, t->number);
	board_count(s->board, SLOTS_WAITING(s->n_maps, t->map), s->row, -1);
	t->granted(t->arg);
}

/* Take what is offered, one place of each kind: a start takes its time. */
static void
slots_heard(void *arg, uint32_t events)
{
	struct slots *s = arg;
	struct ticket *t;
	bool more = false;
	size_t limit;
	int place;

	(void)events;
	board_hear(s->board, s->row);
	board_note(s->board, SLOTS_ASKED(s->n_maps), s->row, 0);
	for (limit = 0; limit < 1 + s->n_maps; limit++) {
		place = board_accept(s->board, limit, s->row);
		if (place == -1)
			continue;
		more = true;
		if ((t = TAILQ_FIRST(&s->lines[limit])) != NULL)
			slots_grant(s, limit, t, place);
		else
			board_release(s->board, limit, place);
	}
	if (more)
		board_ring(s->board, s->row);
}

/* Is there room for one more to wait? Then it is counted. */
static bool
slots_may_wait(struct slots *s, size_t map, int64_t queue_length)
{
	size_t waiting = SLOTS_WAITING(s->n_maps, map);

	board_count(s->board, waiting, s->row, 1);
	if (board_counted(s->board, waiting) <= (uint64_t)queue_length)
		return true;
	board_count(s->board, waiting, s->row, -1);
	return false;
}

/* Give back what it has of both kinds. */
static void
slots_release(struct slots *s, const struct ticket *t)
{
	if (t->place[0] != -1)
		board_release(s->board, SLOTS_MAP(t->map), t->place[0]);
	if (t->place[1] != -1)
		board_release(s->board, SLOTS_ALL, t->place[1]);
}

enum ticket_state
slots_take(struct slots *s, struct ticket *t, size_t map,
    int64_t queue_length)
{
	size_t limit = SLOTS_MAP(map);

	t->map = map;
	t->place[1] = -1;
	if (slots_enter(s, limit, &t->place[0])) {
		limit = SLOTS_ALL;
		if (slots_enter(s, limit, &t->place[1])) {
			slots_hold(s, t);
			return t->state;
		}
	}
	if (slots_may_wait(s, map, queue_length)) {
		slots_join(s, limit, t);
	} else {
		t->state = TICKET_NONE;
		slots_release(s, t);
	}
	return t->state;
}

void
slots_give(struct slots *s, struct ticket *t)
{
	enum ticket_state state = t->state;

	t->state = TICKET_NONE;
	if (state == TICKET_AT_MAP || state == TICKET_AT_ALL) {
		slots_leave(s, state == TICKET_AT_ALL ? SLOTS_ALL :
		    SLOTS_MAP(t->map), t);
		board_count(s->board, SLOTS_WAITING(s->n_maps, t->map),
		    s->row, -1);
	}
	if (state == TICKET_HELD)
		board_count(s->board, SLOTS_ALL, s->row, -1);
	if (state == TICKET_AT_ALL || state == TICKET_HELD)
		slots_release(s, t);
}
