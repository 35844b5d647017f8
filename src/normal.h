/* SPDX-License-Identifier: ISC */
/*
 * normal: a request target as front ends write it anew.
 *
 * Each function returns a string for the caller to free, or NULL without
 * memory.
 */
#ifndef CGID_NORMAL_H
#define CGID_NORMAL_H

/* A decoded path, encoded as Apache's mod_proxy does it. */
char	*normal_apache(const char *path);

/* The query of a target, as lighttpd's url-normalize leaves it. */
char	*normal_query(const char *query);

/*
 * A whole target, likewise: "%2F" is a slash, slashes are merged and dot
 * segments resolved. NULL also if the path climbs above the root.
 */
char	*normal_target(const char *target);

#endif
