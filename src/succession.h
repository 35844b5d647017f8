/* SPDX-License-Identifier: ISC */
/*
 * succession: the crew that serves, the one that is to take over, and those on
 * their way out.
 */
#ifndef CGID_SUCCESSION_H
#define CGID_SUCCESSION_H

#include <sys/resource.h>
#include <sys/types.h>

#include <stdbool.h>

struct config;
struct handover;
struct loop;
struct succession;

/* What it leaves to its owner. */
struct succession_hooks {
	/* read the configuration anew; NULL after saying what is wrong */
	struct config	*(*read)(void);
	/* open the logs that it names: 0, or -1 after saying what is wrong */
	int		 (*logs)(const struct config *);
	/* in each new process: let go of what is the owner's alone */
	void		 (*forked)(void);
	/* what succession_renew() began is over, well or not */
	void		 (*settled)(void *arg);
	/* no crew serves any more, because of this (sysexits(3)) */
	void		 (*failed)(void *arg, int status);
	/* all have ended */
	void		 (*over)(void *arg);
};

/*
 * Open the sockets of a configuration and make its crew, which owns it then.
 * Nothing runs yet. `nofile` is what programs get; hooks, loop and `arg` are
 * borrowed. NULL after saying why not, with the exit status in *status.
 */
struct succession	*succession_new(struct config *,
			    const struct succession_hooks *, void *arg,
			    struct loop *, const struct rlimit *nofile,
			    int *status);

/*
 * Take over what another binary has left. `config` says where its logs go, and
 * is the crew's then. No worker that dies is replaced before succession_renew()
 * has succeeded. NULL without memory.
 */
struct succession	*succession_adopt(struct handover *, struct config *,
			    const struct succession_hooks *, void *arg,
			    struct loop *);

/* Describe everything behind what is in `to`. -1 without memory. */
int		 succession_hand_over(const struct succession *,
		    struct handover *to);

/* Have the first crew start to work; `what` is what the log calls it. */
void		 succession_start(struct succession *, const char *what);

/*
 * Have a new crew for the configuration as it is now, and when that accepts
 * connections, let the old one finish. If anything fails nothing changes. What
 * the log calls it when it is done ("reloaded") is borrowed.
 */
void		 succession_renew(struct succession *, const char *what);

/* Is one about to take over? */
bool		 succession_is_renewing(const struct succession *);

/* The configuration that is in force. */
const struct config *succession_config(const struct succession *);

/* Give all workers the log files that this process has opened. */
void		 succession_logs(struct succession *);

/* Accept nothing more, finish what was begun; end it now. */
void		 succession_stop(struct succession *);
void		 succession_end(struct succession *);

/* A child is to be reaped: true if it was a worker, which is reaped then. */
bool		 succession_reap(struct succession *, pid_t);

/* When nothing runs. Closes the sockets. */
void		 succession_free(struct succession *);

#endif
