/* SPDX-License-Identifier: ISC */
/*
 * exchange: body and answer side by side, between a client and a program.
 *
 * Body first, then the answer (DESIGN 4). Invariant: a descriptor is watched
 * only for what would make progress now, so no event comes twice for nothing.
 */
#include "platform.h"

#include "exchange.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <unistd.h>

#include "log.h"
#include "run.h"
#include "settings.h"

/*
 * Bytes beyond the body that a client may send and still get its answer; more
 * where the header block was bad, so that its body's length is not known.
 */
#define EXCHANGE_EXCESS		(1 << 20)
#define EXCHANGE_UNKNOWN	(16 << 20)

void
exchange_init(struct exchange *x, struct loop *loop,
    const struct config *config, struct run *run, int fd)
{
	*x = (struct exchange){
		.loop = loop,
		.set = &config->defaults,
		.run = run,
		.conn = { .fd = fd },
		.moved_ms = loop_now(loop),
		.first_ms = -1,
	};
	body_init(&x->body, config->spool_directory);
}

bool
exchange_may_answer(const struct exchange *x)
{
	return x->set->reply == REPLY_AT_ONCE || body_is_whole(&x->body) ||
	    x->body.mode == BODY_DISCARD;
}

static void
exchange_moved(struct exchange *x)
{
	x->moved_ms = loop_now(x->loop);
}

static void
exchange_close(struct exchange *x)
{
	watch_close_own(x->loop, &x->conn);
	x->client = CLIENT_CLOSED;
}

/* ---- client to program ---- */

static void
exchange_spool_failed(struct exchange *x)
{
	bool scarce = errno == EMFILE || errno == ENFILE || errno == ENOMEM;

	log_warn("id=%s cannot spool the body in %s", x->run->id,
	    x->body.spool_directory);
	x->fault = scarce ? FAULT_MEMORY : FAULT_SPOOL;
}

void
exchange_expect(struct exchange *x, uint64_t length, const char *first,
    size_t len)
{
	exchange_moved(x);
	if (len > length)
		x->excess = len - length;
	if (body_begin(&x->body, length, first, len) == -1)
		exchange_spool_failed(x);
}

void
exchange_deliver(struct exchange *x)
{
	struct watch *in = &x->run->in;

	if (in->fd == -1)
		return;
	switch (body_deliver(&x->body, in->fd)) {
	case BODY_MOVED:
		exchange_moved(x);
		break;
	case BODY_AGAIN:
		break;
	case BODY_SHORT:		/* the program reads no more */
		watch_close_own(x->loop, in);
		body_discard(&x->body);
		break;
	case BODY_NO_ROOM:
		exchange_spool_failed(x);
		break;
	case BODY_FAILED:
		log_warn("id=%s cannot pass the body on", x->run->id);
		x->fault = FAULT_MEMORY;
		break;
	}
	if (body_is_delivered(&x->body))
		watch_close_own(x->loop, in);	/* it sees the end */
}

static void
exchange_receive(struct exchange *x)
{
	switch (body_receive(&x->body, x->conn.fd)) {
	case BODY_MOVED:
		exchange_moved(x);
		exchange_deliver(x);
		break;
	case BODY_AGAIN:
		break;
	case BODY_SHORT:
		x->fault = FAULT_CLIENT_GONE;
		break;
	case BODY_NO_ROOM:
	case BODY_FAILED:
		exchange_spool_failed(x);
		break;
	}
}

/* ---- program to client ---- */

static void
exchange_send(struct exchange *x)
{
	if (x->client != CLIENT_OPEN || !answer_pending(&x->answer) ||
	    !exchange_may_answer(x))
		return;
	if (answer_send(&x->answer, x->conn.fd) > 0)
		exchange_moved(x);
	else if (errno != EAGAIN)
		x->fault = FAULT_CLIENT_GONE;
}

