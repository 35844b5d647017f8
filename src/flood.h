/* SPDX-License-Identifier: ISC */
/*
 * flood: messages of one kind, and how many of them are too many.
 */
#ifndef CGID_FLOOD_H
#define CGID_FLOOD_H

#include <stdbool.h>
#include <stdint.h>

/* So many of a kind in so many milliseconds; what comes then is counted. */
#define FLOOD_MOST	10
#define FLOOD_SPAN_MS	5000

/* Kinds told apart; beyond, they count as one. */
#define FLOOD_KINDS	32

struct flood_kind {
	uint32_t	kind;
	int64_t		since_ms;
	unsigned	said, more;	/* since then; not said */
	int		priority;	/* of the first one not said, and it */
	char		text[256];
};

/* All zero, nothing has been said yet. */
struct flood {
	unsigned	  owing;	/* kinds of which some were not said */
	struct flood_kind kinds[FLOOD_KINDS];
};

/*
 * A message of a kind is to be written: may it be, as one of `most` in a span
 * of time? NULL if so. If not it is counted, and its kind returned: with the
 * first, when `more` is 1, the caller sets priority and text.
 */
struct flood_kind	*flood_refuse(struct flood *, uint32_t kind,
			    unsigned most, int64_t now_ms);

/*
 * Copy a kind whose span is over and of which some were not said, and begin its
 * count anew. False if there is none.
 */
bool	flood_tell(struct flood *, int64_t now_ms, struct flood_kind *);

/* When flood_tell() finds one; -1: never, as things are. */
int64_t	flood_due(const struct flood *);

#endif
