/* SPDX-License-Identifier: ISC */
/*
 * request: the life of one request, from accept to log line.
 */
#ifndef CGID_REQUEST_H
#define CGID_REQUEST_H

#include <bsd/sys/queue.h>
#include <sys/types.h>

#include <stdbool.h>
#include <stdint.h>

#include "allow.h"
#include "launch.h"

struct config;
struct listener;
struct loop;
struct request;
struct slots;

/* What the requests of a process share. */
struct gateway {
	struct loop		*loop;
	const struct config	*config;
	struct slots		*slots;		/* places for programs */
	struct allow		 allow;		/* who may connect */
	pid_t			 pid;		/* begins the ids of requests */
	LIST_HEAD(, request)	 requests;
	unsigned		 n_requests;
	uint64_t		 count;		/* requests ever opened */
	struct once		 once;
	/* called when a request is gone; the gateway may take another */
	void			(*ended)(void *arg);
	void			*arg;
};

/*
 * Take over an accepted connection; the descriptor is the request's from here
 * on, whatever happens. The listener is borrowed.
 */
void	request_open(struct gateway *, const struct listener *, int fd);

/*
 * Time is up for all: answer 503 where that is still possible, and tell the
 * programs to end; with `now`, kill them and cut the connections.
 */
void	request_stop_all(struct gateway *, bool now);

#endif
