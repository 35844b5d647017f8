/* SPDX-License-Identifier: ISC */
/*
 * scgi_table: the rows of tests/scgi.table, for the tests and the corpus.
 */
#ifndef CGID_SCGI_TABLE_H
#define CGID_SCGI_TABLE_H

#include <stddef.h>

/* The limits that the rows are written for. */
#define TABLE_MAX_HEADER	65536
#define TABLE_MAX_FIELD		2048

enum table_outcome { TABLE_ACCEPTED, TABLE_REFUSED, TABLE_INCOMPLETE };

/* A name, or its value. */
struct table_text {
	char	*bytes;		/* NUL-terminated */
	size_t	 len;
};

struct table_row {
	struct table_text	 name;
	struct table_text	 in, then;
	enum table_outcome	 outcome;
	int			 status;	/* where it is refused */
	char			*reason;
	struct table_text	*params;	/* name, value, name, value ... */
	size_t			 n_params;	/* pairs */
};

/* Read the whole file; ends the process where it is not as its head says. */
struct table_row	*table_read(const char *path, size_t *n);

void	table_free(struct table_row *, size_t n);

#endif
