/* SPDX-License-Identifier: ISC */
/*
 * child: start a program, end its process group, learn its fate.
 *
 * Nothing above this interface may know how a program is started; there will
 * be other ways than exec.
 */
#ifndef CGID_CHILD_H
#define CGID_CHILD_H

#include <sys/resource.h>
#include <sys/types.h>

#include <stdbool.h>

/* What to run. Borrowed during child_start(). */
struct child_spec {
	const char	*file;		/* absolute */
	char *const	*argv;
	char *const	*envp;
	const char	*directory;	/* to be the working directory */
	int		 fds[3];	/* to be 0, 1 and 2; all above 2, but fds[0]
					   may be our own 0, which is empty */
	bool		 no_new_privileges;
};

struct child {
	pid_t	pid;		/* also its process group; 0: never started */
};

/* Where starting failed, for the message. */
enum child_stage { CHILD_STARTED, CHILD_RESOURCES, CHILD_DIRECTORY, CHILD_EXEC };

/*
 * Call in a process before its first child. Its own standard input becomes
 * empty, as that of programs without input. They are given back the limit of
 * descriptors that was in force before. Where none may ever gain privileges by
 * exec, this process gives them up already. All signals must have their default
 * actions. -1 with errno.
 */
int	child_init(const struct rlimit *nofile, bool no_new_privileges);

/* For tests: share our table of descriptors with programs that start, or not. */
void	child_share(bool);

/*
 * Start a program in its own process group, with descriptors 0, 1 and 2 and
 * no others, default signals and an empty mask. On failure errno says why.
 */
enum child_stage child_start(struct child *, const struct child_spec *);

/* Send a signal to the whole process group, reaped or not. */
void	child_signal(const struct child *, int sig);

/* Is anyone left of the process group of a program that was reaped? */
bool	child_group_lives(const struct child *);

/*
 * A new descriptor that is readable when the program has exited; not for one
 * that was reaped. -1 with errno. Whoever reaps a program as soon as its output
 * has ended rarely needs one.
 */
int	child_pidfd(const struct child *);

/*
 * Reap the program if it has exited: its wait status and, unless that is NULL,
 * what it used. -1 if it still runs.
 */
int	child_reap(const struct child *, int *status, struct rusage *);

#endif
