/* SPDX-License-Identifier: ISC */
/*
 * spool: a queue of bytes in an unlinked file.
 */
#ifndef CGID_SPOOL_H
#define CGID_SPOOL_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/* Zero it but for fd, which is -1, to begin. */
struct spool {
	int	 fd;		/* -1: no file yet */
	off_t	 head, tail;	/* next byte to take; where to add */
};

/* Bytes that wait. */
uint64_t spool_pending(const struct spool *);

/*
 * Add bytes; the file is made below `directory` by the first call and has no
 * name. -1 with errno (ENOSPC …) on failure.
 */
int	 spool_add(struct spool *, const char *directory, const char *bytes,
	    size_t len);

/* Take up to `size` bytes from the front. -1 with errno on failure. */
ssize_t	 spool_take(struct spool *, char *to, size_t size);

/* Close the file and with it give back its space. */
void	 spool_close(struct spool *);

#endif
