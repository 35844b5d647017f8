/* SPDX-License-Identifier: ISC */
/*
 * sockets: the listening sockets of a configuration.
 */
#ifndef CGID_SOCKETS_H
#define CGID_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct handover;
struct listener;
struct privs;

/*
 * In the order of the configuration; where that takes inherited sockets, they
 * stand in the order in which they were handed over. A zeroed one is empty.
 */
struct sockets {
	struct listener	*v;
	size_t		 n;
};

/* The one of this address, or NULL. */
const struct listener	*sockets_find(const struct sockets *,
			    const char *text);

/*
 * Open what a configuration names; what is `open` already is shared. Returns
 * 0, or -1 after saying why not; nothing has changed then.
 */
int	sockets_open(struct sockets *, const struct sockets *open,
	    const struct config *, const struct privs *);

/* Which of them `kept` does not have; to be freed. NULL without memory. */
bool	*sockets_missing(const struct sockets *, const struct sockets *kept);

/* Close those that `kept`, which may be NULL, does not have. */
void	sockets_close(struct sockets *, const struct sockets *kept);

/* Describe them behind those in `to`. -1 without memory. */
int	sockets_hand_over(const struct sockets *, struct handover *to);

#endif
