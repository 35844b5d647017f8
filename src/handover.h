/* SPDX-License-Identifier: ISC */
/*
 * handover: what a master hands to the binary that takes its place.
 *
 * The process stays, and with it the descriptors and the children; what is
 * known of them is written down for the next binary, which may be another
 * version.
 */
#ifndef CGID_HANDOVER_H
#define CGID_HANDOVER_H

#include <sys/resource.h>
#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "listen.h"

struct handed_worker {
	unsigned	number;
	pid_t		pid;
	int		leash;		/* the master's end */
};

struct handed_crew {
	int		 stage;		/* what it is, for crew.c */
	int64_t		 patience_ms;	/* when its patience ends; 0: never */
	int64_t		 drain_ms, overdue_ms;
	size_t		 n_listeners;	/* that its workers know */
	struct handed_worker *workers;
	size_t		 n_workers;
};

struct handover {
	char		*config;	/* the file's absolute name */
	char		*log, *access_log, *pid_file;	/* NULL: none */
	int		 log_level;
	struct rlimit	 nofile;	/* what programs get */
	struct listener	*listeners;	/* of the crew that serves */
	size_t		 n_listeners;
	struct handed_crew *crews;	/* the one that serves first */
	size_t		 n_crews;
};

/*
 * One more, zeroed, at the end of a list, which may move by that. NULL without
 * memory.
 */
struct handed_worker	*handover_add_worker(struct handed_crew *);
struct handed_crew	*handover_add_crew(struct handover *);
struct listener		*handover_add_listener(struct handover *);

/*
 * Write it down: a descriptor to read it from, close-on-exec. -1 with errno.
 */
int		 handover_write(const struct handover *);

/* Read what was written down. NULL, and *why says what is wrong with it. */
struct handover	*handover_read(int fd, const char **why);

/* Let the descriptors in it, and `fd`, survive the next exec(3), or not. */
void		 handover_pass(const struct handover *, int fd, bool pass);

/* Harmless on NULL. The descriptors stay open. */
void		 handover_free(struct handover *);

#endif
