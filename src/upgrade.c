/* SPDX-License-Identifier: ISC */
/*
 * upgrade: have another binary take this process over.
 *
 * The name by which the program was started counts, not the file that it was:
 * behind that name stands what has been installed since. The number of the
 * descriptor with what is handed over travels in the environment.
 */
#include "platform.h"

#include "upgrade.h"

#include <bsd/stdlib.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inherit.h"
#include "notify.h"

#define UPGRADE_VARIABLE	"SCGI_CGID_HANDOVER"

extern char **environ;

static char *upgrade_name;
static char **upgrade_argv;

/* The name as given, made absolute; where PATH was searched, what was found. */
static char *
upgrade_find(const char *name)
{
	char *here, *absolute = NULL, found[PATH_MAX];
	ssize_t len;

	if (name[0] == '/')
		return strdup(name);
	if (strchr(name, '/') != NULL) {
		if ((here = getcwd(NULL, 0)) != NULL &&
		    asprintf(&absolute, "%s/%s", here, name) == -1)
			absolute = NULL;
		free(here);
		return absolute;
	}
	if ((len = readlink("/proc/self/exe", found, sizeof found - 1)) == -1)
		return NULL;
	found[len] = '\0';
	return strdup(found);
}

int
upgrade_remember(int argc, char *const argv[])
{
	int i;

	upgrade_argv = calloc((size_t)argc + 1, sizeof *upgrade_argv);
	if (argc < 1 || upgrade_argv == NULL ||
	    (upgrade_name = upgrade_find(argv[0])) == NULL)
		return -1;
	upgrade_argv[0] = upgrade_name;
	for (i = 1; i < argc; i++)
		if ((upgrade_argv[i] = strdup(argv[i])) == NULL)
			return -1;
	return 0;
}

const char *
upgrade_program(void)
{
	return upgrade_name;
}

static int
upgrade_announce(int fd)
{
	char number[16];

	(void)snprintf(number, sizeof number, "%d", fd);
	return setenv(UPGRADE_VARIABLE, number, 1);
}

/* In the new process: become the one that checks. */
static void __attribute__((noreturn))
upgrade_become_test(const char *config, int fd, int complaints)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (upgrade_announce(fd) == -1 || fcntl(fd, F_SETFD, 0) == -1 ||
	    (null != -1 && dup2(null, STDOUT_FILENO) == -1) ||
	    (complaints != -1 && dup2(complaints, STDERR_FILENO) == -1))
		_exit(1);
	(void)execl(upgrade_name, upgrade_name, "-t", "-c", config,
	    (char *)NULL);
	(void)dprintf(STDERR_FILENO, "scgi-cgid: cannot run %s: %s\n",
	    upgrade_name, strerror(errno));
	_exit(1);
}

pid_t
upgrade_test(const char *config, int fd, int complaints)
{
	pid_t pid = fork();

	if (pid == 0)
		upgrade_become_test(config, fd, complaints);
	return pid;
}

int
upgrade_exec(int fd)
{
	int saved;

	/* What the service manager gave this process it gives the next one. */
	if (upgrade_announce(fd) == 0 && notify_restore() == 0 &&
	    inherit_restore() == 0)
		(void)execv(upgrade_name, upgrade_argv);
	saved = errno;
	(void)unsetenv(UPGRADE_VARIABLE);
	notify_hold();
	inherit_hold();
	errno = saved;
	return -1;
}

int
upgrade_handed(void)
{
	const char *number = getenv(UPGRADE_VARIABLE), *why;
	int fd;

	if (number == NULL)
		return -1;
	fd = (int)strtonum(number, 3, INT_MAX, &why);
	(void)unsetenv(UPGRADE_VARIABLE);
	return why == NULL && fcntl(fd, F_GETFD) != -1 ? fd : -1;
}
