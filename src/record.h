/* SPDX-License-Identifier: ISC */
/*
 * record: what is known of a request, and the access line made of it.
 */
#ifndef CGID_RECORD_H
#define CGID_RECORD_H

#include <sys/types.h>

#include <stdint.h>

#include "cause.h"

struct exchange;
struct scgi;
struct target;

/* Strings are borrowed; NULL is left out of the line. Times are the loop's. */
struct record {
	char			 id[32];
	char			 peer[64];
	const char		*map, *script, *method, *path;
	int64_t			 opened_ms;
	int64_t			 queued_ms;	/* 0: never waited */
	int64_t			 gave_up_ms;	/* waiting; 0: did not */
	int64_t			 started_ms;	/* 0: no program ran */
	enum cause		 cause;		/* the first thing that went wrong */
	/* what the front end says of the client and its request */
	const char		*host, *user, *uri, *protocol, *referer, *agent;
};

/* What it is called: the process that serves it, and its count there. */
void	record_name(struct record *, pid_t, uint64_t count);

/*
 * Take down what a request means and who asks. Borrows both until the line is
 * written; the head's values must stay where they are.
 */
void	record_head(struct record *, const struct target *,
	    const struct scgi *);

/* Write the line of a request that ends now, with what its exchange knows. */
void	record_log(const struct record *, const struct exchange *,
	    int64_t now_ms);

#endif
