/* SPDX-License-Identifier: ISC */
/*
 * crew: the workers of one configuration.
 */
#ifndef CGID_CREW_H
#define CGID_CREW_H

#include <sys/resource.h>

#include <stdbool.h>
#include <stddef.h>

#include "privs.h"

struct config;
struct crew;
struct handed_crew;
struct handover;
struct listener;
struct loop;

/* How it is with a crew, for people to read. */
struct crew_view {
	unsigned	workers;	/* that accept connections */
	unsigned	requests, programs, waiting;	/* see slots.h */
};

/* What a crew is given. The listeners are copied; descriptors stay theirs. */
struct crew_plan {
	struct config		*config;	/* the crew's from here on */
	struct privs		 privs;
	const struct listener	*listeners;
	size_t			 n_listeners;
	struct loop		*loop;		/* borrowed */
	struct rlimit		 nofile;	/* what programs get */
	/* in a new worker: let go of what is the master's alone */
	void			(*forked)(void *arg, struct crew *);
	/* all workers accept connections; one never will; none is left */
	void			(*ready)(void *arg, struct crew *);
	void			(*hopeless)(void *arg, struct crew *);
	void			(*gone)(void *arg, struct crew *);
	/* an adopted crew needs a worker, but cannot make one */
	void			(*bereft)(void *arg, struct crew *);
	void			*arg;
};

/* NULL without memory or descriptors, with errno. Nothing runs yet. */
struct crew	*crew_new(const struct crew_plan *);

/*
 * Describe a crew, its descriptors still its own, behind those in `to`. NULL
 * without memory.
 */
struct handed_crew	*crew_hand_over(const struct crew *,
			    struct handover *to);

/*
 * Make a crew again of what was described. The configuration of the plan tells
 * where its logs go, and no more; it has no listeners. NULL without memory.
 */
struct crew	*crew_adopt(const struct crew_plan *,
		    const struct handed_crew *);

/* Fork the workers. Those that die are replaced until the crew is ended. */
void		 crew_start(struct crew *);

/* When none of its workers is left. */
void		 crew_free(struct crew *);

/* Say in the log what it is, behind `what`. */
void		 crew_announce(const struct crew *, const char *what);

const struct config *crew_config(const struct crew *);

void		 crew_look(const struct crew *, struct crew_view *);

/*
 * Are there workers, and has each of them given a sign of life since this was
 * asked last? Then they are asked for the next one. Adopted ones are not asked.
 */
bool		 crew_answers(struct crew *);

/*
 * Others have taken over: accept nothing more, finish what was begun within
 * drain-timeout. closed[i] says that nobody else accepts from listener i.
 */
void		 crew_retire(struct crew *, const bool *closed);

/* The listeners are closed: finish what waits and what was begun. */
void		 crew_stop(struct crew *);

/* End everything now. */
void		 crew_end(struct crew *);

/* Give the workers the log files that this process has opened. */
void		 crew_logs(struct crew *);

/* A child is to be reaped: if it is one of ours, do so and draw conclusions. */
bool		 crew_reap(struct crew *, pid_t);

/*
 * In a worker that was forked for `ours`: close what ties workers to the master
 * and, of another crew, all that it shares.
 */
void		 crew_forget(struct crew *, const struct crew *ours);

/* Is this the descriptor of one of its listeners? */
bool		 crew_listens(const struct crew *, int fd);

#endif
