/* SPDX-License-Identifier: ISC */
/*
 * stamp: the local time, as logs write it.
 */
#ifndef CGID_STAMP_H
#define CGID_STAMP_H

#include <stddef.h>
#include <time.h>

/* Room for either, with a NUL. */
#define STAMP_SIZE	64

/* RFC 3339 with milliseconds: 2026-01-31T23:59:59.999+01:00 */
void	stamp_rfc3339(char text[STAMP_SIZE], const struct timespec *);

/* NCSA's, as in the combined format: 31/Jan/2026:23:59:59 +0100 */
void	stamp_ncsa(char text[STAMP_SIZE], const struct timespec *);

#endif