/* Read once: as much as there is, or what was in the pipe at the exit. */
static enum answer_result
exchange_read_output(struct exchange *x, uint32_t events)
{
	uint64_t before = x->answer.received;
	enum answer_result result;

	if ((events & EPOLLIN) == 0)		/* hung up, and empty */
		return answer_end(&x->answer);
	if (!run_has_exited(x->run))
		return answer_receive(&x->answer, x->run->out.fd, FLOW_SIZE);
	if (x->in_pipe == 0)
		return answer_end(&x->answer);
	result = answer_receive(&x->answer, x->run->out.fd, x->in_pipe);
	x->in_pipe -= (size_t)(x->answer.received - before);
	/* Somebody else may have read some of it: then this is the end. */
	return result == ANSWER_AGAIN ? answer_end(&x->answer) : result;
}

/* The answer waits for the body: from now on take it at full speed. */
static void
exchange_hurry_body(struct exchange *x)
{
	if (x->body.mode == BODY_STREAM)
		x->body.mode = BODY_SPOOL;
}

static void
exchange_begin_answer(struct exchange *x)
{
	if (x->first_ms == -1)
		x->first_ms = loop_now(x->loop);
	if (x->set->reply == REPLY_AFTER_BODY)
		exchange_hurry_body(x);
}

/* The program's answer is not one: say so, with the bytes to blame. */
static void
exchange_blame(struct exchange *x)
{
	const char *offender = x->answer.offender;
	const char *quote = offender[0] != '\0' ? "\"" : "";
	const struct log_subject about = { .id = x->run->id,
	    .script = x->run->script, .reason = cause_word(x->answer.cause) };

	log_warnx_about(&about, "id=%s script=%s: %s%s%s%s%s", x->run->id,
	    x->run->script, cause_phrase(x->answer.cause),
	    *quote != '\0' ? ": " : "", quote, offender, quote);
	watch_close_own(x->loop, &x->run->out);
	x->fault = FAULT_ANSWER;
}

/* Its output is over. */
static void
exchange_end_output(struct exchange *x)
{
	const struct log_subject about = { .id = x->run->id,
	    .script = x->run->script };

	if (x->answer.has_length && x->answer.left > 0)
		log_warnx_about(&about, "id=%s script=%s: output ends %llu "
		    "bytes before its Content-Length", x->run->id,
		    x->run->script, (unsigned long long)x->answer.left);
	watch_close_own(x->loop, &x->run->out);
	exchange_hurry_body(x);
}

/* Take what the program has written, once, or its end. */
static enum answer_result
exchange_take_output(struct exchange *x, uint32_t events)
{
	enum answer_result result = exchange_read_output(x, events);

	switch (result) {
	case ANSWER_AGAIN:
		return result;
	case ANSWER_MOVED:
		exchange_moved(x);
		exchange_begin_answer(x);
		break;
	case ANSWER_END:
		exchange_end_output(x);
		break;
	case ANSWER_BAD:
		exchange_blame(x);
		break;
	case ANSWER_NO_MEMORY:
		x->fault = FAULT_MEMORY;
		break;
	}
	if (x->client == CLIENT_CLOSED)
		answer_forget(&x->answer);
	exchange_send(x);
	return result;
}

void
exchange_out_ready(struct exchange *x, uint32_t events)
{
	/* Once hung up, the end is there, and need not be waited for. */
	while (exchange_take_output(x, events) == ANSWER_MOVED &&
	    (events & EPOLLHUP) != 0 && x->fault == FAULT_NONE &&
	    answer_has_room(&x->answer))
		events |= EPOLLIN;
}

void
exchange_program_exited(struct exchange *x)
{
	int n;

	if (x->run->out.fd != -1 && x->in_pipe == 0)
		x->in_pipe = ioctl(x->run->out.fd, FIONREAD, &n) == 0 ?
		    (size_t)n : FLOW_SIZE;
	watch_close_own(x->loop, &x->run->in);
	body_discard(&x->body);
}

void
exchange_leave_program(struct exchange *x)
{
	watch_close_own(x->loop, &x->run->in);
	watch_close_own(x->loop, &x->run->out);
	body_discard(&x->body);
}

/* ---- the end of the connection ---- */

void
exchange_answer(struct exchange *x, int status, char *text, size_t len)
{
	answer_replace(&x->answer, status, text, len);
	x->client = CLIENT_OPEN;
	exchange_moved(x);	/* the client's time to read begins now */
	exchange_send(x);
}

