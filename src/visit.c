/* SPDX-License-Identifier: ISC */
/*
 * visit: one SCGI request over one connection, from connect to the last byte.
 *
 * Everything that ends a visit goes through visit_finish(), once. A gateway
 * that stops reading is not the end: its answer may be on its way.
 */
#include "platform.h"

#include "visit.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "address.h"
#include "plan.h"
#include "reply.h"

#define VISIT_MS	INT64_C(1000000)	/* ns */
#define VISIT_AGAIN	(5 * VISIT_MS)		/* a full backlog: dial again */
#define VISIT_HEADER	((size_t)1 << 20)	/* no header is larger */

int64_t
visit_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 * VISIT_MS + ts.tv_nsec;
}

static void
visit_finish(struct visit *v, enum visit_end end, int error)
{
	v->end = end;
	v->error = error;
	v->finish = visit_now();
}

void
visit_close(struct visit *v)
{
	if (v->fd != -1)
		(void)close(v->fd);
	free(v->header);
	v->fd = -1;
	v->header = NULL;
}

static void
visit_connected(struct visit *v)
{
	v->state = VISIT_TALK;
	v->connected = visit_now();
}

/* A Unix socket whose backlog is full says EAGAIN: wait a little. */
static void
visit_dial(struct visit *v)
{
	const struct address *a = v->plan->address;
	int one = 1;

	v->pause_until = 0;
	if (v->fd == -1)
		v->fd = socket(a->sa.ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (v->fd == -1) {
		visit_finish(v, VISIT_UNCONNECTED, errno);
		return;
	}
	if (a->kind == ADDRESS_INET)	/* pieces are to arrive as pieces */
		(void)setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &one,
		    sizeof one);
	if (connect(v->fd, (const struct sockaddr *)&a->sa, a->sa_len) == 0)
		visit_connected(v);
	else if (errno == EINPROGRESS)
		v->state = VISIT_CONNECT;
	else if (errno == EAGAIN)
		v->pause_until = visit_now() + VISIT_AGAIN;
	else
		visit_finish(v, VISIT_UNCONNECTED, errno);
}

void
visit_start(struct visit *v, const struct plan *plan)
{
	*v = (struct visit){ .plan = plan, .fd = -1, .deadline = VISIT_NEVER };
	v->start = visit_now();
	if (plan->timeout_ms > 0 &&
	    plan->timeout_ms < (VISIT_NEVER - v->start) / VISIT_MS)
		v->deadline = v->start + plan->timeout_ms * VISIT_MS;
	visit_dial(v);
}

int64_t
visit_wants(const struct visit *v, struct pollfd *p)
{
	bool paused = v->pause_until > visit_now();

	*p = (struct pollfd){ .fd = v->fd };
	if (v->state == VISIT_DIAL)
		p->fd = -1;
	else if (v->state == VISIT_CONNECT)
		p->events = POLLOUT;
	else
		p->events = (short)(POLLIN |
		    (v->all_sent || paused ? 0 : POLLOUT));
	return paused && v->pause_until < v->deadline ?
	    v->pause_until : v->deadline;
}

static void
visit_all_sent(struct visit *v)
{
	v->all_sent = true;
	if (v->plan->half_close)
		(void)shutdown(v->fd, SHUT_WR);
}

static void
visit_send(struct visit *v)
{
	char bytes[65536];
	ssize_t n, sent;

	n = plan_read(v->plan, v->sent, bytes, sizeof bytes);
	if (n == -1) {
		visit_finish(v, VISIT_UNREADABLE, errno);
		return;
	}
	if (n > 0) {
		sent = send(v->fd, bytes, (size_t)n, MSG_NOSIGNAL);
		if (sent == -1) {
			/* It does not read on: perhaps it has answered. */
			if (errno != EAGAIN && errno != EINTR)
				v->all_sent = true;
			return;
		}
		v->sent += (uint64_t)sent;
	}
	if (v->sent == plan_len(v->plan))
		visit_all_sent(v);
	else if (plan_pauses(v->plan, v->sent))
		v->pause_until = visit_now() + v->plan->pause_ms * VISIT_MS;
}

