/* SPDX-License-Identifier: ISC */
/*
 * feed: the body of a request, to be sent once or many times.
 */
#ifndef CGID_FEED_H
#define CGID_FEED_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

struct feed {
	uint64_t	 len;
	const char	*scratch;	/* after a failure: if not NULL, the
					   directory for copies is to blame */
	/* private */
	const char	*data;	/* borrowed; NULL: it is in `fd` */
	int		 fd;	/* -1: none */
};

/* A body in memory, which is borrowed. NULL is no body at all. */
void	feed_memory(struct feed *, const char *data, size_t len);

/*
 * A body in a file, "-" for standard input. What is no regular file is first
 * copied to an unnamed temporary one, and so is a file that has another size
 * than it says, as those of /proc. -1 with errno on failure.
 */
int	feed_file(struct feed *, const char *name);

/*
 * Read up to `size` bytes from `offset` on. 0 at the end; -1 with errno on
 * failure, EIO if the file has become shorter.
 */
ssize_t	feed_read(const struct feed *, uint64_t offset, char *to, size_t size);

/* Close the file. */
void	feed_end(struct feed *);

#endif
