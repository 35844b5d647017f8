/* SPDX-License-Identifier: ISC */
/*
 * conffile: a configuration file as text that libconfuse reads right.
 *
 * libconfuse counts lines wrongly behind comments, takes a file that ends
 * inside a section, and ends the process on a directory. So the file is read
 * here, comments are blanked out, and braces and quotes are looked at. It also
 * forgets a section when another of the same title comes: titles are marked.
 */
#ifndef CGID_CONFFILE_H
#define CGID_CONFFILE_H

#include <stddef.h>

/* Begins the mark that ends each section's title and is no part of it. */
#define CONFFILE_MARK	'\001'

struct conffile {
	char	*text;		/* NUL-terminated */
	int	 lines;
	int	*section_line;	/* where each top-level section begins */
	size_t	 n_sections;
};

/*
 * Read. Returns NULL, or a phrase; *line is then the line to blame, or 0 with
 * errno for a failing system call.
 */
const char	*conffile_read(const char *path, struct conffile *, int *line);

void	conffile_free(struct conffile *);

#endif
