/* SPDX-License-Identifier: ISC */
/*
 * body: the request's body, from the client to the program's standard input.
 *
 * Body first, then the answer (DESIGN 4): while the program is silent the
 * body streams with back-pressure; once it has begun to answer, the body is
 * taken from the client at full speed and what the program has not read waits
 * in a spool. Or the whole is collected before the program starts.
 */
#ifndef CGID_BODY_H
#define CGID_BODY_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow.h"
#include "spool.h"

enum body_mode {
	BODY_STREAM,		/* as fast as the program reads */
	BODY_SPOOL,		/* as fast as the client sends */
	BODY_COLLECT,		/* likewise; the program gets it as a file */
	BODY_DISCARD,		/* nobody will read it */
};

struct body {
	enum body_mode	 mode;
	struct flow	 flow;		/* goes to the program first … */
	struct spool	 spool;		/* … then this */
	bool		 bulk;		/* much of it comes after the head */
	bool		 stuck;		/* more has come than the program's
					   pipe takes; it is in the socket */
	uint64_t	 left;		/* bytes the client still owes */
	uint64_t	 received;
	const char	*spool_directory; /* borrowed */
};

enum body_result {
	BODY_MOVED,		/* bytes came, or there is nothing to do */
	BODY_AGAIN,
	BODY_SHORT,		/* the client ended it early */
	BODY_SHUT,		/* the program reads no more */
	BODY_NO_ROOM,		/* no memory or spool; errno */
	BODY_FAILED,		/* the program's pipe does not take it; errno */
};

/* An empty body that streams, so that body_free() is harmless. */
void	body_init(struct body *, const char *spool_directory);
void	body_free(struct body *);

/*
 * Expect `length` bytes, of which the first came with the head. Returns how
 * many of these belong to the body, or -1 without memory.
 */
ssize_t	body_begin(struct body *, uint64_t length, const char *first,
	    size_t len);

/*
 * A collected body that is whole, as a file at its beginning, which stays the
 * body's. -1 with errno: no memory or descriptor.
 */
int	body_file(struct body *);

/* Should the client be read from? */
bool	body_wants_client(const struct body *);

/* So many bytes of it were taken from the client. */
void	body_took(struct body *, uint64_t n);

/* Read once from the client. */
enum body_result body_receive(struct body *, int fd);

/* Is it bulk that now goes straight to the program, moved by the kernel? */
bool	body_passes(const struct body *);

/*
 * Move once, `most` bytes at most, from the client to the program; or receive,
 * as below.
 */
enum body_result body_pass(struct body *, int from, int to, size_t most);

/* Are there bytes for the program? */
bool	body_pending(const struct body *);

/* Write to the program once. BODY_AGAIN: its pipe is full. */
enum body_result body_deliver(struct body *, int fd);

/* Has all of it arrived; and has the program been given all of it? */
bool	body_is_whole(const struct body *);
bool	body_is_delivered(const struct body *);

/* Take it as fast as the client sends it, from now on. */
void	body_hurry(struct body *);

/* Nobody reads it any more: what comes is dropped, what waits is freed. */
void	body_discard(struct body *);

#endif