/* Hand bytes on. */
static bool
visit_give(struct visit *v, const char *bytes, size_t len, bool header)
{
	if (len == 0 || v->plan->take == NULL ||
	    v->plan->take(v->plan->arg, bytes, len, header))
		return true;
	visit_finish(v, VISIT_UNTAKEN, errno);
	return false;
}

/* Add to the header block; true when it is whole, *rest is what is body. */
static bool
visit_header(struct visit *v, const char *bytes, size_t len, size_t *rest)
{
	size_t end, old = v->len;
	char *grown;

	if (v->size - v->len < len) {
		grown = v->len > VISIT_HEADER ? NULL :
		    realloc(v->header, v->len + len + 65536);
		if (grown == NULL) {
			v->why = "its header block is larger than 1 MB";
			visit_finish(v, VISIT_BAD, 0);
			return false;
		}
		v->header = grown;
		v->size = v->len + len + 65536;
	}
	memcpy(v->header + v->len, bytes, len);
	v->len += len;
	if ((end = reply_find_end(v->header, v->len, &v->seen)) == 0)
		return false;
	*rest = len - (end - old);
	v->header_len = end;
	v->has_header = true;
	if (!visit_give(v, v->header, end, true))
		return false;
	v->why = response_parse(v->header, end, &v->response);
	if (v->why != NULL)
		visit_finish(v, VISIT_BAD, 0);
	return v->why == NULL;
}

/* Is the answer, now that it has ended, all that was promised? */
static enum visit_end
visit_verdict(const struct visit *v)
{
	if (v->len == 0)
		return VISIT_EMPTY;
	if (!v->has_header)
		return VISIT_BAD;
	if (v->response.has_length && v->body_len < v->response.length &&
	    !v->plan->any_length && v->response.status != 204 &&
	    v->response.status != 304)
		return VISIT_SHORT;
	return VISIT_WHOLE;
}

/* The other side has closed, properly or not. */
static void
visit_ended(struct visit *v, int error)
{
	if (!v->has_header && !visit_give(v, v->header, v->len, true))
		return;
	if (error != 0) {
		visit_finish(v, VISIT_RESET, error);
		return;
	}
	v->why = "it ends before an empty line";
	visit_finish(v, visit_verdict(v), 0);
}

static void
visit_receive(struct visit *v)
{
	char bytes[65536];
	size_t rest;
	ssize_t n;

	if ((n = recv(v->fd, bytes, sizeof bytes, 0)) == -1) {
		if (errno != EAGAIN && errno != EINTR)
			visit_ended(v, errno);
		return;
	}
	if (n == 0) {
		visit_ended(v, 0);
		return;
	}
	if (v->first == 0)
		v->first = visit_now();
	rest = (size_t)n;
	if (!v->has_header && !visit_header(v, bytes, (size_t)n, &rest))
		return;
	v->body_len += rest;
	(void)visit_give(v, bytes + (size_t)n - rest, rest, false);
}

void
visit_step(struct visit *v, short revents)
{
	socklen_t len = sizeof v->error;

	if (visit_now() >= v->deadline) {
		if (v->has_header || visit_give(v, v->header, v->len, true))
			visit_finish(v, VISIT_TIMEOUT, 0);
		return;
	}
	if (v->state == VISIT_DIAL) {
		if (visit_now() >= v->pause_until)
			visit_dial(v);
		return;
	}
	if (v->state == VISIT_CONNECT) {
		if (revents == 0)
			return;
		if (getsockopt(v->fd, SOL_SOCKET, SO_ERROR, &v->error,
		    &len) == -1 || v->error != 0) {
			visit_finish(v, VISIT_UNCONNECTED, v->error);
			return;
		}
		visit_connected(v);
	}
	if (revents & POLLOUT && !v->all_sent)
		visit_send(v);
	if (v->end == VISIT_OPEN && revents & (POLLIN | POLLHUP | POLLERR))
		visit_receive(v);
}
