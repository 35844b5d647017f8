/* SPDX-License-Identifier: ISC */
/*
 * visit: one SCGI request over one connection, from connect to the last byte.
 *
 * A visit never blocks. Whoever makes it polls for what visit_wants() says and
 * calls visit_step(); the body is sent and the answer taken side by side.
 */
#ifndef CGID_VISIT_H
#define CGID_VISIT_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "response.h"

struct plan;

#define VISIT_NEVER	INT64_MAX

enum visit_end {
	VISIT_OPEN,		/* not over yet */
	VISIT_WHOLE,		/* there is a whole answer in `response` */
	VISIT_UNCONNECTED,	/* `error` says why */
	VISIT_TIMEOUT,
	VISIT_RESET,		/* the answer broke off; `error` says how */
	VISIT_EMPTY,		/* closed without a byte */
	VISIT_BAD,		/* no header block; `why` says why */
	VISIT_SHORT,		/* less body than Content-Length */
	VISIT_UNREADABLE,	/* the request's body; `error` */
	VISIT_UNTAKEN		/* take() would not */
};

struct visit {
	enum visit_end	 end;
	int		 error;		/* errno */
	const char	*why;
	struct response	 response;
	/* on the monotonic clock in ns; 0: did not happen */
	int64_t		 start, connected, first, finish;
	uint64_t	 sent, header_len, body_len;
	/* private */
	const struct plan	*plan;
	int		 fd;
	enum { VISIT_DIAL, VISIT_CONNECT, VISIT_TALK } state;
	int64_t		 deadline, pause_until;
	bool		 all_sent;
	char		*header;
	size_t		 len, size, seen;	/* of header */
	bool		 has_header;
};

/* The monotonic clock in ns. */
int64_t	visit_now(void);

/* Begin. Look at `end` afterwards: it may be over at once. */
void	visit_start(struct visit *, const struct plan *);

/* What to poll for; fd is -1 if nothing. Returns when to step all the same. */
int64_t	visit_wants(const struct visit *, struct pollfd *);

/* Go on, with what poll(2) found. */
void	visit_step(struct visit *, short revents);

/* Give back what the visit owns. What it found out stays. */
void	visit_close(struct visit *);

#endif
