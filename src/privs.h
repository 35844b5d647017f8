/* SPDX-License-Identifier: ISC */
/*
 * privs: become the configured user, for good.
 */
#ifndef CGID_PRIVS_H
#define CGID_PRIVS_H

#include <sys/types.h>

#include <stdbool.h>

/* Whom to become. */
struct privs {
	char	name[256];
	uid_t	uid;
	gid_t	gid;
	bool	change;		/* false: we are that user already */
};

/*
 * Find the user and group by name; either may be NULL. Returns NULL, or a
 * phrase that says why this process cannot become them.
 */
const char	*privs_find(struct privs *, const char *user,
		    const char *group);

/*
 * Groups, gid, uid, in that order, then all capabilities, these even if we are
 * that user already; then prove that root cannot be had again.
 * -1 with errno on failure; the process must then end.
 */
int		 privs_drop(const struct privs *);

#endif
