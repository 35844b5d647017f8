/* SPDX-License-Identifier: ISC */
/*
 * child: start a program, end its process group, learn its fate.
 *
 * A program is started by a clone that shares our memory and suspends us until
 * it has exec'd (vfork's class), so the cost does not grow with our size, and
 * why an exec failed is known at once. Between clone and exec the child runs
 * on a stack of its own and writes nothing of ours but `struct start`.
 *
 * Nor does it grow with the number of our descriptors, of which each connection
 * has one: where the kernel can do it, the child shares our table, puts its
 * three descriptors into it, and then leaves with a copy of these alone; we put
 * ours back. Caution: there must be no other thread.
 */
#include "platform.h"

#include "child.h"

#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* The child's side of a start; shared with the parent, which is suspended. */
struct start {
	const struct child_spec	*spec;
	enum child_stage	 stage;
	int			 error;
};

static char stack[32 * 1024] __attribute__((aligned(64)));
static struct rlimit programs_nofile;
static bool restore_nofile;
static bool never_new_privileges;
static bool share_table;
static int kept[3] = { -1, -1, -1 };	/* copies of 0, 1, 2 */

static int
child_keep(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (kept[i] != -1)
			(void)close(kept[i]);
		if ((kept[i] = fcntl(i, F_DUPFD_CLOEXEC, 3)) == -1)
			return -1;
	}
	return 0;
}

/* The child has put its descriptors where ours are: take them back. */
static void
child_put_back(const struct child_spec *spec)
{
	int i;

	for (i = 0; i < 3; i++)
		if (spec->fds[i] != i)
			(void)dup2(kept[i], i);
}

int
child_init(const struct rlimit *nofile, bool no_new_privileges)
{
	struct rlimit now;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	programs_nofile = *nofile;
	restore_nofile = getrlimit(RLIMIT_NOFILE, &now) == 0 &&
	    now.rlim_cur != nofile->rlim_cur;
	never_new_privileges = no_new_privileges &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	if (null == -1 || dup2(null, STDIN_FILENO) == -1)
		return -1;
	(void)close(null);
	/* Nothing is so high: it only tells whether the call is there. */
	share_table = syscall(SYS_close_range, ~0U, ~0U,
	    CLOSE_RANGE_UNSHARE) == 0;
	return share_table ? child_keep() : 0;
}

void
child_share(bool share)
{
	share_table = share;
}

/* Between clone and exec. Only system calls, and errno is shared. */
static int
child_main(void *arg)
{
	struct start *start = arg;
	const struct child_spec *spec = start->spec;
	sigset_t none;
	int i;

	start->stage = CHILD_RESOURCES;
	/* A program that is in no group of its own could not be ended. */
	if (setpgid(0, 0) == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		goto fail;
	for (i = 0; i < 3; i++)		/* other sources are all above 2 */
		if (spec->fds[i] != i && dup2(spec->fds[i], i) == -1)
			goto fail;
	if (share_table && syscall(SYS_close_range, 3U, ~0U,
	    CLOSE_RANGE_UNSHARE) == -1)
		goto fail;
	if (restore_nofile)
		(void)setrlimit(RLIMIT_NOFILE, &programs_nofile);
	start->stage = CHILD_DIRECTORY;
	if (chdir(spec->directory) == -1)
		goto fail;
	start->stage = CHILD_EXEC;
	if (spec->no_new_privileges && !never_new_privileges &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		goto fail;
	/* Their actions are the default; some are blocked. */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* Not execve(3): profilers wrap it, and write from our memory. */
	(void)syscall(SYS_execve, spec->file, spec->argv, spec->envp);
fail:
	start->error = errno;
	_exit(127);
}

enum child_stage
child_start(struct child *child, const struct child_spec *spec)
{
	struct start start = { .spec = spec };
	int saved;

	/* Caution: we have no handlers, or they would run on shared memory. */
	child->pid = clone(child_main, stack + sizeof stack, CLONE_VM |
	    CLONE_VFORK | SIGCHLD | (share_table ? CLONE_FILES : 0), &start);
	saved = errno;
	if (share_table && child->pid != -1)
		child_put_back(spec);
	errno = saved;
	if (child->pid == -1) {
		child->pid = 0;
		return CHILD_RESOURCES;
	}
	if (start.error == 0)
		return CHILD_STARTED;
	while (waitpid(child->pid, NULL, 0) == -1 && errno == EINTR)
		;
	child->pid = 0;
	errno = start.error;
	return start.stage;
}

/*
 * Caution: after the reaping, the number of the group stays taken as long as
 * the group has a member, so a signal reaches our group or nobody; it could
 * reach a stranger only if the group vanished and the kernel ran through all
 * its process numbers between two calls of ours.
 */
void
child_signal(const struct child *child, int sig)
{
	if (child->pid > 0)
		(void)kill(-child->pid, sig);
}

bool
child_group_lives(const struct child *child)
{
	return child->pid > 0 &&
	    (kill(-child->pid, 0) == 0 || errno == EPERM);
}

int
child_pidfd(const struct child *child)
{
	return (int)syscall(SYS_pidfd_open, child->pid, 0U);
}

int
child_reap(const struct child *child, int *status, struct rusage *usage)
{
	pid_t pid;

	do
		pid = wait4(child->pid, status, WNOHANG, usage);
	while (pid == -1 && errno == EINTR);
	return pid == child->pid ? 0 : -1;
}