void
exchange_cut(struct exchange *x)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (x->conn.fd != -1 && !x->is_unix && !answer_is_done(&x->answer))
		(void)setsockopt(x->conn.fd, SOL_SOCKET, SO_LINGER, &now,
		    sizeof now);
	exchange_close(x);
}

/*
 * The answer is out. A socket closed with unread bytes in it would destroy the
 * answer on its way, so where any may come the client is drained first.
 */
static void
exchange_hang_up(struct exchange *x)
{
	char byte;

	if (x->bodyless && body_is_whole(&x->body) && recv(x->conn.fd, &byte,
	    1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
		exchange_close(x);
		return;
	}
	(void)shutdown(x->conn.fd, SHUT_WR);
	x->client = CLIENT_LINGER;
	x->linger_ms = loop_now(x->loop);
}

/* The client is being drained after its answer. */
static void
exchange_drain(struct exchange *x)
{
	char buf[FLOW_SIZE];
	uint64_t body;
	ssize_t n;

	n = flow_read(x->conn.fd, buf, sizeof buf);
	if (n == 0 || (n == -1 && errno != EAGAIN))
		exchange_close(x);
	if (n <= 0)
		return;
	body = (uint64_t)n < x->body.left ? (uint64_t)n : x->body.left;
	x->body.left -= body;
	x->body.received += body;
	x->excess += (uint64_t)n - body;
	if (x->excess > (x->bad_head ? EXCHANGE_UNKNOWN : EXCHANGE_EXCESS))
		exchange_close(x);
}

void
exchange_settle(struct exchange *x)
{
	/* Nothing announces what is left in the pipe: ask for it. */
	while (x->run->out.fd != -1 && run_has_exited(x->run) &&
	    answer_has_room(&x->answer) && x->fault == FAULT_NONE)
		exchange_out_ready(x, EPOLLIN);
	if (x->client == CLIENT_OPEN && x->fault == FAULT_NONE &&
	    answer_is_done(&x->answer) &&
	    (body_is_whole(&x->body) || x->body.mode == BODY_DISCARD))
		exchange_hang_up(x);
}

bool
exchange_is_over(const struct exchange *x)
{
	return x->client == CLIENT_CLOSED && x->run->out.fd == -1;
}

void
exchange_conn_ready(struct exchange *x, uint32_t events)
{
	if (x->client == CLIENT_LINGER) {
		exchange_drain(x);
	} else if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) {
		x->fault = FAULT_CLIENT_GONE;
	} else {
		if ((events & EPOLLIN) != 0)
			exchange_receive(x);
		exchange_send(x);
	}
}

void
exchange_in_ready(struct exchange *x)
{
	exchange_deliver(x);
	exchange_send(x);	/* it may have closed it: no need to wait */
}

/* ---- what to wait for ---- */

static uint32_t
exchange_conn_events(const struct exchange *x)
{
	uint32_t events = EPOLLHUP;

	if (x->client != CLIENT_OPEN)
		return EPOLLIN;
	if (body_wants_client(&x->body))
		events |= EPOLLIN;
	else if (!x->is_unix && x->set->tcp_fin == TCP_FIN_GONE &&
	    body_is_whole(&x->body))
		events |= EPOLLRDHUP;
	if (answer_pending(&x->answer) && exchange_may_answer(x))
		events |= EPOLLOUT;
	return events;
}

int
exchange_watch(struct exchange *x)
{
	struct watch *in = &x->run->in, *out = &x->run->out;
	uint32_t events = exchange_conn_events(x);
	int failed = 0;

	if (x->conn.fd != -1 && ((events & (EPOLLIN | EPOLLOUT)) != 0 ||
	    x->conn.wanted != 0 || x->run->attend_ms == 0))
		failed |= watch_want(x->loop, &x->conn, events);
	if (in->fd != -1)
		failed |= watch_want(x->loop, in,
		    body_pending(&x->body) ? EPOLLOUT : 0);
	if (out->fd != -1)
		failed |= watch_want(x->loop, out,
		    answer_has_room(&x->answer) ? EPOLLIN : 0);
	return failed;
}

void
exchange_free(struct exchange *x)
{
	watch_close_own(x->loop, &x->conn);
	answer_free(&x->answer);
	body_free(&x->body);
}
