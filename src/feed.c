/* SPDX-License-Identifier: ISC */
/*
 * feed: the body of a request, to be sent once or many times.
 *
 * Its length is known before the first byte is sent, because SCGI wants it
 * first, and reading never moves a file's offset, so that any number of
 * requests can read side by side.
 */
#include "platform.h"

#include "feed.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
feed_memory(struct feed *f, const char *data, size_t len)
{
	*f = (struct feed){ .data = data, .len = len, .fd = -1 };
}

/* Write it all. */
static int
feed_write(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0) {
		if ((n = write(fd, bytes, len)) == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* An unnamed file with all that `from` gives. */
static int
feed_copy(struct feed *f, int from)
{
	const char *directory = getenv("TMPDIR");
	char bytes[65536];
	ssize_t n;
	int fd;

	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
	f->scratch = directory;
	if ((fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) == -1)
		return -1;
	while ((n = read(from, bytes, sizeof bytes)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			f->scratch = NULL;
		if (n == -1 || feed_write(fd, bytes, (size_t)n) == -1) {
			(void)close(fd);
			return -1;
		}
	}
	f->scratch = NULL;
	return fd;
}

/*
 * Has a file the size it says? Those of /proc say 0 and have more, those of
 * sysfs say 4096 and have less.
 */
static bool
feed_is_sized(int fd, off_t size)
{
	char byte;

	return size == 0 ? pread(fd, &byte, 1, 0) == 0 :
	    pread(fd, &byte, 1, size - 1) == 1;
}

int
feed_file(struct feed *f, const char *name)
{
	struct stat st;
	int fd, copy;

	*f = (struct feed){ .fd = -1 };
	if (strcmp(name, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) == -1)
		goto fail;
	/* Standard input may have been read from already: copied. */
	if (!S_ISREG(st.st_mode) || strcmp(name, "-") == 0 ||
	    !feed_is_sized(fd, st.st_size)) {
		if ((copy = feed_copy(f, fd)) == -1)
			goto fail;
		(void)close(fd);
		fd = copy;
		if (fstat(fd, &st) == -1)
			goto fail;
	}
	f->len = (uint64_t)st.st_size;
	f->fd = fd;
	return 0;
fail:
	if (fd != -1)
		(void)close(fd);
	return -1;
}

ssize_t
feed_read(const struct feed *f, uint64_t offset, char *to, size_t size)
{
	uint64_t left = f->len - offset;
	ssize_t n;

	if (size > left)
		size = (size_t)left;
	if (size == 0)
		return 0;
	if (f->data != NULL) {
		memcpy(to, f->data + offset, size);
		return (ssize_t)size;
	}
	do
		n = pread(f->fd, to, size, (off_t)offset);
	while (n == -1 && errno == EINTR);
	if (n == 0) {
		errno = EIO;
		return -1;
	}
	return n;
}

void
feed_end(struct feed *f)
{
	if (f->fd != -1)
		(void)close(f->fd);
	f->fd = -1;
}
