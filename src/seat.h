/* SPDX-License-Identifier: ISC */
/*
 * seat: the place of one worker in its crew, taken or vacant.
 */
#ifndef CGID_SEAT_H
#define CGID_SEAT_H

#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

struct leash_message;
enum leash_word;
struct seat;

/* What a seat asks of its crew. */
struct seat_hooks {
	/* in the new process: be the worker, at this end of the leash; this
	   never returns */
	void	(*work)(struct seat *, int leash);
	/* a worker sits here and accepts connections */
	void	(*ready)(struct seat *);
	/* it is time to try again: is a worker wanted still? */
	void	(*vacant)(struct seat *);
};

struct seat {
	const struct seat_hooks	*hooks;
	void			*crew;		/* the hooks' */
	struct loop		*loop;		/* borrowed */
	unsigned		 number;	/* 1, 2, ... */
	pid_t			 pid;		/* 0: vacant */
	bool			 ready;
	struct watch		 leash;
	int64_t			 started_ms;
	int64_t			 delay_ms;	/* of the last try */
	struct timer		 retry;
};

/* A vacant seat, which must stay where it is. */
void	seat_init(struct seat *, const struct seat_hooks *, void *crew,
	    struct loop *, unsigned number);

/* A seat that is taken by a worker which this process had before. */
void	seat_adopt(struct seat *, pid_t, int leash);

/*
 * Fork a worker for a vacant seat. Where that cannot be it says so, and tries
 * again later. True if there is one now.
 */
bool	seat_take(struct seat *);

/* Say a word, or send a signal, to the worker if there is one. -1 with errno. */
int	seat_tell(struct seat *, enum leash_word, const struct leash_message *);
void	seat_signal(const struct seat *, int sig);

/* The worker is dead and reaped: the seat is free; say how that came. */
void	seat_vacate(struct seat *);
void	seat_say_death(const struct seat *, pid_t, int wait_status);

/*
 * Have another try made: after a delay, which doubles each time; or at once,
 * unless the last worker did not live long.
 */
void	seat_defer(struct seat *);
void	seat_retry(struct seat *);

/* No more tries. */
void	seat_close(struct seat *);

/* In a new worker: let go of the master's end of a leash. */
void	seat_forget(struct seat *);

#endif
