/* SPDX-License-Identifier: ISC */
/*
 * allow: which peers may connect.
 */
#ifndef CGID_ALLOW_H
#define CGID_ALLOW_H

#include <stdbool.h>
#include <stddef.h>

struct allow_rule;

/* Rules that are ready for use. A zeroed one lets everybody in. */
struct allow {
	struct allow_rule	*v;
	size_t			 n;
};

/*
 * Is `text` a rule? "uid:NAME" or "uid:33" for peers of Unix sockets;
 * "127.0.0.1", "10.0.0.0/8", "fd00::/8" or "[fd00::]/8" for those of TCP. NULL,
 * or a phrase.
 */
const char	*allow_check(const char *text);

/* Is a rule that passed allow_check() one of addresses? */
bool	allow_is_address(const char *text);

/*
 * Make rules of texts that passed allow_check(); `list` ends with NULL, or is
 * NULL itself. -1 without memory.
 */
int	allow_make(struct allow *, char *const *list);

/*
 * May the peer of this connection come in? If there are rules of its kind, one
 * of them must name it. A peer that cannot be known may not, then. `who` is given
 * the name of a Unix peer that may not.
 */
bool	allow_peer(const struct allow *, int fd, char *who, size_t size);

/* Harmless on a zeroed structure. */
void	allow_free(struct allow *);

#endif
