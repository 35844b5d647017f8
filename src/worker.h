/* SPDX-License-Identifier: ISC */
/*
 * worker: one process: drop privileges, accept up to its limit, drain when
 * told.
 */
#ifndef CGID_WORKER_H
#define CGID_WORKER_H

#include <sys/resource.h>

#include <signal.h>
#include <stddef.h>

struct board;
struct config;
struct listener;
struct privs;

/* What a worker is given; all borrowed from the master. */
struct worker_setup {
	const struct config	*config;
	const struct privs	*privs;
	struct listener		*listeners;
	size_t			 n_listeners;
	int			 leash;		/* to the master */
	struct board		*board;		/* places for programs */
	unsigned		 number;	/* 1, 2, … for its title */
	struct rlimit		 nofile;	/* what programs get */
};

/*
 * The signal that says so: one that nobody sends by habit, and that is taken
 * after the others.
 */
#define WORKER_OVERDUE	SIGRTMIN

/* Exit statuses of a worker. */
enum { WORKER_DONE = 0, WORKER_FAILED = 1, WORKER_HOPELESS = 78 };

/*
 * Be a worker until told to end: SIGTERM drains, WORKER_OVERDUE says that the
 * time for that is up, SIGQUIT ends everything now.
 * Never returns; a status of WORKER_HOPELESS says that another worker would
 * fail in the same way.
 */
void	worker_main(const struct worker_setup *) __attribute__((noreturn));

#endif
