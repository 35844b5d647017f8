/* SPDX-License-Identifier: ISC */
/*
 * request: the life of one request, from accept to log line.
 *
 * Read it from top to bottom: open, answers of our own, head, what went wrong,
 * deadlines, step, end. The callbacks at the bottom have bytes moved and facts
 * noted; then they call request_step(), the one place that decides what to
 * wait for and whether the request is over. It is over when the client's
 * connection is closed and nothing of the program is left to wait for.
 * Caution: after request_step() the request may be gone.
 */
#include "platform.h"

#include "request.h"

#include <sys/epoll.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "exchange.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "map.h"
#include "pool.h"
#include "record.h"
#include "refusal.h"
#include "reply.h"
#include "run.h"
#include "scgi.h"
#include "settings.h"
#include "slots.h"

struct request {
	LIST_ENTRY(request)	 entry;
	struct gateway		*gateway;
	struct timer		 timer;		/* the one deadline */
	bool			 collecting;	/* the body, before the start */
	bool			 heard;		/* the client said something */
	struct scgi		 head;
	struct ticket		 ticket;	/* leave to run */
	struct target		 target;
	struct exchange		 x;
	struct run		 run;
	struct record		 record;
};

static struct pool pool = { .size = sizeof(struct request), .most = 32 };

static void	request_step(struct request *);
static void	request_granted(void *);
static void	request_refuse(struct request *, enum cause);
static void	request_due(void *);
static void	request_conn_ready(void *, uint32_t);
static void	request_in_ready(void *, uint32_t);
static void	request_out_ready(void *, uint32_t);
static void	request_run_changed(void *);

static int64_t
request_now(const struct request *r)
{
	return loop_now(r->gateway->loop);
}

/* ---- open ---- */

static void
request_init(struct request *r, struct gateway *gateway,
    const struct listener *listener, int fd)
{
	r->gateway = gateway;
	r->timer = (struct timer){ .due = request_due, .arg = r };
	r->ticket = (struct ticket){ .granted = request_granted, .arg = r };
	r->record.opened_ms = loop_now(gateway->loop);
	scgi_init(&r->head, (size_t)gateway->config->max_header,
	    (size_t)gateway->config->max_field);
	run_init(&r->run, gateway->loop, r->record.id);
	r->run.in.ready = request_in_ready;
	r->run.out.ready = request_out_ready;
	r->run.changed = request_run_changed;
	r->run.in.arg = r->run.out.arg = r->run.arg = r;
	exchange_init(&r->x, gateway->loop, gateway->config, &r->run);
	client_init(&r->x.client, gateway->loop, fd, listener->is_unix);
	r->x.client.conn.ready = request_conn_ready;
	r->x.client.conn.arg = r;
}

void
request_open(struct gateway *gateway, const struct listener *listener, int fd)
{
	struct request *r = pool_take(&pool, sizeof *r);

	if (r == NULL) {
		log_warn("cannot take a connection");
		(void)close(fd);
		return;
	}
	memset(r, 0, sizeof *r);
	request_init(r, gateway, listener, fd);
	record_name(&r->record, gateway->pid, ++gateway->count);
	listen_peer(listener, fd, r->record.peer, sizeof r->record.peer);
	LIST_INSERT_HEAD(&gateway->requests, r, entry);
	gateway->n_requests++;
	if (!allow_peer(&gateway->allow, fd, r->record.peer,
	    sizeof r->record.peer)) {
		r->heard = r->x.client.bad_head = true; /* drained, never looked at */
		request_refuse(r, CAUSE_PEER_REFUSED);
		request_step(r);
		return;
	}
	/* The head is almost always there already: do not wait for it. */
	request_conn_ready(r, EPOLLIN);
}

/* ---- answers of our own ---- */

/* What goes to the log; the first cause stays. */
static void
request_note(struct request *r, enum cause cause)
{
	if (r->record.cause == CAUSE_NONE)
		r->record.cause = cause;
}

/* No program runs, and none will: others may have its place. */
static void
request_yield(struct request *r)
{
	if (r->ticket.state != TICKET_HELD && r->record.gave_up_ms == 0)
		r->record.gave_up_ms = request_now(r);
	if (r->run.state == RUN_NONE || r->run.reaped)
		slots_give(r->gateway->slots, &r->ticket);
}

/*
 * Answer ourselves, if the program's answer is not on its way yet; else cut
 * the connection. The program, if one runs, is told to end.
 */
static void
request_refuse(struct request *r, enum cause cause)
{
	size_t len;
	char *text;

	request_note(r, cause);
	request_yield(r);
	run_end(&r->run, r->x.set->kill_grace);
	exchange_leave_program(&r->x);
	if (r->x.client.state == CLIENT_CLOSED ||
	    r->x.client.state == CLIENT_LINGER)
		return;
	if (answer_is_begun(&r->x.answer) || (text = refusal_make(r->x.set,
	    r->record.method, cause, &len)) == NULL) {
		exchange_cut(&r->x);
		return;
	}
	exchange_answer(&r->x, cause_status(cause), text, len);
}

