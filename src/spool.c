/* SPDX-License-Identifier: ISC */
/*
 * spool: a queue of bytes in an unlinked file.
 *
 * An emptied spool gives its space back and starts anew, so the file is never
 * larger than what has come since it was empty last.
 */
#include "platform.h"

#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t
spool_pending(const struct spool *spool)
{
	return (uint64_t)(spool->tail - spool->head);
}

/* A file without a name; where the file system has none, one is unlinked. */
static int
spool_open(const char *directory)
{
	char name[4096];
	int fd;

	fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if ((size_t)snprintf(name, sizeof name, "%s/scgi-cgid.XXXXXX",
	    directory) >= sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if ((fd = mkostemp(name, O_CLOEXEC)) != -1)
		(void)unlink(name);
	return fd;
}

int
spool_add(struct spool *spool, const char *directory, const char *bytes,
    size_t len)
{
	ssize_t n;

	if (spool->fd == -1 && (spool->fd = spool_open(directory)) == -1)
		return -1;
	while (len > 0) {
		n = pwrite(spool->fd, bytes, len, spool->tail);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		spool->tail += n;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t
spool_take(struct spool *spool, char *to, size_t size)
{
	ssize_t n;

	if (size > spool_pending(spool))
		size = (size_t)spool_pending(spool);
	if (size == 0)
		return 0;
	do
		n = pread(spool->fd, to, size, spool->head);
	while (n == -1 && errno == EINTR);
	if (n == 0) {			/* somebody cut our file */
		errno = EIO;
		return -1;
	}
	if (n > 0)
		spool->head += n;
	if (spool->head == spool->tail && n > 0) {
		spool->head = spool->tail = 0;
		(void)!ftruncate(spool->fd, 0);
	}
	return n;
}

void
spool_close(struct spool *spool)
{
	if (spool->fd != -1)
		(void)close(spool->fd);
	*spool = (struct spool){ .fd = -1 };
}
