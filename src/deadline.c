/* SPDX-License-Identifier: ISC */
/*
 * deadline: how long a request may stay as it is.
 *
 * There is one deadline to a request, the nearest of those that apply to the
 * state it is in; nothing is kept, it is found anew whenever it is asked for.
 */
#include "platform.h"

#include "deadline.h"

#include <stdbool.h>

#include "exchange.h"
#include "record.h"
#include "run.h"
#include "settings.h"

/* A limit of 0 is none. */
static void
deadline_sooner(struct deadline *d, int64_t since, int64_t limit,
    enum cause cause)
{
	if (limit > 0 && (d->at_ms == 0 || since + limit < d->at_ms))
		*d = (struct deadline){ since + limit, cause };
}

/* A time when something is to be done that is nobody's fault. */
static void
deadline_at(struct deadline *d, int64_t at_ms)
{
	if (at_ms != 0 && (d->at_ms == 0 || at_ms < d->at_ms))
		*d = (struct deadline){ at_ms, CAUSE_NONE };
}

/*
 * Is it the client whose bytes are missing? While the body is spooled, it
 * always is; while it streams, only if the program has read all there is.
 */
static bool
deadline_is_for_body(const struct body *body)
{
	return body->left > 0 && (body->mode == BODY_SPOOL ||
	    body->mode == BODY_COLLECT ||
	    (body->mode == BODY_STREAM && !body_pending(body)));
}

/* Silence is counted from the last byte, and blamed on whose turn it is. */
static void
deadline_silence(struct deadline *d, const struct exchange *x)
{
	const struct settings *set = x->set;
	bool open = x->client.state == CLIENT_OPEN;

	if (open && answer_pending(&x->answer) && exchange_may_answer(x))
		deadline_sooner(d, x->moved_ms, set->send_timeout,
		    CAUSE_SEND_TIMEOUT);
	else if (open && deadline_is_for_body(&x->body))
		deadline_sooner(d, x->moved_ms, set->body_timeout,
		    CAUSE_BODY_TIMEOUT);
	else if (open && x->run->out.fd != -1)
		deadline_sooner(d, x->moved_ms, set->output_timeout,
		    CAUSE_OUTPUT_TIMEOUT);
}

struct deadline
deadline_find(const struct exchange *x, const struct config *config,
    const struct record *record)
{
	struct deadline d = { 0, CAUSE_NONE };

	if (x->client.state == CLIENT_HEAD)
		deadline_sooner(&d, record->opened_ms, config->header_timeout,
		    CAUSE_HEADER_TIMEOUT);
	if (x->client.state == CLIENT_LINGER)
		deadline_sooner(&d, x->client.linger_ms, config->linger_timeout,
		    CAUSE_NONE);
	if (record->queued_ms != 0 && record->started_ms == 0 &&
	    x->client.state == CLIENT_OPEN && !answer_pending(&x->answer))
		deadline_sooner(&d, record->queued_ms, x->set->queue_timeout,
		    CAUSE_QUEUE_TIMEOUT);
	if (x->run->state == RUN_RUNNING)
		deadline_sooner(&d, record->started_ms, x->set->max_runtime,
		    CAUSE_MAX_RUNTIME);
	deadline_silence(&d, x);
	deadline_at(&d, exchange_patience_ms(x));
	deadline_at(&d, x->run->attend_ms);
	return d;
}
