/* SPDX-License-Identifier: ISC */
/*
 * wrapper: stands in for the setgid wrappers of Mailman 2.
 *
 * It insists on being called by the web server's group, which is nobody's unless
 * it is built for another, and runs the script of its own name below ../scripts
 * with the group that it has got from its file.
 */
#include <libgen.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#ifndef CALLER
#define CALLER "nobody"
#endif

/* As a CGI program says that it will not do it. */
static int
wrapper_refuse(const char *why)
{
	printf("Content-Type: text/plain\nStatus: 500 Wrapper\n\n%s\n", why);
	return 2;
}

int
main(int argc, char *argv[])
{
	const struct passwd *caller = getpwnam(CALLER);
	char script[4096];

	if (argc < 1 || caller == NULL || getgid() != caller->pw_gid)
		return wrapper_refuse("called by another group than built for");
	if (getegid() == getgid())
		return wrapper_refuse("not setgid, or not let be");
	/* A shell gives up a group that is not its real one, too. */
	if (setregid(getegid(), getegid()) == -1)
		return wrapper_refuse("cannot take the group");
	(void)snprintf(script, sizeof script, "../scripts/%s",
	    basename(argv[0]));
	execl(script, script, (char *)NULL);
	return wrapper_refuse("no such script");
}
