/* SPDX-License-Identifier: ISC */
/*
 * schema: a configuration file, parsed by libconfuse and checked line by line.
 */
#ifndef CGID_SCHEMA_H
#define CGID_SCHEMA_H

#include <confuse.h>
#include <stddef.h>

/*
 * Parse. Each fault is logged as `file:line: what: remedy`; with any, the
 * result is NULL. The caller gives the result back to schema_free().
 */
cfg_t	*schema_parse(const char *path);
void	 schema_free(cfg_t *);

/* The length of a map's prefix without the slashes at its end. */
size_t	 schema_prefix_len(const char *title);

#endif
