/* SPDX-License-Identifier: ISC */
/*
 * inside: a CGI program that tells what a program finds when it begins.
 *
 * In C, because an interpreter changes signals and opens files before a script
 * can look. One fact a line, key=value; the tests compare whole lines.
 */
#define _GNU_SOURCE

#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of each open descriptor what it is, and how it was opened. */
static void
inside_descriptors(void)
{
	static const char *const modes[] = { "r", "w", "rw", "none" };
	struct stat st;
	int fd, flags;

	for (fd = 0; fd < 4096; fd++) {
		if ((flags = fcntl(fd, F_GETFL)) == -1 || fstat(fd, &st) == -1)
			continue;
		printf("fd%d=%s %s%s%s\n", fd, S_ISFIFO(st.st_mode) ? "pipe" :
		    S_ISSOCK(st.st_mode) ? "socket" : S_ISCHR(st.st_mode) ?
		    "device" : S_ISREG(st.st_mode) ? "file" : "other",
		    modes[flags & O_ACCMODE],
		    (flags & O_NONBLOCK) != 0 ? " nonblock" : "",
		    (flags & O_APPEND) != 0 ? " append" : "");
	}
}

static void
inside_signals(void)
{
	struct sigaction action;
	sigset_t blocked, pending;
	int sig;

	(void)sigprocmask(SIG_SETMASK, NULL, &blocked);
	(void)sigpending(&pending);
	for (sig = 1; sig < NSIG; sig++) {
		if (sigismember(&blocked, sig) == 1)
			printf("blocked=%d\n", sig);
		if (sigismember(&pending, sig) == 1)
			printf("pending=%d\n", sig);
		if (sigaction(sig, NULL, &action) == 0 &&
		    action.sa_handler != SIG_DFL)
			printf("ignored=%d\n", sig);
	}
}

static void
inside_limits(void)
{
	struct rlimit limit;
	int i;

	for (i = 0; i < (int)RLIM_NLIMITS; i++)
		if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
			printf("limit%d=%lld:%lld\n", i,
			    (long long)limit.rlim_cur,
			    (long long)limit.rlim_max);
}

/* Process group, session and terminal: ours, or somebody else's? */
static void
inside_place(void)
{
	char cwd[PATH_MAX];
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	printf("tty=%s\n", fd != -1 ? "there" : "none");
	if (fd != -1)
		(void)close(fd);
	printf("group=%s\n", getpgrp() == getpid() ? "own" : "shared");
	printf("session=%s\n", getsid(0) == getsid(getppid()) ? "parent's" :
	    "other");
	printf("pid=%d\nppid=%d\n", (int)getpid(), (int)getppid());
	printf("cwd=%s\n", getcwd(cwd, sizeof cwd) != NULL ? cwd : "?");
	printf("nice=%d\n", getpriority(PRIO_PROCESS, 0));
	printf("scheduler=%d\n", sched_getscheduler(0));
	printf("personality=%x\n", (unsigned)personality(0xffffffff));
}

/* What prctl(2) knows, and the timers, which outlive an exec. */
static void
inside_process(void)
{
	struct itimerval timer = { .it_value = { .tv_sec = 0 } };
	int sig = -1, reaper = -1;

	(void)prctl(PR_GET_PDEATHSIG, &sig);
	(void)prctl(PR_GET_CHILD_SUBREAPER, &reaper);
	(void)getitimer(ITIMER_REAL, &timer);
	printf("deathsig=%d\nsubreaper=%d\n", sig, reaper);
	printf("no_new_privs=%d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("securebits=%d\n", prctl(PR_GET_SECUREBITS));
	printf("keepcaps=%d\n", prctl(PR_GET_KEEPCAPS));
	printf("timer=%lld\n", (long long)timer.it_value.tv_sec);
}

/* Lines of /proc/self/status, with a blank where it has a tab. */
static void
inside_status(void)
{
	static const char *const wanted[] = { "Uid:", "Gid:", "Groups:",
		"Umask:", "CapInh:", "CapPrm:", "CapEff:", "CapAmb:",
		"Seccomp:", "Threads:" };
	char line[8192], *p;
	FILE *f = fopen("/proc/self/status", "re");
	size_t i;

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		for (p = line; *p != '\0'; p++)
			if (*p == '\t')
				*p = ' ';
		for (i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
			if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
				(void)fputs(line, stdout);
	}
	if (f != NULL)
		(void)fclose(f);
}

/* May a program look into the worker that started it? */
static void
inside_parent(const char *name)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/%s", (int)getppid(), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	printf("parent %s=%s\n", name, fd != -1 ? "open" : "closed");
	if (fd != -1)
		(void)close(fd);
}

int
main(int argc, char *argv[], char *envp[])
{
	int i;

	(void)puts("Content-Type: text/plain\n");
	inside_descriptors();
	inside_signals();
	inside_limits();
	inside_place();
	inside_process();
	inside_status();
	inside_parent("mem");
	inside_parent("environ");
	inside_parent("fd");
	for (i = 0; i < argc; i++)
		printf("argv%d=%s\n", i, argv[i]);
	for (i = 0; envp[i] != NULL; i++)
		printf("env %s\n", envp[i]);
	return 0;
}
