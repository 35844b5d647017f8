/* SPDX-License-Identifier: ISC */
/*
 * client: a client's connection, and how it ends.
 *
 * Knows nothing of what is read from it and written to it meanwhile. Invariant:
 * a connection that was closed is CLIENT_CLOSED, and its descriptor -1.
 */
#include "platform.h"

#include "client.h"

#include <sys/socket.h>

#include <errno.h>

#include "flow.h"

/*
 * Bytes beyond the body that a client may send and still get its answer; more
 * where the header block was bad, so that its body's length is not known.
 */
#define CLIENT_EXCESS	(1 << 20)
#define CLIENT_UNKNOWN	(16 << 20)

void
client_init(struct client *c, struct loop *loop, int fd, bool is_unix)
{
	*c = (struct client){ .loop = loop, .conn = { .fd = fd },
		.is_unix = is_unix };
}

void
client_close(struct client *c)
{
	watch_close_own(c->loop, &c->conn);
	c->state = CLIENT_CLOSED;
}

void
client_cut(struct client *c, bool complete)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (c->conn.fd != -1 && !c->is_unix && !complete)
		(void)setsockopt(c->conn.fd, SOL_SOCKET, SO_LINGER, &now,
		    sizeof now);
	client_close(c);
}

void
client_hang_up(struct client *c, bool silent)
{
	char byte;

	if (silent && recv(c->conn.fd, &byte, 1,
	    MSG_PEEK | MSG_DONTWAIT) <= 0) {
		client_close(c);
		return;
	}
	(void)shutdown(c->conn.fd, SHUT_WR);
	c->state = CLIENT_LINGER;
	c->linger_ms = loop_now(c->loop);
}

uint64_t
client_drain(struct client *c, uint64_t left)
{
	char buf[FLOW_SIZE];
	uint64_t body;
	ssize_t n;

	n = flow_read(c->conn.fd, buf, sizeof buf);
	if (n == 0 || (n == -1 && errno != EAGAIN))
		client_close(c);
	if (n <= 0)
		return 0;
	body = (uint64_t)n < left ? (uint64_t)n : left;
	c->excess += (uint64_t)n - body;
	if (c->excess > (c->bad_head ? CLIENT_UNKNOWN : CLIENT_EXCESS))
		client_close(c);
	return body;
}
