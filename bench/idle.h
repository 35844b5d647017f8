/* SPDX-License-Identifier: ISC */

/* idle: connections that are open beside the load, and say nothing. */

#ifndef IDLE_H
#define IDLE_H

#include <stddef.h>

struct server;

/* n is set by its owner, the rest by idle_open. */
struct idle {
	size_t	 n;
	int	*fds;
};

/* Open them.  Exits if that cannot be done within ten seconds. */
void	idle_open(struct idle *, const struct server *);

/* How many of them the server has closed or answered by now. */
size_t	idle_lost(const struct idle *);

/*
 * Say on standard output that they are there, keep them until standard input
 * ends, and then say how many were lost, which is also returned.
 */
size_t	idle_hold(const struct idle *);

#endif
