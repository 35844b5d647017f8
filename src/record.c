/* SPDX-License-Identifier: ISC */
/*
 * record: what is known of a request, and the access line made of it.
 *
 * One line for each finished request. Keys, and the words after end= and
 * reason=, are an interface: people grep for them.
 */
#include "platform.h"

#include "record.h"

#include <sys/wait.h>

#include <stdbool.h>
#include <syslog.h>

#include "combined.h"
#include "exchange.h"
#include "facts.h"
#include "log.h"
#include "map.h"
#include "run.h"
#include "scgi.h"
#include "settings.h"
#include "units.h"

static long long
record_ms(struct timeval tv)
{
	return tv.tv_sec * 1000LL + tv.tv_usec / 1000;
}

void
record_name(struct record *r, pid_t pid, uint64_t count)
{
	char *to = units_digits(r->id, (uint64_t)pid);

	*to++ = '-';
	(void)units_digits(to, count);
}

void
record_head(struct record *r, const struct target *t, const struct scgi *head)
{
	r->map = t->map != NULL ? t->map->title : NULL;
	r->script = t->file;
	r->method = t->method;
	r->path = t->path;
	r->host = scgi_get(head, NAME_REMOTE_ADDR);
	r->user = scgi_get(head, NAME_REMOTE_USER);
	r->uri = scgi_get(head, NAME_REQUEST_URI);
	r->protocol = scgi_get(head, NAME_SERVER_PROTOCOL);
	r->referer = scgi_get(head, NAME_HTTP_REFERER);
	r->agent = scgi_get(head, NAME_HTTP_USER_AGENT);
}

/* Did it end by a signal that is none of ours? */
static bool
record_died(const struct record *r, const struct exchange *x)
{
	return r->cause == CAUSE_NONE && r->started_ms != 0 && x->run->reaped &&
	    WIFSIGNALED(x->run->wait_status);
}

static bool
record_slow(const struct record *r, const struct exchange *x, int64_t now_ms)
{
	return x->set->slow_request > 0 &&
	    now_ms - r->opened_ms >= x->set->slow_request;
}

/*
 * What somebody should look at is a warning: what we could not answer, what
 * died, what took too long. A program that says itself that it failed is a
 * notice. What is the client's fault is neither.
 */
static int
record_priority(const struct record *r, const struct exchange *x,
    int64_t now_ms)
{
	if (cause_status(r->cause) >= 500 || r->cause == CAUSE_EPOLL ||
	    record_died(r, x) || record_slow(r, x, now_ms))
		return LOG_WARNING;
	if (r->cause != CAUSE_NONE || r->started_ms == 0)
		return LOG_INFO;
	return x->answer.status >= 500 || (x->run->reaped &&
	    WIFEXITED(x->run->wait_status) &&
	    WEXITSTATUS(x->run->wait_status) != 0) ? LOG_NOTICE : LOG_INFO;
}

/* How the program ended and what it used. */
static void
record_program(struct facts *f, const struct run *run)
{
	facts_number(f, "pid", run->child.pid);
	if (!run->reaped)
		return;
	if (WIFSIGNALED(run->wait_status))
		facts_number(f, "signal", WTERMSIG(run->wait_status));
	else
		facts_number(f, "exit", WEXITSTATUS(run->wait_status));
	facts_number(f, "user_ms", record_ms(run->usage.ru_utime));
	facts_number(f, "sys_ms", record_ms(run->usage.ru_stime));
	facts_number(f, "maxrss_k", run->usage.ru_maxrss);
}

/* Times are milliseconds since the connection, but for the wait itself. */
static void
record_times(struct facts *f, const struct record *r,
    const struct exchange *x, int64_t now_ms)
{
	if (r->queued_ms != 0)
		facts_number(f, "queue_ms",
		    (r->started_ms != 0 ? r->started_ms :
		    r->gave_up_ms != 0 ? r->gave_up_ms : now_ms) -
		    r->queued_ms);
	if (x->first_ms != -1)
		facts_number(f, "first_ms", x->first_ms - r->opened_ms);
	facts_number(f, "total_ms", now_ms - r->opened_ms);
}

static void
record_facts(struct facts *f, const struct record *r,
    const struct exchange *x, int64_t now_ms)
{
	int priority = record_priority(r, x, now_ms);

	facts_text(f, "id", r->id);
	facts_text(f, "peer", r->peer);
	facts_text(f, "map", r->map);
	facts_text(f, "script", r->script);
	facts_text(f, "method", r->method);
	facts_text(f, "path", r->path);
	facts_number(f, "status", x->answer.sent > 0 ? x->answer.status : 0);
	facts_number(f, "in", (long long)x->body.received);
	facts_number(f, "out", (long long)x->answer.sent);
	record_times(f, r, x, now_ms);
	if (r->started_ms != 0)
		record_program(f, x->run);
	facts_text(f, "end", cause_end(r->cause));
	facts_text(f, "reason", cause_word(r->cause));
	if (cause_word(r->cause) != NULL)
		facts_text(f, "why", cause_phrase(r->cause));
	/* A file has no priorities. */
	if (priority != LOG_INFO)
		facts_text(f, "level",
		    priority == LOG_WARNING ? "warning" : "notice");
	if (record_slow(r, x, now_ms))
		facts_text(f, "slow", "yes");
}

/* What web servers say of a request; 499 is nginx's word for a client gone. */
static struct combined
record_combined(const struct record *r, const struct exchange *x)
{
	uint64_t sent = x->answer.sent, head = x->answer.head_len;
	bool left = r->cause == CAUSE_CLIENT_GONE ||
	    r->cause == CAUSE_HEADER_CUT || r->cause == CAUSE_SEND_TIMEOUT;

	return (struct combined){
		.host = r->host != NULL && *r->host != '\0' ? r->host :
		    x->client.is_unix ? NULL : r->peer,
		.user = r->user,
		.method = r->method,
		.uri = r->uri != NULL && *r->uri != '\0' ? r->uri : r->path,
		.protocol = r->protocol,
		.referer = r->referer,
		.agent = r->agent,
		.status = sent > 0 ? x->answer.status : left ? 499 : 0,
		.bytes = sent > head ? sent - head : 0,
	};
}

void
record_log(const struct record *r, const struct exchange *x, int64_t now_ms)
{
	struct combined combined;
	struct facts facts = { .n = 0 };

	if (x->client.excess > 0 && !x->client.bad_head)
		log_info("id=%s %llu bytes beyond CONTENT_LENGTH were ignored",
		    r->id, (unsigned long long)x->client.excess);
	if (!log_wants_access())
		return;
	combined = record_combined(r, x);
	record_facts(&facts, r, x, now_ms);
	log_access(record_priority(r, x, now_ms), &facts, &combined);
}
