/* SPDX-License-Identifier: ISC */
/*
 * session: all processes of a session.
 *
 * Who belongs to it is the kernel's knowledge alone: no process can name others
 * that would be killed in its place.
 */
#include "platform.h"

#include "session.h"

#include <bsd/stdlib.h>

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#define SESSION_PASSES	100

/* Kill each member that there is now, and say how many there are. */
static int
session_pass(DIR *proc, pid_t leader)
{
	const struct dirent *entry;
	const char *why;
	pid_t pid;
	int n = 0;

	rewinddir(proc);
	while ((entry = readdir(proc)) != NULL) {
		pid = (pid_t)strtonum(entry->d_name, 1, INT_MAX, &why);
		if (why == NULL && pid != leader && getsid(pid) == leader) {
			(void)kill(pid, SIGKILL);
			n++;
		}
	}
	return n;
}

void
session_kill(pid_t leader)
{
	DIR *proc = opendir("/proc");
	int i, n = -1, before;

	if (proc == NULL)
		return;
	/* Again, as long as there are others: they may have had children. */
	for (i = 0; i < SESSION_PASSES && n != 0; i++) {
		before = n;
		if ((n = session_pass(proc, leader)) == before)
			break;
	}
	(void)closedir(proc);
}
