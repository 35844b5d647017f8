/* SPDX-License-Identifier: ISC */
/*
 * walk: from a directory and a path to the file below it that is meant.
 *
 * Must never name a file that the path does not lead to below the root: every
 * step is resolved by openat2(2) or, where that is forbidden, looked at where it
 * has led; or, where links may lead anywhere, it leads to the same file as when
 * that was done, or did so a moment ago. What is found is run by its name, so
 * whoever may write to the directories can still put another file there meanwhile.
 */
#include "platform.h"

#include "walk.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/openat2.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hash.h"

/* Files that are remembered, and bytes of their names. */
#define WALK_FOUND	64
#define WALK_FOUND_NAME	240

/* How long what was seen of one is believed. */
#define WALK_BELIEVED_MS	20

/* Where an open file lies: -1 with errno if that cannot be known. */
static ssize_t
walk_real_path(int fd, char *path, size_t size)
{
	char name[32];
	ssize_t n;

	(void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, path, size);
	if (n == (ssize_t)size) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return n;
}

/* Does an open file lie below the root? -1 with errno; EXDEV if it does not. */
static int
walk_check(int root, int fd)
{
	char top[PATH_MAX], path[PATH_MAX];
	ssize_t top_len = walk_real_path(root, top, sizeof top);
	ssize_t len = walk_real_path(fd, path, sizeof path);

	if (top_len == -1 || len == -1)
		return -1;
	if (top_len == 1)		/* "/" */
		top_len = 0;
	if (len > top_len && memcmp(path, top, (size_t)top_len) == 0 &&
	    path[top_len] == '/')
		return 0;
	errno = EXDEV;
	return -1;
}

/*
 * Without openat2(2), which RestrictSUIDSGID= of systemd and some containers
 * take away: open it, and see where that has led. Links of the kernel's, as
 * /proc/self/cwd is one, are then not told from others.
 */
static int
walk_open_plainly(int root, const char *name, bool beneath)
{
	int fd = openat(root, name, O_PATH | O_CLOEXEC), saved;

	if (fd == -1 || !beneath || walk_check(root, fd) == 0)
		return fd;
	saved = errno;
	(void)close(fd);
	errno = saved;
	return -1;
}

/*
 * One name, below the root if it is relative, open for looking at; -1 with
 * errno.
 */
static int
walk_open(int root, const char *name, bool beneath)
{
	static bool plainly;
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_MAGICLINKS |
		    (beneath ? RESOLVE_BENEATH : 0),
	};
	int fd, tries = 16;

	if (plainly)
		return walk_open_plainly(root, name, beneath);
	do	/* EAGAIN: something was renamed on the way */
		fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
	while (fd == -1 && (errno == EAGAIN || errno == EINTR) && --tries > 0);
	if (fd != -1 || (errno != ENOSYS && errno != EPERM))
		return fd;
	plainly = true;
	return walk_open_plainly(root, name, beneath);
}

/*
 * Files that were found where links may lead anywhere; there names are absolute.
 * As long as a name leads to the same file it need not be looked at how: one call
 * instead of three. And for a moment none: who asks so often has been answered
 * just now, and what is run is what the name leads to when it is run.
 */
static struct found {
	dev_t	dev;
	ino_t	ino;
	int64_t	at_ms;		/* when it was looked at */
	mode_t	mode;
	char	name[WALK_FOUND_NAME];
} walk_found[WALK_FOUND];

/* Where such a name is remembered. */
static struct found *
walk_place(const char *name, size_t len)
{
	return &walk_found[hash_bytes(HASH_NONE, name, len) % WALK_FOUND];
}

/* Open such a name and look; -1 with errno. */
static int
walk_look(int root, const char *name, bool beneath, struct stat *st)
{
	int fd, rc, saved;

	if ((fd = walk_open(root, name, beneath)) == -1)
		return -1;
	rc = fstat(fd, st);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return rc;
}

