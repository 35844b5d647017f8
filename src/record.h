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

/* Why a request ended; the stable words of the log are in record.c. */
enum record_end {
	END_DONE,
	END_REFUSED,		/* an answer of ours to a good request */
	END_BAD_REQUEST,
	END_CLIENT_GONE,
	END_HEADER_TIMEOUT,
	END_BODY_TIMEOUT,
	END_OUTPUT_TIMEOUT,
	END_SEND_TIMEOUT,
	END_MAX_RUNTIME,
	END_BAD_REPLY,		/* the program's */
	END_DRAIN,
	END_ERROR,		/* the machine's fault, or ours */
};

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
	enum record_end		 end;
	const char		*why;		/* what refused it */
};

void	record_log(const struct record *);

#endif
