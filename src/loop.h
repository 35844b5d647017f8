/* SPDX-License-Identifier: ISC */
/*
 * loop: epoll, signals, deadlines.
 *
 * One loop to a process. Callbacks may close any watch and stop any timer,
 * their own included, and free what those stand in.
 */
#ifndef CGID_LOOP_H
#define CGID_LOOP_H

#include <bsd/sys/tree.h>
#include <sys/resource.h>

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct loop;

/*
 * A descriptor that is watched. The watch is part of its owner's structure;
 * the loop borrows it while something is wanted of it.
 */
struct watch {
	int		 fd;		/* -1: closed */
	uint32_t	 wanted;	/* what the set has; 0: nothing */
	bool		 silent;	/* but its descriptor is in the set */
	uint32_t	 entry;		/* the loop's */
	void		(*ready)(void *arg, uint32_t events);
	void		*arg;
};

/* Something to do at a time. Not running: at_ms is 0. */
struct timer {
	RB_ENTRY(timer)	 node;
	int64_t		 at_ms;		/* on the loop's clock */
	void		(*due)(void *arg);
	void		*arg;
};

/* NULL with errno on failure. */
struct loop	*loop_new(void);

/* In a forked process: let go of the parent's loop without changing it. */
void		 loop_leave(struct loop *);

/* Deliver until loop_stop(). Returns 0, or -1 with errno. */
int		 loop_run(struct loop *);
void		 loop_stop(struct loop *);

/* Milliseconds on the monotonic clock, as of this round of the loop. */
int64_t		 loop_now(const struct loop *);

/*
 * Block the signals of `mask` and have `got` called for each that arrives.
 * Once per loop. -1 with errno on failure.
 */
int		 loop_signals(struct loop *, const sigset_t *mask,
		    void (*got)(void *arg, int sig), void *arg);

/*
 * Want these epoll events from a watch, on edges only with EPOLLET; 0 takes it
 * out of the set. EPOLLHUP alone asks for hang-ups only, which an entry of the
 * set always reports. With EPOLLONESHOT nothing is wanted any more when they are
 * reported, and the watch is silent: to want something again costs less than at
 * first. -1 with errno on failure; nothing is wanted then.
 */
int		 watch_want(struct loop *, struct watch *, uint32_t events);

/*
 * Report anew what is ready by now, of an edge-triggered watch, too. Something
 * must be wanted of it. -1 with errno.
 */
int		 watch_again(struct loop *, struct watch *);

/* Out of the set, out of the batch now being delivered, closed. */
void		 watch_close(struct loop *, struct watch *);

/*
 * The same for a descriptor that nobody else has, but for programs that are
 * just being started: it costs a system call less.
 */
void		 watch_close_own(struct loop *, struct watch *);

/* Set a timer to a new time; harmless if it already runs. */
void		 timer_set(struct loop *, struct timer *, int64_t at_ms);
void		 timer_stop(struct loop *, struct timer *);

/*
 * Let this process have as many descriptors as it may; *before is the limit
 * that was in force, which is what programs are to get.
 */
void		 loop_raise_nofile(struct rlimit *before);

#endif
