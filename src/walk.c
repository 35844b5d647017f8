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

/* What one name below the root is; -1 with errno. */
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
static int
walk_failed(const char **why)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		*why = "no such script";
		return 404;
	case EXDEV:
	case ELOOP:
		*why = "a symbolic link is absolute or leads out of the "
		    "directory (symlinks = follow allows it)";
		return 403;
	case EACCES:
		*why = "not allowed to look into the directory";
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		*why = "out of descriptors or memory";
		return 503;
	default:
		*why = "the script cannot be looked up";
		return 500;
	}
}

/* The path was used up by directories: is there an index file? */
static int
walk_index(int root, char *name, bool beneath, char *const *index,
    struct walk *w, const char **why)
{
	char *end = name + strlen(name);
	struct stat st;

	for (; *index != NULL; index++) {
		(void)stpcpy(stpcpy(end, end > name ? "/" : ""), *index);
		if (walk_stat(root, name, beneath, &st) == 0 &&
		    !S_ISDIR(st.st_mode)) {
			w->index = *index;
			w->mode = st.st_mode;
			return 0;
		}
	}
	*why = "a directory, and no index file in it";
	return 404;
}

/* `name` has room for root-relative names, `path` and an index file's. */
static int
walk_steps(int root, const char *path, bool beneath, char *const *index,
    char *name, struct walk *w, const char **why)
{
	char *to = name;
	struct stat st;
	size_t len;

	*to = '\0';
	for (;;) {
		w->used += strspn(path + w->used, "/");
		if (path[w->used] == '\0')
			return walk_index(root, name, beneath, index, w, why);
		if (path[w->used] == '.') {
			*why = "names that begin with a dot are not served";
			return 404;
		}
		len = strcspn(path + w->used, "/");
		if (to > name)
			*to++ = '/';
		to = mempcpy(to, path + w->used, len);
		*to = '\0';
		w->used += len;
		if (walk_stat(root, name, beneath, &st) == -1)
			return walk_failed(why);
		if (!S_ISDIR(st.st_mode)) {
			w->mode = st.st_mode;
			return 0;
		}
	}
}

int
walk_find(const char *root, const char *path, bool beneath,
    char *const *index, struct walk *w, const char **why)
{
	size_t longest = 0, root_len = strlen(root);
	char *const *i;
	int fd, status;

	*w = (struct walk){ .file = NULL };
	while (root_len > 1 && root[root_len - 1] == '/')
		root_len--;
	for (i = index; *i != NULL; i++)
		if (strlen(*i) > longest)
			longest = strlen(*i);
	w->file = malloc(root_len + strlen(path) + longest + 4);
	if (w->file == NULL) {
		*why = "no memory";
		return 503;
	}
	if ((fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC)) == -1) {
		*why = "the mapping's directory cannot be opened";
		status = errno == EMFILE || errno == ENFILE ? 503 : 500;
	} else {
		(void)stpcpy(mempcpy(w->file, root, root_len), "/");
		status = walk_steps(fd, path, beneath, index,
		    w->file + root_len + 1, w, why);
		(void)close(fd);
	}
	if (status != 0) {
		free(w->file);
		w->file = NULL;
	}
	return status;
}
