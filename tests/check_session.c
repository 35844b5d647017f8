/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "session.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "check_main.h"

#define MEMBERS	20

/* Be there until killed; tell so by a byte. */
static void
stay(int fd)
{
	(void)!write(fd, "x", 1);
	for (;;)
		(void)pause();
}

/*
 * A leader with members, some of them grandchildren or in groups of their own,
 * and one that leaves, and tells who it is. Its own death is up to us.
 */
static void
lead(int fd, int tell)
{
	pid_t pid;
	int i;

	(void)setsid();
	for (i = 0; i < MEMBERS; i++)
		if (fork() == 0) {
			if (i % 3 == 0)
				(void)setpgid(0, 0);
			if (i % 4 == 0 && fork() > 0)
				_exit(0);
			stay(fd);
		}
	if (fork() == 0) {
		pid = setsid();
		(void)!write(tell, &pid, sizeof pid);
		stay(fd);
	}
	stay(fd);
}

START_TEST(all)
{
	siginfo_t info = { .si_pid = 0 };
	pid_t leader, left = -1, pid;
	int fds[2], tell[2], i, status, n = 0;
	char byte;

	ck_assert(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	ck_assert(pipe(fds) == 0 && pipe(tell) == 0);
	if ((leader = fork()) == 0)
		lead(fds[1], tell[1]);
	for (i = 0; i < MEMBERS + 2; i++)
		ck_assert(read(fds[0], &byte, 1) == 1);
	ck_assert(kill(leader, SIGKILL) == 0);
	ck_assert(waitid(P_PID, (id_t)leader, &info, WEXITED | WNOWAIT) == 0);
	session_kill(leader);
	/* All come to us when they have lost their parents. */
	while (n < MEMBERS + 1 && (pid = wait(&status)) > 0)
		if (WIFSIGNALED(status)) {
			CHECK_INT("signal", WTERMSIG(status), SIGKILL);
			n++;
		}
	CHECK_INT("members and leader", n, MEMBERS + 1);
	/* One is left, and it is the one that has left. */
	CHECK_INT("left", waitid(P_ALL, 0, &info, WEXITED | WNOHANG |
	    WNOWAIT), 0);
	ck_assert(read(tell[0], &left, sizeof left) == (ssize_t)sizeof left);
	CHECK_INT("left", getsid(left), left);
	CHECK_INT("left", waitpid(left, NULL, WNOHANG), 0);
	ck_assert(kill(left, SIGKILL) == 0);
	ck_assert(waitpid(left, &status, 0) == left);
	/* A session that nobody is in. */
	session_kill(leader);
	session_kill(getpid());
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("session");

	CHECK_LOOP(suite, all, 1);
	return check_run(suite);
}
