/* SPDX-License-Identifier: ISC */
/*
 * plan: what a visit sends, where to, and in which pieces.
 */
#ifndef CGID_PLAN_H
#define CGID_PLAN_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address;
struct feed;

/* Borrowed by all visits that follow it. */
struct plan {
	const struct address	*address;
	const char		*head;		/* sent first */
	size_t			 head_len;
	const struct feed	*feed;		/* sent behind it */
	size_t			 piece;		/* bytes at a time, 0: any */
	int64_t			 pause_ms;	/* after each piece */
	int64_t			 timeout_ms;	/* for all of it, 0: none */
	bool			 half_close;	/* when all is sent */
	bool			 any_length;	/* of the answer's body will do */
	/*
	 * Takes the answer: first the header block at once, or what came
	 * instead of one, then the body in pieces. False ends the visit.
	 */
	bool	(*take)(void *arg, const char *bytes, size_t len, bool header);
	void			*arg;
};

/* How many bytes are to be sent. */
uint64_t	plan_len(const struct plan *);

/*
 * The bytes that may go in one call when `sent` have gone; only the body is
 * cut into pieces. 0 at the end; -1 with errno if the body cannot be read.
 */
ssize_t		plan_read(const struct plan *, uint64_t sent, char *bytes,
		    size_t size);

/* When `sent` bytes have gone: is it time for a pause? */
bool		plan_pauses(const struct plan *, uint64_t sent);

#endif
