/* SPDX-License-Identifier: ISC */
/*
 * errout: what a program writes to its standard error, line by line.
 */
#ifndef CGID_ERROUT_H
#define CGID_ERROUT_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed one is ready. */
struct errout {
	char		*line;		/* owned; NULL until there is something */
	size_t		len;
	int64_t		second;		/* the second that `lines` counts */
	unsigned	lines;
	unsigned	dropped;	/* in all, not said yet */
};

/*
 * Read once and log the lines that are complete, at most a hundred a second,
 * each tagged with the request's id and the script. 1: read something; 0: at
 * its end; -1 with errno.
 */
int	errout_read(struct errout *, int fd, const char *id,
	    const char *script, int64_t now_ms);

/* Log what is left, and how many lines were dropped; free what it has. */
void	errout_end(struct errout *, const char *id, const char *script);

#endif
