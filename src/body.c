/* SPDX-License-Identifier: ISC */
/*
 * body: the request's body, from the client to the program's standard input.
 *
 * Invariant: the bytes of the flow come before those of the spool, so once
 * the spool holds any, new bytes go there.
 */
#include "platform.h"

#include "body.h"

#include <sys/mman.h>

#include <errno.h>
#include <unistd.h>

#define BODY_BULK	FLOW_SIZE	/* bytes; less is read and written */

void
body_init(struct body *body, const char *spool_directory)
{
	*body = (struct body){ .spool = { .fd = -1 },
	    .spool_directory = spool_directory };
}

void
body_free(struct body *body)
{
	flow_free(&body->flow);
	spool_close(&body->spool);
}

ssize_t
body_begin(struct body *body, uint64_t length, const char *first, size_t len)
{
	if (len > length)
		len = (size_t)length;
	body->left = length - len;
	body->received = len;
	body->bulk = body->left >= BODY_BULK;
	if (length == 0 || body->mode == BODY_DISCARD)
		return (ssize_t)len;
	/* What is collected is all in memory or all in the spool. */
	if (body->mode == BODY_COLLECT && length > FLOW_SIZE)
		return len > 0 && spool_add(&body->spool,
		    body->spool_directory, first, len) == -1 ? -1 :
		    (ssize_t)len;
	if (flow_init(&body->flow, length < FLOW_SIZE ? (size_t)length :
	    FLOW_SIZE) == -1)
		return -1;
	flow_put(&body->flow, first, len);
	return (ssize_t)len;
}

/* Are there bytes of it here? */
static bool
body_holds(const struct body *body)
{
	return flow_pending(&body->flow) > 0 ||
	    spool_pending(&body->spool) > 0;
}

bool
body_wants_client(const struct body *body)
{
	if (body->left == 0)
		return false;
	/* Bulk passes by the buffer as soon as that is empty. */
	return body->mode != BODY_STREAM || (body->bulk ? !body_holds(body) :
	    flow_room(&body->flow) > 0);
}

int
body_file(struct body *body)
{
	if (body->spool.fd == -1 &&
	    (body->spool.fd = memfd_create("body", MFD_CLOEXEC)) == -1)
		return -1;
	while (flow_pending(&body->flow) > 0)
		if (flow_drain(&body->flow, body->spool.fd, FLOW_SIZE) == -1)
			return -1;
	return lseek(body->spool.fd, 0, SEEK_SET) == -1 ? -1 : body->spool.fd;
}

void
body_took(struct body *body, uint64_t n)
{
	body->left -= n;
	body->received += n;
}

/* The last read was a failure or the end: what of that matters? */
static enum body_result
body_ended(ssize_t n)
{
	return n == -1 && errno == EAGAIN ? BODY_AGAIN : BODY_SHORT;
}

/* Read and pass on by way of a buffer that keeps nothing. */
static enum body_result
body_receive_aside(struct body *body, int fd)
{
	char buf[FLOW_SIZE];
	ssize_t n;

	n = flow_read(fd, buf, body->left < sizeof buf ?
	    (size_t)body->left : sizeof buf);
	if (n <= 0)
		return body_ended(n);
	body_took(body, (uint64_t)n);
	if (body->mode != BODY_DISCARD && spool_add(&body->spool,
	    body->spool_directory, buf, (size_t)n) == -1)
		return BODY_NO_ROOM;
	return BODY_MOVED;
}

enum body_result
body_receive(struct body *body, int fd)
{
	ssize_t n;

	if (!body_wants_client(body))
		return BODY_MOVED;
	if (body->mode == BODY_DISCARD || spool_pending(&body->spool) > 0 ||
	    flow_room(&body->flow) == 0)
		return body_receive_aside(body, fd);
	n = flow_fill(&body->flow, fd, body->left < FLOW_SIZE ?
	    (size_t)body->left : FLOW_SIZE);
	if (n <= 0)
		return body_ended(n);
	body_took(body, (uint64_t)n);
	return BODY_MOVED;
}

bool
body_pending(const struct body *body)
{
	return body->stuck || body_holds(body);
}

bool
body_passes(const struct body *body)
{
	return body->bulk && body->mode == BODY_STREAM && body->left > 0 &&
	    !body_holds(body);
}

enum body_result
body_pass(struct body *body, int from, int to, size_t most)
{
	ssize_t n = flow_pass(from, to,
	    body->left < most ? (size_t)body->left : most);

	body->stuck = false;
	if (n == 0)
		return BODY_SHORT;
	if (n == -1 && errno == EPIPE)
		return BODY_SHUT;
	if (n == -1 && errno == EAGAIN) {
		body->stuck = flow_waiting(from) > 0;
		return BODY_AGAIN;
	}
	if (n == -1) {		/* reading will tell if the client is gone */
		body->bulk = false;
		return body_receive(body, from);
	}
	body_took(body, (uint64_t)n);
	return BODY_MOVED;
}

/* The flow is empty: bring on what waits in the spool. */
static int
body_refill(struct body *body)
{
	char buf[FLOW_SIZE];
	ssize_t n;

	if (flow_pending(&body->flow) > 0 || spool_pending(&body->spool) == 0)
		return 0;
	if ((n = spool_take(&body->spool, buf, sizeof buf)) == -1)
		return -1;
	flow_put(&body->flow, buf, (size_t)n);
	return 0;
}

enum body_result
body_deliver(struct body *body, int fd)
{
	if (!body_holds(body))
		return BODY_MOVED;
	if (body_refill(body) == -1)
		return BODY_NO_ROOM;
	if (flow_drain(&body->flow, fd, FLOW_SIZE) >= 0)
		return BODY_MOVED;
	return errno == EPIPE ? BODY_SHUT :
	    errno == EAGAIN ? BODY_AGAIN : BODY_FAILED;
}

bool
body_is_whole(const struct body *body)
{
	return body->left == 0;
}

bool
body_is_delivered(const struct body *body)
{
	return body->left == 0 && !body_holds(body);
}

void
body_hurry(struct body *body)
{
	if (body->mode != BODY_STREAM)
		return;
	body->mode = BODY_SPOOL;
	body->stuck = false;
}

void
body_discard(struct body *body)
{
	body->mode = BODY_DISCARD;
	body->stuck = false;
	body_free(body);
}
