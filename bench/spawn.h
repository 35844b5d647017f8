/* SPDX-License-Identifier: ISC */

/* spawn: three ways to start a program. */

#ifndef SPAWN_H
#define SPAWN_H

#include <sys/types.h>

enum spawn_means {
	SPAWN_VFORK,
	SPAWN_LIBRARY,		/* posix_spawn */
	SPAWN_CLONE3
};

/* By its name: vfork, posix_spawn, clone3.  Returns -1 if it is another. */
int	spawn_means(const char *name, enum spawn_means *);

/*
 * Start argv[0] with in and out as its input and output, and envp as its
 * environment.  Returns its process, or -1; a program that cannot be executed
 * may also be one that ends with 127.
 */
pid_t	spawn_start(enum spawn_means, char **argv, const char **envp, int in,
	    int out);

#endif
