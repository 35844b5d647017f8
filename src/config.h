/* SPDX-License-Identifier: ISC */
/*
 * config: the settings, one immutable structure.
 *
 * A file is read whole into a struct config, or refused whole. Nothing in it
 * changes afterwards; a reload makes a new one. All strings belong to it.
 */
#ifndef CGID_CONFIG_H
#define CGID_CONFIG_H

#include <stdint.h>

#include "settings.h"

/*
 * Read a file. Returns NULL after a line `file:line: what: remedy` was logged
 * for each fault found. The caller owns the result.
 */
struct config	*config_read(const char *path);

/* The longest time, in milliseconds, that any program is given to end. */
int64_t	config_longest_grace(const struct config *);

void	config_free(struct config *);

#endif
