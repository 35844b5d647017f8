/* SPDX-License-Identifier: ISC */
/*
 * answer: the reply, from the program's standard output to the client.
 */
#ifndef CGID_ANSWER_H
#define CGID_ANSWER_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"
#include "chunk.h"
#include "flow.h"
#include "reply.h"

enum answer_state {
	ANSWER_HEADER,		/* the program's header is not complete */
	ANSWER_BODY,
	ANSWER_ENDED,		/* nothing more comes from the program */
};

struct answer {
	enum answer_state	 state;
	struct reply_style	 style;
	struct flow		 flow;
	size_t			 max_header;
	size_t			 seen;		/* of the header, searched */
	bool			 raw;		/* NPH: pass as it is */
	bool			 drop;		/* the body is not for the client */
	bool			 has_length;	/* `left` bytes were promised */
	uint64_t		 left;
	bool			 chunked;	/* as the program writes it */
	bool			 broken;	/* and will never be whole */
	bool			 bulk;		/* it comes in large pieces */
	bool			 by_hand;	/* splice(2) does not work here */
	bool			 stuck;		/* more has come than the client
						   takes; it is in the pipe */
	struct chunk		 chunk;
	uint64_t		 received;	/* bytes from the program */
	uint64_t		 sent;		/* bytes to the client */
	size_t			 head_len;	/* the header's part of them, if
						   we made it */
	int			 status;	/* 0: not known yet */
	/* after ANSWER_BAD: */
	enum cause		 cause;
	char			 offender[80];	/* the bytes to blame */
};

enum answer_result {
	ANSWER_MOVED,
	ANSWER_AGAIN,
	ANSWER_END,		/* of the program's output */
	ANSWER_BAD,		/* 502; cause and offender */
	ANSWER_NO_MEMORY,
};

/* Zero bytes are a valid, empty answer for answer_free(). */
void	answer_free(struct answer *);

/* Expect a program's output. */
void	answer_begin(struct answer *, const struct reply_style *, bool raw,
	    size_t max_header);

/* May the program be read from? False while the buffer is full. */
bool	answer_has_room(const struct answer *);

/*
 * Read once, `most` bytes at most. There must be room. Before that is done for
 * another answer, what cannot be sent must be kept. -1 without memory.
 */
enum answer_result answer_receive(struct answer *, int fd, size_t most);
int	answer_keep(struct answer *);

/*
 * Has it become bulk that goes to the client as it is? Then it is moved by the
 * kernel, and never comes to the buffer.
 */
bool	answer_passes(const struct answer *);

/*
 * Move once, `most` bytes at most, from the program to the client; or receive
 * them, where they cannot be moved so.
 */
enum answer_result answer_pass(struct answer *, int from, int to, size_t most);

/* The program's output is over. ANSWER_END, or ANSWER_BAD for a lost header. */
enum answer_result answer_end(struct answer *);

/* Has anything been sent, so that the status stands? */
bool	answer_is_begun(const struct answer *);

/* Bytes that may go to the client: in the buffer; or there, or stuck. */
bool	answer_holds(const struct answer *);
bool	answer_pending(const struct answer *);

/* Write what it holds to the client once. -1 with errno, as write(2). */
ssize_t	answer_send(struct answer *, int fd);

/* Has the program ended it, and has all of it been sent? */
bool	answer_is_done(const struct answer *);

/* Has the client got all it can expect, whatever the program does next? */
bool	answer_is_served(const struct answer *);

/* Replace whatever was there by a document of our own; takes its memory. */
void	answer_replace(struct answer *, int status, char *text, size_t len);

/* The client is gone: what comes is dropped. */
void	answer_forget(struct answer *);

#endif
