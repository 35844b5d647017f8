/* SPDX-License-Identifier: ISC */
/*
 * exchange: body and answer side by side, between a client and a program.
 *
 * Body first, then the answer (DESIGN 4). Invariant: a descriptor is watched
 * only for what would make progress now, so no event comes twice for nothing;
 * but both ends that bulk passes between are, on edges.
 */
#include "platform.h"

#include "exchange.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "log.h"
#include "run.h"
#include "settings.h"

/*
 * What passes by us is moved in pieces of so many bytes at most, and so many in
 * a row before it is another request's turn.
 */
#define EXCHANGE_PIECE		(1 << 20)
#define EXCHANGE_PIECES		4

void
exchange_init(struct exchange *x, struct loop *loop,
    const struct config *config, struct run *run)
{
	*x = (struct exchange){
		.loop = loop,
		.set = &config->defaults,
		.workers = (unsigned)config->workers,
		.run = run,
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

/* ---- client to program ---- */

static void
exchange_spool_failed(struct exchange *x)
{
	bool scarce = errno == EMFILE || errno == ENFILE || errno == ENOMEM;

	log_warn("id=%s cannot spool the body in %s", x->run->id,
	    x->body.spool_directory);
	x->fault = scarce ? CAUSE_RESOURCES : CAUSE_SPOOL;
}

void
exchange_expect(struct exchange *x, uint64_t length, const char *first,
    size_t len)
{
	exchange_moved(x);
	if (len > length)
		x->client.excess = len - length;
	if (body_begin(&x->body, length, first, len) == -1)
		exchange_spool_failed(x);
}

/* What came of moving some of the body. */
static void
exchange_body_moved(struct exchange *x, enum body_result result)
{
	switch (result) {
	case BODY_MOVED:
		exchange_moved(x);
		x->fed_ms = x->moved_ms;
		break;
	case BODY_AGAIN:
		break;
	case BODY_SHORT:
		x->fault = CAUSE_CLIENT_GONE;
		break;
	case BODY_SHUT:
		watch_close_own(x->loop, &x->run->in);
		body_discard(&x->body);
		break;
	case BODY_NO_ROOM:
		exchange_spool_failed(x);
		break;
	case BODY_FAILED:
		log_warn("id=%s cannot pass the body on", x->run->id);
		x->fault = CAUSE_RESOURCES;
		break;
	}
	if (body_is_delivered(&x->body))
		watch_close_own(x->loop, &x->run->in);	/* it sees the end */
}

/* Does the body pass by us? */
static bool
exchange_body_passes(const struct exchange *x)
{
	return x->run->in.fd != -1 && body_passes(&x->body);
}

/* One of the ends is ready; the other may be. */
static void
exchange_pass_body(struct exchange *x)
{
	enum body_result result = BODY_MOVED;
	int i;

	bulk_enlarge(&x->body_bulk, x->run->in.fd, -1, x->workers);
	for (i = 0; i < EXCHANGE_PIECES && result == BODY_MOVED &&
	    exchange_body_passes(x); i++) {
		result = body_pass(&x->body, x->client.conn.fd,
		    x->run->in.fd, EXCHANGE_PIECE);
		exchange_body_moved(x, result);
	}
	x->more |= result == BODY_MOVED;
}

void
exchange_deliver(struct exchange *x)
{
	if (x->run->in.fd != -1)
		exchange_body_moved(x, body_deliver(&x->body, x->run->in.fd));
}

static void
exchange_receive(struct exchange *x)
{
	enum body_result result = body_receive(&x->body, x->client.conn.fd);

	exchange_body_moved(x, result);
	if (result == BODY_MOVED)
		exchange_deliver(x);
}

/* ---- program to client ---- */

static void
exchange_send(struct exchange *x)
{
	/* After a fault there may be another answer, as long as none is sent. */
	if (x->client.state != CLIENT_OPEN || !answer_holds(&x->answer) ||
	    !exchange_may_answer(x) || x->fault != CAUSE_NONE)
		return;
	if (answer_send(&x->answer, x->client.conn.fd) > 0)
		exchange_moved(x);
	else if (errno != EAGAIN)
		x->fault = CAUSE_CLIENT_GONE;
}

/* Does the answer pass by us? */
static bool
exchange_answer_passes(const struct exchange *x)
{
	return x->client.state == CLIENT_OPEN && x->run->out.fd != -1 &&
	    !body_wants_client(&x->body) && exchange_may_answer(x) &&
	    answer_passes(&x->answer);
}

/* Once: as much as there is, or what was in the pipe at the exit. */
static enum answer_result
exchange_read_output(struct exchange *x)
{
	uint64_t before = x->answer.received;
	enum answer_result result;
	bool exited = run_has_exited(x->run);
	size_t most = exited ? x->in_pipe : EXCHANGE_PIECE;

	if (most == 0)
		return answer_end(&x->answer);
	if (exchange_answer_passes(x)) {
		bulk_enlarge(&x->answer_bulk, x->run->out.fd,
		    x->client.is_unix ? x->client.conn.fd : -1, x->workers);
		result = answer_pass(&x->answer, x->run->out.fd, x->client.conn.fd,
		    most);
	} else {
		result = answer_receive(&x->answer, x->run->out.fd, most);
	}
	if (!exited)
		return result;
	x->in_pipe -= (size_t)(x->answer.received - before);
	/* Somebody else may have read some of it: then this is the end. */
	return result == ANSWER_AGAIN && !x->answer.stuck ?
	    answer_end(&x->answer) : result;
}

static void
exchange_begin_answer(struct exchange *x)
{
	if (x->first_ms == -1)
		x->first_ms = loop_now(x->loop);
	if (x->set->reply == REPLY_AFTER_BODY &&
	    (!x->body.bulk || !answer_has_room(&x->answer)))
		body_hurry(&x->body);
}

/*
 * The answer waits for a body in bulk, which takes its time: as long as the
 * program reads, that is the fastest way there is.
 */
int64_t
exchange_patience_ms(const struct exchange *x)
{
	if (x->first_ms == -1 || x->body.mode != BODY_STREAM ||
	    !body_pending(&x->body) || x->set->reply != REPLY_AFTER_BODY)
		return 0;
	return EXCHANGE_PATIENCE_MS +
	    (x->fed_ms > x->first_ms ? x->fed_ms : x->first_ms);
}

void
exchange_lose_patience(struct exchange *x)
{
	int64_t until = exchange_patience_ms(x);

	if (until != 0 && loop_now(x->loop) >= until)
		body_hurry(&x->body);
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
	x->fault = x->answer.cause;
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
	run_end_output(x->run);
	body_hurry(&x->body);
}

/* Take what the program has written, once, or its end. */
static enum answer_result
exchange_take_output(struct exchange *x)
{
	enum answer_result result = exchange_read_output(x);

	switch (result) {
	case ANSWER_AGAIN:
		break;
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
		x->fault = CAUSE_RESOURCES;
		break;
	}
	return result;
}

/* Send what was taken, and keep what does not go. */
static void
exchange_hand_on(struct exchange *x)
{
	if (x->client.state == CLIENT_CLOSED)
		answer_forget(&x->answer);
	exchange_send(x);
	if (answer_keep(&x->answer) == -1)
		x->fault = CAUSE_RESOURCES;
}

void
exchange_out_ready(struct exchange *x, uint32_t events)
{
	bool ended = (events & EPOLLHUP) != 0, held = false;
	enum answer_result result;
	int i;

	/*
	 * Once hung up, the end is there, and need not be waited for; and the
	 * client is woken up once, by the last bytes and the end. But what turns
	 * out to lack chunks is to fail in the same way whenever it hangs up.
	 */
	for (i = 0; i < EXCHANGE_PIECES; i++) {
		result = exchange_take_output(x);
		held = ended && result == ANSWER_MOVED &&
		    !x->answer.chunked && answer_has_room(&x->answer);
		if (held)
			continue;
		exchange_hand_on(x);
		if (result != ANSWER_MOVED || x->fault != CAUSE_NONE ||
		    !answer_has_room(&x->answer) ||
		    (!ended && !exchange_answer_passes(x)))
			return;
	}
	if (held)
		exchange_hand_on(x);
	x->more = true;
}

void
exchange_program_exited(struct exchange *x)
{
	if (x->run->out.fd != -1 && x->in_pipe == 0)
		x->in_pipe = flow_waiting(x->run->out.fd);
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
	x->client.state = CLIENT_OPEN;
	exchange_moved(x);	/* the client's time to read begins now */
	exchange_send(x);
}

void
exchange_cut(struct exchange *x)
{
	client_cut(&x->client, answer_is_done(&x->answer));
}

void
exchange_settle(struct exchange *x)
{
	enum answer_result result = ANSWER_MOVED;

	/* Nothing announces what is left in the pipe: ask for it. */
	while (x->run->out.fd != -1 && run_has_exited(x->run) &&
	    answer_has_room(&x->answer) && x->fault == CAUSE_NONE &&
	    result != ANSWER_AGAIN) {
		result = exchange_take_output(x);
		exchange_hand_on(x);
	}
	if (x->client.state == CLIENT_OPEN && x->fault == CAUSE_NONE &&
	    answer_is_done(&x->answer) &&
	    (body_is_whole(&x->body) || x->body.mode == BODY_DISCARD))
		client_hang_up(&x->client,
		    x->bodyless && body_is_whole(&x->body));
}

bool
exchange_is_over(const struct exchange *x)
{
	return x->client.state == CLIENT_CLOSED && x->run->out.fd == -1;
}

void
exchange_conn_ready(struct exchange *x, uint32_t events)
{
	if (x->client.state == CLIENT_LINGER) {
		body_took(&x->body,
		    client_drain(&x->client, x->body.left));
	} else if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) {
		x->fault = CAUSE_CLIENT_GONE;
	} else {
		if (exchange_body_passes(x))
			exchange_pass_body(x);
		else if ((events & EPOLLIN) != 0)
			exchange_receive(x);
		if (exchange_answer_passes(x))
			exchange_out_ready(x, EPOLLIN);
		else
			exchange_send(x);
	}
}

/* A Unix socket is reported to be writable when 3/4 of it are empty. */
bool
exchange_try(struct exchange *x)
{
	uint64_t before = x->answer.sent;

	if (x->client.is_unix)
		exchange_conn_ready(x, 0);
	return x->answer.sent > before;
}

void
exchange_in_ready(struct exchange *x)
{
	if (exchange_body_passes(x))
		exchange_pass_body(x);
	else
		exchange_deliver(x);
	exchange_send(x);	/* it may have closed it: no need to wait */
}

/* ---- what to wait for ---- */

static uint32_t
exchange_conn_events(const struct exchange *x)
{
	uint32_t events = EPOLLHUP;

	if (x->client.state != CLIENT_OPEN)
		return EPOLLIN;
	if (body_wants_client(&x->body))
		events |= EPOLLIN;
	else if (!x->client.is_unix && x->set->tcp_fin == TCP_FIN_GONE &&
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
	bool body_passes = exchange_body_passes(x);
	bool answer_passes = exchange_answer_passes(x);
	uint32_t events = exchange_conn_events(x) |
	    (body_passes ? EPOLLIN | EPOLLET : 0) |
	    (answer_passes ? EPOLLOUT | EPOLLET : 0);
	int failed = 0;

	if (x->client.conn.fd != -1 && ((events & (EPOLLIN | EPOLLOUT)) != 0 ||
	    x->client.conn.wanted != 0 || !run_is_young(x->run)))
		failed |= watch_want(x->loop, &x->client.conn, events);
	if (in->fd != -1)
		failed |= watch_want(x->loop, in, body_passes ?
		    EPOLLOUT | EPOLLET : body_pending(&x->body) ? EPOLLOUT : 0);
	if (out->fd != -1)
		failed |= watch_want(x->loop, out, answer_passes ?
		    EPOLLIN | EPOLLET : !answer_has_room(&x->answer) ? 0 :
		    run_is_young(x->run) ? EPOLLIN | EPOLLONESHOT : EPOLLIN);
	if (failed == 0 && x->more && (body_passes || answer_passes))
		failed = watch_again(x->loop,
		    body_passes ? &x->client.conn : out);
	x->more = false;
	return failed;
}

void
exchange_free(struct exchange *x)
{
	client_close(&x->client);
	bulk_release(&x->body_bulk);
	bulk_release(&x->answer_bulk);
	answer_free(&x->answer);
	body_free(&x->body);
}
