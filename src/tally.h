/* SPDX-License-Identifier: ISC */
/*
 * tally: what came of many requests.
 */
#ifndef CGID_TALLY_H
#define CGID_TALLY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TALLY_REASONS	16	/* different ones; the rest are "other" */

struct tally {
	size_t	 statuses[1000];	/* whole answers */
	size_t	 unexpected;		/* of them, not as expected */
	size_t	 lost;			/* without a whole answer */
	struct {
		const char	*text;	/* borrowed */
		size_t		 n;
	} reasons[TALLY_REASONS];
	/* private: latencies of whole answers in ns */
	int64_t	*latencies;
	size_t	 n, size;
};

/* Begin, with room for `number` requests. -1 without memory. */
int	tally_start(struct tally *, size_t number);

/* A whole answer with a status from 0 to 999, and how long it took. */
void	tally_answer(struct tally *, int status, int64_t ns);

/* No whole answer. The text is not copied. */
void	tally_loss(struct tally *, const char *reason);

/* The latency that `percent` of the whole answers do not exceed; 0 if none. */
int64_t	tally_percentile(struct tally *, unsigned percent);

/* Write it all, for `ns` of time; latencies only if there are any. */
void	tally_print(struct tally *, int64_t ns, FILE *);

/* Give back what the structure owns. */
void	tally_end(struct tally *);

#endif