/* Milliseconds, to a few. */
static int64_t
walk_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* What such a name is; -1 with errno. */
static int
walk_mode(int root, const char *name, bool beneath, mode_t *mode)
{
	size_t len = strlen(name);
	struct found *found = beneath || len >= WALK_FOUND_NAME ? NULL :
	    walk_place(name, len);
	bool known = found != NULL && memcmp(found->name, name, len + 1) == 0;
	int64_t now_ms = found != NULL ? walk_now() : 0;
	struct stat st;

	if (known && now_ms - found->at_ms < WALK_BELIEVED_MS) {
		*mode = found->mode;
		return 0;
	}
	if ((!known || stat(name, &st) == -1 || st.st_dev != found->dev ||
	    st.st_ino != found->ino) &&
	    walk_look(root, name, beneath, &st) == -1)
		return -1;
	if (found != NULL) {
		if (!known)
			(void)memcpy(found->name, name, len + 1);
		found->dev = st.st_dev;
		found->ino = st.st_ino;
		found->at_ms = now_ms;
		found->mode = st.st_mode;
	}
	*mode = st.st_mode;
	return 0;
}

/* What a failing step means to the client. */
static enum cause
walk_failed(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		return CAUSE_NO_SCRIPT;
	case EXDEV:
	case ELOOP:
		return CAUSE_SYMLINK;
	case EACCES:
		return CAUSE_SEARCH_DENIED;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return CAUSE_RESOURCES;
	default:
		return CAUSE_LOOKUP_FAILED;
	}
}

/* The path was used up by directories: is there an index file? */
static enum cause
walk_index(int root, char *name, bool beneath, char *const *index,
    struct walk *w)
{
	char *end = name + strlen(name);
	const char *slash = end > name && end[-1] != '/' ? "/" : "";
	mode_t mode;

	for (; *index != NULL; index++) {
		(void)stpcpy(stpcpy(end, slash), *index);
		if (walk_mode(root, name, beneath, &mode) == 0 &&
		    !S_ISDIR(mode)) {
			w->index = *index;
			w->mode = mode;
			return CAUSE_NONE;
		}
	}
	return CAUSE_NO_INDEX;
}

/*
 * `name` is where the walk begins, with a slash at its end unless it is empty;
 * it has room for `path` and an index file's.
 */
static enum cause
walk_steps(int root, const char *path, bool beneath, char *const *index,
    char *name, struct walk *w)
{
	char *first = name + strlen(name), *to = first;
	mode_t mode;
	size_t len;

	for (;;) {
		while (path[w->used] == '/')
			w->used++;
		if (path[w->used] == '\0')
			return walk_index(root, name, beneath, index, w);
		if (path[w->used] == '.')
			return CAUSE_DOT_NAME;
		len = (size_t)(strchrnul(path + w->used, '/') -
		    (path + w->used));
		if (to > first)
			*to++ = '/';
		to = mempcpy(to, path + w->used, len);
		*to = '\0';
		w->used += len;
		if (walk_mode(root, name, beneath, &mode) == -1)
			return walk_failed();
		if (!S_ISDIR(mode)) {
			w->mode = mode;
			return CAUSE_NONE;
		}
	}
}

static bool
walk_is_directory(const char *root)
{
	struct stat st;

	return stat(root, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum cause
walk_beneath(const char *root, const char *path, char *const *index,
    char *name, struct walk *w)
{
	int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	enum cause cause;

	if (fd == -1)
		return errno == EMFILE || errno == ENFILE ?
		    CAUSE_RESOURCES : CAUSE_NO_DIRECTORY;
	cause = walk_steps(fd, path, true, index, name, w);
	(void)close(fd);
	return cause;
}

enum cause
walk_find(const char *root, const char *path, bool beneath,
    char *const *index, struct walk *w)
{
	enum cause cause;
	size_t longest = 0, root_len = strlen(root);
	char *const *i;

	*w = (struct walk){ .file = NULL };
	while (root_len > 1 && root[root_len - 1] == '/')
		root_len--;
	for (i = index; *i != NULL; i++)
		if (strlen(*i) > longest)
			longest = strlen(*i);
	w->file = malloc(root_len + strlen(path) + longest + 4);
	if (w->file == NULL)
		return CAUSE_MEMORY;
	(void)memcpy(mempcpy(w->file, root, root_len), "/", 2);
	/* Only to stay beneath the root a descriptor of it is needed. */
	if (beneath)
		cause = walk_beneath(root, path, index,
		    w->file + root_len + 1, w);
	else
		cause = walk_steps(AT_FDCWD, path, false, index, w->file, w);
	if (cause == CAUSE_NO_SCRIPT && !walk_is_directory(root))
		cause = CAUSE_NO_DIRECTORY;
	if (cause != CAUSE_NONE) {
		free(w->file);
		w->file = NULL;
	}
	return cause;
}
