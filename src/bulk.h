/* SPDX-License-Identifier: ISC */
/*
 * bulk: the kernel's buffers that bulk passes through.
 */
#ifndef CGID_BULK_H
#define CGID_BULK_H

#include <stdbool.h>

/* A zeroed one has the buffers that all have. */
struct bulk {
	bool	asked;
	bool	larger;
};

/*
 * Have a pipe hold more, and a Unix socket that is written to, unless that is
 * -1; once, and as long as not too many of all `workers` have it.
 */
void	bulk_enlarge(struct bulk *, int pipe, int sock, unsigned workers);

/* The pipe is closed: another may have a larger one. */
void	bulk_release(struct bulk *);

#endif
