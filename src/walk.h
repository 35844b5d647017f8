/* SPDX-License-Identifier: ISC */
/*
 * walk: from a directory and a path to the file below it that is meant.
 */
#ifndef CGID_WALK_H
#define CGID_WALK_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "cause.h"

struct walk {
	char	*file;		/* absolute; the caller's to free */
	size_t	 used;		/* bytes of the path that name the file */
	const char *index;	/* set if an index file was taken */
	mode_t	 mode;
};

/*
 * Follow `path` ("" or beginning with a slash) below `root`, segment by
 * segment, up to the first thing that is no directory. A directory at the end
 * of the path stands for the first file of `index` (ends with NULL) in it.
 * With `beneath`, no symbolic link may lead out of root; without it, what is
 * found is as it was at most some 20 ms ago. Names that begin with a dot are not
 * found.
 */
enum cause	walk_find(const char *root, const char *path, bool beneath,
		    char *const *index, struct walk *);

#endif
