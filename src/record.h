/* SPDX-License-Identifier: ISC */
/*
 * record: what is known of a request, and the access line made of it.
 */
#ifndef CGID_RECORD_H
#define CGID_RECORD_H

#include <sys/resource.h>
#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "cause.h"

/* Strings are borrowed; NULL is left out of the line. Times are in ms. */
struct record {
	char			 id[32];
	char			 peer[64];
	const char		*map, *script, *method, *path;
	int			 status;	/* 0: nothing was answered */
	uint64_t		 in, out;	/* bytes of body, of reply */
	int64_t			 first_ms;	/* -1: no output */
	int64_t			 total_ms;
	pid_t			 pid;		/* 0: no program ran */
	bool			 reaped;
	int			 wait_status;
	struct rusage		 usage;
	enum cause		 cause;		/* the first thing that went wrong */
};

void	record_log(const struct record *);

#endif
