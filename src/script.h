/* SPDX-License-Identifier: ISC */
/*
 * script: the file that a path means in a mapping, and where it splits the path.
 */
#ifndef CGID_SCRIPT_H
#define CGID_SCRIPT_H

#include <sys/types.h>

#include "cause.h"

struct mapping;
struct scgi;

/* The caller's to free, in any case. */
struct script {
	char		*file;		/* absolute; NULL if none was found */
	char		*name;		/* SCRIPT_NAME */
	const char	*path_info;	/* the end of the path; "" if none */
	mode_t		 mode;
};

/*
 * Find the script of a decoded path that belongs to the mapping, which has
 * either a directory or directories for SCRIPT_FILENAME. Whether it may be run
 * is not looked at. Borrows `path`.
 */
enum cause	script_find(struct script *, const struct mapping *,
		    const struct scgi *, const char *path);

#endif
