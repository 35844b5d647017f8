/* SPDX-License-Identifier: ISC */
/*
 * client: a client's connection, and how it ends.
 */
#ifndef CGID_CLIENT_H
#define CGID_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "loop.h"

/* How far the connection has come. */
enum client_state {
	CLIENT_HEAD,		/* sends its header block */
	CLIENT_OPEN,		/* body and answer */
	CLIENT_LINGER,		/* answered; drained before it is closed */
	CLIENT_CLOSED,
};

struct client {
	struct loop		*loop;
	struct watch		 conn;		/* its owner's to watch */
	enum client_state	 state;
	bool			 is_unix;
	bool			 bad_head;	/* nothing is known of a body */
	uint64_t		 excess;	/* bytes beyond CONTENT_LENGTH */
	int64_t			 linger_ms;	/* since when */
};

/* Begin with a connection, which is the client's from here on. */
void	client_init(struct client *, struct loop *, int fd, bool is_unix);

/* Close it, if it is open. */
void	client_close(struct client *);

/*
 * Close it at once. Over TCP, an answer that is not `complete` is reset, so that
 * the front end does not take it for a whole one.
 */
void	client_cut(struct client *, bool complete);

/*
 * The answer is out. A socket closed with unread bytes in it would destroy the
 * answer on its way, so where any may come, which is so unless it is `silent`,
 * the client is drained first.
 */
void	client_hang_up(struct client *, bool silent);

/*
 * Drain it once, when it lingers: so many bytes of its body have come, of which
 * it still owed `left`. It is closed at its end, and when it sends far more.
 */
uint64_t client_drain(struct client *, uint64_t left);

#endif
