/* SPDX-License-Identifier: ISC */
/*
 * walk: from a directory and a path to the file below it that is meant.
 *
 * Must never name a file that the path does not lead to below the root: every
 * step is resolved by openat2(2). What is found is run by its name, so whoever
 * may write to the directories can still put another file there meanwhile.
 */
#include "platform.h"

#include "walk.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/openat2.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one name is, below the root if it is relative; -1 with errno. */
static int
walk_stat(int root, const char *name, bool beneath, struct stat *st)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_MAGICLINKS |
		    (beneath ? RESOLVE_BENEATH : 0),
	};
	int fd, rc, saved, tries = 16;

	do	/* EAGAIN: something was renamed on the way */
		fd = (int)syscall(SYS_openat2, root, name, &how, sizeof how);
	while (fd == -1 && (errno == EAGAIN || errno == EINTR) && --tries > 0);
	if (fd == -1)
		return -1;
	rc = fstat(fd, st);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return rc;
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
	struct stat st;

	for (; *index != NULL; index++) {
		(void)stpcpy(stpcpy(end, slash), *index);
		if (walk_stat(root, name, beneath, &st) == 0 &&
		    !S_ISDIR(st.st_mode)) {
			w->index = *index;
			w->mode = st.st_mode;
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
	struct stat st;
	size_t len;

	for (;;) {
		w->used += strspn(path + w->used, "/");
		if (path[w->used] == '\0')
			return walk_index(root, name, beneath, index, w);
		if (path[w->used] == '.')
			return CAUSE_DOT_NAME;
		len = strcspn(path + w->used, "/");
		if (to > first)
			*to++ = '/';
		to = mempcpy(to, path + w->used, len);
		*to = '\0';
		w->used += len;
		if (walk_stat(root, name, beneath, &st) == -1)
			return walk_failed();
		if (!S_ISDIR(st.st_mode)) {
			w->mode = st.st_mode;
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
	(void)stpcpy(mempcpy(w->file, root, root_len), "/");
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
