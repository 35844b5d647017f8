/* SPDX-License-Identifier: ISC */
/*
 * exchange: body and answer side by side, between a client and a program.
 *
 * The functions move bytes and note facts. Whether a program is to end, and
 * whether there is an answer of our own, is for the owner to decide.
 *
 * What a fact does to the body and to the client's connection:
 *
 *	first output		after-body: STREAM -> SPOOL,	-
 *				bulk: when it is not read
 *	output ends		STREAM -> SPOOL			LINGER or CLOSED,
 *							when body is whole
 *	stdin closed by it	DISCARD				-
 *	program exited		DISCARD				as output ends
 *	client gone		DISCARD if the program ends	CLOSED
 *	refused by us		DISCARD				OPEN, then LINGER
 */
#ifndef CGID_EXCHANGE_H
#define CGID_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "body.h"
#include "bulk.h"
#include "client.h"
#include "loop.h"

struct config;
struct run;
struct settings;

struct exchange {
	struct loop		*loop;
	const struct settings	*set;		/* borrowed */
	struct run		*run;		/* borrowed: its in and out */
	struct client		 client;
	enum cause		 fault;		/* what went wrong, until the
						   owner has dealt with it */
	bool			 bodyless;	/* GET, HEAD: no bytes follow */
	struct bulk		 body_bulk, answer_bulk;
	unsigned		 workers;	/* that share what these may take */
	bool			 more;		/* could be moved at once */
	struct body		 body;
	struct answer		 answer;
	size_t			 in_pipe;	/* output left at the exit */
	int64_t			 moved_ms;	/* last byte moved, any way */
	int64_t			 fed_ms;	/* last byte of the body moved */
	int64_t			 first_ms;	/* first output; -1: none yet */
};

/*
 * May the answer go out? By default not before the body is whole, since nginx
 * throws away what it has not sent of a body when the answer begins. Where
 * nobody will read the body there is nothing to wait for.
 */
bool	exchange_may_answer(const struct exchange *);

/* Begin; the owner has to begin `client`, which is the exchange's to end. */
void	exchange_init(struct exchange *, struct loop *, const struct config *,
	    struct run *);

/* A body of `length` bytes comes, of which these came with the head. */
void	exchange_expect(struct exchange *, uint64_t length, const char *first,
	    size_t len);

/* What came of the body with the head goes to the program. */
void	exchange_deliver(struct exchange *);

/* One of the descriptors is ready: the client's (epoll's events), the
   program's standard input, its standard output. */
void	exchange_conn_ready(struct exchange *, uint32_t events);
void	exchange_in_ready(struct exchange *);
void	exchange_out_ready(struct exchange *, uint32_t events);

/* Has the client read a little, of which it does not tell? Then more was sent. */
bool	exchange_try(struct exchange *);

/* The program has exited: its input is dead, its output ends with the pipe. */
void	exchange_program_exited(struct exchange *);

/* Stop reading and writing the program. */
void	exchange_leave_program(struct exchange *);

/*
 * Answer with a whole document of our own, whose memory is taken; nothing of
 * the program's answer has been sent yet.
 */
void	exchange_answer(struct exchange *, int status, char *text, size_t len);

/* Close the connection at once. */
void	exchange_cut(struct exchange *);

/*
 * Does an answer wait while the program reads its body? If it reads nothing for
 * so long, in milliseconds, the body is taken in at full speed after all.
 */
#define EXCHANGE_PATIENCE_MS	200

/* When that will be, on the loop's clock; 0: it is not waited for. */
int64_t	exchange_patience_ms(const struct exchange *);

/* If it is time, take it in. */
void	exchange_lose_patience(struct exchange *);

/* Draw the conclusions that are a matter of bytes alone. */
void	exchange_settle(struct exchange *);

/* Nothing is left to move, and the connection is closed. */
bool	exchange_is_over(const struct exchange *);

/* Watch for what can be used now, and for nothing else. -1 with errno. */
int	exchange_watch(struct exchange *);

/* Give back everything. */
void	exchange_free(struct exchange *);

#endif
