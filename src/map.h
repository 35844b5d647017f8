/* SPDX-License-Identifier: ISC */
/*
 * map: which mapping and which file does this request mean.
 */
#ifndef CGID_MAP_H
#define CGID_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "cause.h"

struct config;
struct handler;
struct mapping;
struct scgi;
struct settings;

/*
 * What a request means. A zeroed one is empty. Strings are its
 * own unless said otherwise.
 */
struct target {
	const struct mapping	*map;		/* the configuration's */
	bool			 bodyless;	/* GET or HEAD */
	const char		*method;	/* the head's; NULL if bad */
	char			*path;		/* decoded */
	char			*script_name;
	const char		*path_info;	/* the end of path; "" if none */
	char			*file;		/* the script or program */
	const char		*exec;		/* what to run: file, or its
						   handler's program */
	char			**argv;		/* array ours, strings not */
	size_t			 argc;
	char			*words;		/* of the query, in argv */
	char			*directory;	/* to be the working directory */
	bool			 nph;
	bool			 setid;		/* found to be setuid or setgid */
};

/*
 * Find out. What was found before a refusal stays, for the log.
 * Borrows `head` and `config` for the life of the target.
 */
enum cause	map_find(struct target *, const struct config *, struct scgi *);

void	map_free(struct target *);

/* The interpreter for a file by its extension, or NULL. */
const struct handler	*map_handler(const struct settings *, const char *file);

#endif
