/* SPDX-License-Identifier: ISC */
/*
 * inspect: what the mappings point at, looked at before a request does.
 */
#ifndef CGID_INSPECT_H
#define CGID_INSPECT_H

#include <stdbool.h>

struct config;

/* Bytes for a phrase about a file. */
#define INSPECT_TEXT	512

/*
 * What would keep this process from running a program by its name? NULL if
 * nothing is known, or a phrase, for which `text` has room. *sure tells whether
 * it will not run, or may not.
 */
const char	*inspect_program(const char *file, char text[INSPECT_TEXT],
		    bool *sure);

/*
 * Look at all that the mappings point at, as the user that this process is,
 * and log what will not work: as errors what no request can get past, as
 * warnings single scripts. Lines begin with `path` and the mapping's line.
 * Returns the number of errors.
 */
unsigned	inspect_config(const struct config *, const char *path);

#endif
