/* SPDX-License-Identifier: ISC */
/*
 * launch: from what a request means to a program that runs.
 */
#ifndef CGID_LAUNCH_H
#define CGID_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "cause.h"

struct env;
struct run;
struct scgi;
struct target;

/* Complaints that a process makes once; zeroed to begin with. */
struct once {
	uint32_t	 said[256];
	unsigned	 n;
};

/*
 * Build the environment of a program in `env`, which is the caller's to free;
 * `refused` is told what is left out for want of `accept`. The head is changed
 * by this, see env_build(). -1 without memory.
 */
int		launch_env(struct env *, struct scgi *head,
		    const struct target *, const char *peer,
		    void (*refused)(void *arg, const char *name), void *arg);

/*
 * Build the environment and start the program, which changes the head.
 * `peer` is the client's address. Parameters that are left out for want of
 * `accept` are told once each. What goes wrong was logged in detail.
 */
enum cause	launch(struct run *, struct scgi *head,
		    const struct target *, const char *peer, struct once *);

#endif
