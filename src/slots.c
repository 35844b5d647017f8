/* SPDX-License-Identifier: ISC */
/*
 * slots: a worker's requests that hold or wait for a place for their program.
 *
 * Invariant: a queue's bell is watched if and only if somebody stands in the
 * queue. Caution: who leaves a queue may have been meant by the bell, and the
 * kernel wakes one worker only; so whoever leaves one looks whether to ring it
 * for the next.
 */
#include "platform.h"

#include "slots.h"

#include <sys/epoll.h>

#include <stdlib.h>

#include "board.h"
#include "log.h"
#include "loop.h"

/* The limits on the board. The last kind has no places, and only counts. */
#define SLOTS_ALL		0
#define SLOTS_MAP(map)		(1 + (map))
#define SLOTS_WAITING(s, map)	(1 + (s)->n_maps + (map))

struct line {			/* who waits at one limit */
	struct slots		*slots;
	size_t			 limit;
	TAILQ_HEAD(, ticket)	 tickets;
	struct watch		 bell;
};

struct slots {
	struct board	*board;
	struct loop	*loop;
	unsigned	 row;
	size_t		 n_maps;
	struct line	*lines;		/* SLOTS_ALL, SLOTS_MAP(0) … */
};

static void	slots_heard(void *, uint32_t);

struct board *
slots_board(int64_t all, const int64_t *by_map, size_t n_maps,
    unsigned workers)
{
	int64_t *limits = calloc(1 + 2 * n_maps, sizeof *limits);
	struct board *board = NULL;
	size_t i;

	if (limits != NULL) {
		limits[SLOTS_ALL] = all;
		for (i = 0; i < n_maps; i++)
			limits[SLOTS_MAP(i)] = by_map[i];
		board = board_new(limits, 1 + 2 * n_maps, workers);
	}
	free(limits);
	return board;
}

struct slots *
slots_new(struct board *board, struct loop *loop, unsigned row, size_t n_maps)
{
	struct slots *s = calloc(1, sizeof *s);
	size_t i;

	if (s == NULL ||
	    (s->lines = calloc(1 + n_maps, sizeof *s->lines)) == NULL) {
		free(s);
		return NULL;
	}
	s->board = board;
	s->loop = loop;
	s->row = row;
	s->n_maps = n_maps;
	for (i = 0; i < 1 + n_maps; i++) {
		s->lines[i].slots = s;
		s->lines[i].limit = i;
		TAILQ_INIT(&s->lines[i].tickets);
		s->lines[i].bell = (struct watch){
		    .fd = board_bell(board, i), .ready = slots_heard,
		    .arg = &s->lines[i] };
	}
	return s;
}

/* If there is a place for somebody who waits, somebody shall look. */
static void
slots_pass_on(const struct line *line)
{
	const struct board *board = line->slots->board;

	if (board_waiting(board, line->limit) > 0 &&
	    board_has_free(board, line->limit))
		board_ring(board, line->limit);
}

/*
 * Watch the bell, or not. The kernel wakes those who watch in the order in
 * which they began to: so who has got a place goes to the end.
 */
static void
slots_watch(struct line *line)
{
	struct loop *loop = line->slots->loop;

	(void)watch_want(loop, &line->bell, 0);
	if (!TAILQ_EMPTY(&line->tickets) && watch_want(loop, &line->bell,
	    EPOLLIN | EPOLLEXCLUSIVE) == -1)
		log_warn("cannot watch for a free place");
}

static void
slots_join(struct line *line, struct ticket *t)
{
	bool first = TAILQ_EMPTY(&line->tickets);

	t->state = line->limit == SLOTS_ALL ? TICKET_AT_ALL : TICKET_AT_MAP;
	TAILQ_INSERT_TAIL(&line->tickets, t, entry);
	board_wait(line->slots->board, line->limit, line->slots->row, 1);
	slots_pass_on(line);
	if (first)
		slots_watch(line);
}

static void
slots_leave(struct line *line, struct ticket *t)
{
	TAILQ_REMOVE(&line->tickets, t, entry);
	board_wait(line->slots->board, line->limit, line->slots->row, -1);
	if (TAILQ_EMPTY(&line->tickets))
		slots_watch(line);
	slots_pass_on(line);
}

/* A place without waiting: not before those who wait, of whatever worker. */
static bool
slots_enter(struct line *line, int *place)
{
	struct board *board = line->slots->board;

	*place = -1;
	if (!board_is_limited(board, line->limit))
		return true;
	if (board_waiting(board, line->limit) > 0)
		return false;
	*place = board_claim(board, line->limit, line->slots->row);
	return *place != -1;
}

/* The mapping's place is there: now the gateway's. */
static void
slots_go_on(struct slots *s, struct ticket *t)
{
	if (slots_enter(&s->lines[SLOTS_ALL], &t->place[1]))
		t->state = TICKET_HELD;
	else
		slots_join(&s->lines[SLOTS_ALL], t);
}

/* The bell of a queue: its first gets the place, if it is still there. */
static void
slots_heard(void *arg, uint32_t events)
{
	struct line *line = arg;
	struct slots *s = line->slots;
	struct ticket *t = TAILQ_FIRST(&line->tickets);
	int place;

	(void)events;
	board_hear(s->board, line->limit);
	if (t == NULL ||
	    (place = board_claim(s->board, line->limit, s->row)) == -1) {
		slots_pass_on(line);
		return;
	}
	slots_leave(line, t);
	slots_watch(line);
	t->place[line->limit == SLOTS_ALL] = place;
	if (line->limit == SLOTS_ALL)
		t->state = TICKET_HELD;
	else
		slots_go_on(s, t);
	if (t->state != TICKET_HELD)
		return;
	board_wait(s->board, SLOTS_WAITING(s, t->map), s->row, -1);
	t->granted(t->arg);
}

enum ticket_state
slots_take(struct slots *s, struct ticket *t, size_t map,
    int64_t queue_length)
{
	size_t waiting = SLOTS_WAITING(s, map);

	t->map = map;
	t->place[1] = -1;
	if (slots_enter(&s->lines[SLOTS_MAP(map)], &t->place[0]))
		slots_go_on(s, t);
	else
		slots_join(&s->lines[SLOTS_MAP(map)], t);
	if (t->state == TICKET_HELD)
		return TICKET_HELD;
	board_wait(s->board, waiting, s->row, 1);
	if (board_waiting(s->board, waiting) > (uint64_t)queue_length)
		slots_give(s, t);
	return t->state;
}

void
slots_give(struct slots *s, struct ticket *t)
{
	if (t->state == TICKET_AT_MAP || t->state == TICKET_AT_ALL) {
		slots_leave(&s->lines[t->state == TICKET_AT_ALL ? SLOTS_ALL :
		    SLOTS_MAP(t->map)], t);
		board_wait(s->board, SLOTS_WAITING(s, t->map), s->row, -1);
	}
	if (t->state == TICKET_AT_ALL || t->state == TICKET_HELD) {
		if (t->place[0] != -1)
			board_release(s->board, SLOTS_MAP(t->map),
			    t->place[0]);
		if (t->place[1] != -1)
			board_release(s->board, SLOTS_ALL, t->place[1]);
	}
	t->state = TICKET_NONE;
}
