/* SPDX-License-Identifier: ISC */
/*
 * record: what is known of a request, and the access line made of it.
 *
 * One line for each finished request, key=value. Keys, and the words after
 * end= and reason=, are an interface: people grep for them.
 */
#include "platform.h"

#include "record.h"

#include <sys/wait.h>

#include "exchange.h"
#include "log.h"
#include "run.h"

static long long
record_ms(struct timeval tv)
{
	return tv.tv_sec * 1000LL + tv.tv_usec / 1000;
}

static void
record_optional(struct log_line *line, const char *key, const char *value)
{
	if (value != NULL)
		log_line_value(line, key, value);
}

/* How the program ended and what it used. */
static void
record_program(struct log_line *line, const struct run *run)
{
	log_line_add(line, " pid=%d", (int)run->child.pid);
	if (!run->reaped)
		return;
	if (WIFSIGNALED(run->wait_status))
		log_line_add(line, " signal=%d", WTERMSIG(run->wait_status));
	else
		log_line_add(line, " exit=%d", WEXITSTATUS(run->wait_status));
	log_line_add(line, " user_ms=%lld sys_ms=%lld maxrss_k=%ld",
	    record_ms(run->usage.ru_utime), record_ms(run->usage.ru_stime),
	    run->usage.ru_maxrss);
}

/* Times are milliseconds since the connection, but for the wait itself. */
static void
record_times(struct log_line *line, const struct record *r,
    const struct exchange *x, int64_t now_ms)
{
	if (r->queued_ms != 0)
		log_line_add(line, " queue_ms=%lld", (long long)
		    ((r->started_ms != 0 ? r->started_ms :
		    r->gave_up_ms != 0 ? r->gave_up_ms : now_ms) -
		    r->queued_ms));
	if (x->first_ms != -1)
		log_line_add(line, " first_ms=%lld",
		    (long long)(x->first_ms - r->opened_ms));
	log_line_add(line, " total_ms=%lld",
	    (long long)(now_ms - r->opened_ms));
}

void
record_log(const struct record *r, const struct exchange *x, int64_t now_ms)
{
	struct log_line line;

	if (x->excess > 0 && !x->bad_head)
		log_info("id=%s %llu bytes beyond CONTENT_LENGTH were ignored",
		    r->id, (unsigned long long)x->excess);
	if (!log_wants_access())
		return;
	log_line_start(&line, "request");
	log_line_add(&line, " id=%s peer=%s", r->id, r->peer);
	record_optional(&line, "map", r->map);
	record_optional(&line, "script", r->script);
	record_optional(&line, "method", r->method);
	record_optional(&line, "path", r->path);
	log_line_add(&line, " status=%d in=%llu out=%llu",
	    x->answer.sent > 0 ? x->answer.status : 0,
	    (unsigned long long)x->body.received,
	    (unsigned long long)x->answer.sent);
	record_times(&line, r, x, now_ms);
	if (r->started_ms != 0)
		record_program(&line, x->run);
	log_line_add(&line, " end=%s", cause_end(r->cause));
	record_optional(&line, "reason", cause_word(r->cause));
	if (cause_word(r->cause) != NULL)
		log_line_value(&line, "why", cause_phrase(r->cause));
	log_access(&line);
}