/* ---- head ---- */

/* Find out what the request means. */
static enum cause
request_find(struct request *r)
{
	enum cause cause = map_find(&r->target, r->gateway->config, &r->head);

	record_head(&r->record, &r->target, &r->head);
	r->x.bodyless = r->target.bodyless;
	if (r->target.map != NULL)
		r->x.set = &r->target.map->set;
	return cause;
}

static void
request_start(struct request *r)
{
	struct reply_style style = refusal_style(r->x.set, r->record.method);
	const char *peer = r->x.client.is_unix ? "127.0.0.1" : r->record.peer;
	enum cause cause;

	if (r->x.body.mode == BODY_COLLECT && r->x.body.received > 0 &&
	    (r->run.input = body_file(&r->x.body)) == -1) {
		request_refuse(r, CAUSE_RESOURCES);
		return;
	}
	answer_begin(&r->x.answer, &style, r->target.nph,
	    (size_t)r->x.set->max_response_header);
	if ((cause = launch(&r->run, &r->head, &r->target, peer,
	    &r->gateway->once)) != CAUSE_NONE) {
		request_refuse(r, cause);
	} else {
		r->record.started_ms = r->x.moved_ms = request_now(r);
		if (r->run.input != 0)		/* it has its own now */
			body_discard(&r->x.body);
	}
}

/* Start the program, or wait until it may be, and the body is collected. */
static void
request_admit(struct request *r)
{
	const struct gateway *gateway = r->gateway;

	r->collecting = r->x.body.mode == BODY_COLLECT &&
	    !body_is_whole(&r->x.body);
	if (r->collecting)
		return;
	switch (slots_take(gateway->slots, &r->ticket,
	    (size_t)(r->target.map - gateway->config->maps),
	    r->x.set->queue_length)) {
	case TICKET_HELD:
		request_start(r);
		break;
	case TICKET_NONE:
		request_refuse(r, CAUSE_QUEUE_FULL);
		break;
	default:
		r->record.queued_ms = request_now(r);
	}
}

static void
request_granted(void *arg)
{
	struct request *r = arg;

	request_start(r);
	exchange_deliver(&r->x);
	request_step(r);
}

/* The head is complete; `rest` of the body lasts until another head is read. */
static void
request_head(struct request *r, const char *rest, size_t len)
{
	enum cause cause = request_find(r);

	r->x.client.state = CLIENT_OPEN;
	if (cause != CAUSE_NONE)
		r->x.body.mode = BODY_DISCARD;
	else if (r->x.set->request_body == REQUEST_BODY_SPOOL)
		r->x.body.mode = BODY_COLLECT;
	exchange_expect(&r->x, r->head.content_length, rest, len);
	if (cause != CAUSE_NONE)
		request_refuse(r, cause);
	else if (r->x.fault == CAUSE_NONE)
		request_admit(r);
	exchange_deliver(&r->x);
}

/* The client sends: more of the head, and perhaps the beginning of the body. */
static void
request_read_head(struct request *r)
{
	static char buf[FLOW_SIZE];	/* on the stack it would be colder */
	size_t used = 0;
	ssize_t n;

	n = flow_read(r->x.client.conn.fd, buf, sizeof buf);
	if (n == -1 && errno == EAGAIN)
		return;
	if (n <= 0) {
		/* Gone before it said anything whole: no program knows. */
		request_note(r, CAUSE_HEADER_CUT);
		exchange_cut(&r->x);
		return;
	}
	r->heard = true;
	switch (scgi_push(&r->head, buf, (size_t)n, &used)) {
	case SCGI_MORE:
		break;
	case SCGI_BAD:
		r->x.client.bad_head = true;
		request_refuse(r, r->head.cause);
		break;
	case SCGI_DONE:
		request_head(r, buf + used, (size_t)n - used);
		break;
	}
}

/* ---- what went wrong ---- */

/* The client has left: for the program, that is a reason to end. */
static void
request_client_gone(struct request *r)
{
	bool whole = body_is_whole(&r->x.body);
	bool served = answer_is_served(&r->x.answer);

	/* nginx leaves when it has what Content-Length promises. */
	if (!served)
		request_note(r, CAUSE_CLIENT_GONE);
	exchange_cut(&r->x);
	request_yield(r);
	answer_forget(&r->x.answer);
	/* A body cut short must never look finished to a program. */
	if (!whole || (!served &&
	    r->x.set->on_disconnect == ON_DISCONNECT_KILL)) {
		run_end(&r->run, r->x.set->kill_grace);
		exchange_leave_program(&r->x);
	}
}

static void
request_reaped(struct request *r)
{
	exchange_program_exited(&r->x);
	request_yield(r);
}

