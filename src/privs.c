/* SPDX-License-Identifier: ISC */
/*
 * privs: become the configured user, for good.
 *
 * Must never return success while any id, saved ones included, is root's, or
 * while a capability is left: programs would inherit it.
 */
#include "platform.h"

#include "privs.h"

#include <bsd/string.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

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

/*
 * Nobody needs a capability any more, ambient and inheritable ones included.
 * Where a filter forbids to drop them, it is enough that there are none.
 */
static int
privs_drop_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	static const struct __user_cap_data_struct
	    none[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_data_struct left[_LINUX_CAPABILITY_U32S_3];
	int saved;

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) == 0)
		return 0;
	saved = errno;
	if (syscall(SYS_capget, &header, left) == 0 &&
	    memcmp(left, none, sizeof left) == 0)
		return 0;
	errno = saved;
	return -1;
}

/* For good: groups, then gid, then uid. */
static int
privs_become(const struct privs *privs)
{
	if (initgroups(privs->name, privs->gid) == -1 ||
	    setresgid(privs->gid, privs->gid, privs->gid) == -1 ||
	    setresuid(privs->uid, privs->uid, privs->uid) == -1)
		return -1;
	return 0;
}

int
privs_drop(const struct privs *privs)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	if ((privs->change && privs_become(privs) == -1) ||
	    privs_drop_capabilities() == -1 ||
	    getresuid(&r, &e, &s) == -1 || getresgid(&rg, &eg, &sg) == -1)
		return -1;
	if (r != privs->uid || e != privs->uid || s != privs->uid ||
	    rg != privs->gid || eg != privs->gid || sg != privs->gid ||
	    setuid(0) != -1 || seteuid(0) != -1) {
		errno = EPERM;
		return -1;
	}
	return 0;
}
