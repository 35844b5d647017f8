/* SPDX-License-Identifier: ISC */
/*
 * privs: become the configured user, for good.
 *
 * Must never return success while any id, saved ones included, is root's.
 */
#include "platform.h"

#include "privs.h"

#include <bsd/string.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

const char *
privs_find(struct privs *privs, const char *user, const char *group)
{
	const struct passwd *pw = NULL;
	const struct group *gr = NULL;

	*privs = (struct privs){ .uid = geteuid(), .gid = getegid() };
	if (user != NULL && (pw = getpwnam(user)) == NULL)
		return "no such user";
	if (group != NULL && (gr = getgrnam(group)) == NULL)
		return "no such group";
	if (pw != NULL) {
		privs->uid = pw->pw_uid;
		privs->gid = pw->pw_gid;
		if (strlcpy(privs->name, user, sizeof privs->name) >=
		    sizeof privs->name)
			return "name too long";
	}
	if (gr != NULL)
		privs->gid = gr->gr_gid;
	if (privs->uid == 0)
		return "started as root without a user for the programs";
	if (geteuid() == 0) {
		privs->change = true;
		return NULL;
	}
	if (privs->uid != geteuid())
		return "only root can become another user";
	if (privs->gid != getegid())
		return "only root can change the group";
	return NULL;
}

int
privs_drop(const struct privs *privs)
{
	uid_t r, e, s;

	if (!privs->change)
		return 0;
	if (initgroups(privs->name, privs->gid) == -1 ||
	    setresgid(privs->gid, privs->gid, privs->gid) == -1 ||
	    setresuid(privs->uid, privs->uid, privs->uid) == -1 ||
	    getresuid(&r, &e, &s) == -1)
		return -1;
	if (r != privs->uid || e != privs->uid || s != privs->uid ||
	    setuid(0) != -1 || seteuid(0) != -1) {
		errno = EPERM;
		return -1;
	}
	return 0;
}