/* Deal with faults, until there are none, and with what can be concluded. */
static void
request_settle(struct request *r)
{
	enum cause fault;

	do {
		fault = r->x.fault;
		r->x.fault = CAUSE_NONE;
		if (fault == CAUSE_CLIENT_GONE)
			request_client_gone(r);
		else if (fault != CAUSE_NONE)
			request_refuse(r, fault);
		exchange_settle(&r->x);
	} while (r->x.fault != CAUSE_NONE);
}

/* ---- deadlines ---- */

/* Too late: answer if that is still possible, and end what runs. */
static void
request_expire(struct request *r, enum cause cause)
{
	switch (cause) {
	case CAUSE_HEADER_TIMEOUT:
		if (r->heard)
			request_refuse(r, cause);
		else
			exchange_cut(&r->x);
		break;
	case CAUSE_SEND_TIMEOUT:
		request_note(r, cause);
		request_client_gone(r);
		break;
	case CAUSE_NONE:
		if (r->x.client.state == CLIENT_LINGER)	/* long enough */
			exchange_cut(&r->x);
		break;
	default:
		request_refuse(r, cause);
	}
}

static void
request_due(void *arg)
{
	struct request *r = arg;
	struct deadline d;

	if (run_attend(&r->run))
		request_reaped(r);
	exchange_lose_patience(&r->x);
	d = deadline_find(&r->x, r->gateway->config, &r->record);
	if (d.at_ms != 0 && d.at_ms <= request_now(r) &&
	    (d.cause != CAUSE_SEND_TIMEOUT || !exchange_try(&r->x)))
		request_expire(r, d.cause);
	request_step(r);
}

/*
 * The timer only ever moves nearer; when it fires too early, which it does
 * once in a while, the deadline is looked at again.
 */
static void
request_schedule(struct request *r)
{
	struct deadline d = deadline_find(&r->x, r->gateway->config,
	    &r->record);

	if (d.at_ms == 0)
		timer_stop(r->gateway->loop, &r->timer);
	else if (r->timer.at_ms == 0 || d.at_ms < r->timer.at_ms)
		timer_set(r->gateway->loop, &r->timer, d.at_ms);
}

/* ---- step and end ---- */

static void
request_end(struct request *r)
{
	struct gateway *gateway = r->gateway;

	if (r->heard)		/* a mere connect is no request */
		record_log(&r->record, &r->x, request_now(r));
	slots_give(gateway->slots, &r->ticket);
	timer_stop(gateway->loop, &r->timer);
	run_free(&r->run);
	exchange_free(&r->x);
	map_free(&r->target);
	scgi_free(&r->head);
	LIST_REMOVE(r, entry);
	gateway->n_requests--;
	pool_give(&pool, r, sizeof *r);
	gateway->ended(gateway->arg);
}

/* No more patience with anyone. */
static void
request_drop(struct request *r)
{
	run_end(&r->run, 0);
	exchange_cut(&r->x);
	exchange_leave_program(&r->x);
}

static void
request_step(struct request *r)
{
	if (r->collecting && r->x.body.mode == BODY_COLLECT &&
	    body_is_whole(&r->x.body))
		request_admit(r);
	/* The client first: the program has a moment more to exit. */
	request_settle(r);
	if (r->run.out.fd == -1 && run_await(&r->run)) {
		request_reaped(r);
		request_settle(r);
	}
	if (exchange_watch(&r->x) != 0) {
		log_warn("id=%s cannot watch its descriptors", r->record.id);
		request_refuse(r, CAUSE_EPOLL);
		request_drop(r);
	}
	if (exchange_is_over(&r->x) && !run_is_active(&r->run))
		request_end(r);
	else
		request_schedule(r);
}

/* ---- callbacks: have bytes moved and facts noted, then step ---- */

static void
request_conn_ready(void *arg, uint32_t events)
{
	struct request *r = arg;

	if (r->x.client.state == CLIENT_HEAD)
		request_read_head(r);
	else
		exchange_conn_ready(&r->x, events);
	request_step(r);
}

static void
request_in_ready(void *arg, uint32_t events)
{
	struct request *r = arg;

	(void)events;
	exchange_in_ready(&r->x);
	request_step(r);
}

static void
request_out_ready(void *arg, uint32_t events)
{
	struct request *r = arg;

	exchange_out_ready(&r->x, events);
	request_step(r);
}

static void
request_run_changed(void *arg)
{
	struct request *r = arg;

	request_reaped(r);
	request_step(r);
}

void
request_stop_all(struct gateway *gateway, bool now)
{
	struct request *r, *next;

	for (r = LIST_FIRST(&gateway->requests); r != NULL; r = next) {
		next = LIST_NEXT(r, entry);
		if (r->x.client.state != CLIENT_LINGER || run_is_active(&r->run))
			request_refuse(r, CAUSE_STOPPING);
		if (now)
			request_drop(r);
		request_step(r);
	}
}
