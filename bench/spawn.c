/* SPDX-License-Identifier: ISC */

/*
 * spawn: three ways to start a program.  Each does the least that there is to
 * do, so that what a gateway does more can be seen.
 */

#define _GNU_SOURCE 1	/* vfork */

#include "spawn.h"

#include <sys/syscall.h>

#include <err.h>
#include <linux/sched.h>	/* clone_args; sched.h has not all of it */
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

int
spawn_means(const char *name, enum spawn_means *means)
{
	static const char *const names[] = { [SPAWN_VFORK] = "vfork",
	    [SPAWN_LIBRARY] = "posix_spawn", [SPAWN_CLONE3] = "clone3" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0) {
			*means = (enum spawn_means)i;
			return 0;
		}
	return -1;
}

static pid_t
spawn_library(char **argv, const char **envp, int in, int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (in != STDIN_FILENO)
		(void)posix_spawn_file_actions_adddup2(&actions, in,
		    STDIN_FILENO);
	(void)posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (posix_spawn(&pid, argv[0], &actions, NULL, argv,
	    (char *const *)(uintptr_t)envp) != 0)
		pid = -1;
	(void)posix_spawn_file_actions_destroy(&actions);
	return pid;
}

/*
 * clone3 as vfork would do it.  The library has no function for it, and one
 * that returns twice on one stack cannot be a function: hence the instruction.
 */
static inline __attribute__((always_inline)) pid_t
spawn_clone3(void)
{
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
	};
	long pid;

#if defined(__x86_64__)
	__asm__ volatile ("syscall" : "=a" (pid) : "a" (SYS_clone3),
	    "D" (&args), "S" (sizeof args) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x0 __asm__("x0") = (long)&args;
	register long x1 __asm__("x1") = sizeof args;
	register long x8 __asm__("x8") = SYS_clone3;

	__asm__ volatile ("svc 0" : "+r" (x0) : "r" (x1), "r" (x8) : "memory");
	pid = x0;
#else
	errx(3, "clone3 is not written for this processor");
#endif
	return pid < 0 ? -1 : (pid_t)pid;
}

/*
 * Caution: the child runs in our memory until it execs; it may only make system
 * calls and must store nothing.
 */
pid_t
spawn_start(enum spawn_means means, char **argv, const char **envp, int in,
    int out)
{
	pid_t pid;

	if (means == SPAWN_LIBRARY)
		return spawn_library(argv, envp, in, out);
	pid = means == SPAWN_CLONE3 ? spawn_clone3() : vfork();
	if (pid != 0)
		return pid;
	if (dup2(in, STDIN_FILENO) != -1 && dup2(out, STDOUT_FILENO) != -1)
		execve(argv[0], argv, (char *const *)(uintptr_t)envp);
	_exit(127);
}
