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

#include "log.h"

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
record_program(struct log_line *line, const struct record *r)
{
	log_line_add(line, " pid=%d", (int)r->pid);
	if (!r->reaped)
		return;
	if (WIFSIGNALED(r->wait_status))
		log_line_add(line, " signal=%d", WTERMSIG(r->wait_status));
	else
		log_line_add(line, " exit=%d", WEXITSTATUS(r->wait_status));
	log_line_add(line, " user_ms=%lld sys_ms=%lld maxrss_k=%ld",
	    record_ms(r->usage.ru_utime), record_ms(r->usage.ru_stime),
	    r->usage.ru_maxrss);
}

void
record_log(const struct record *r)
{
	struct log_line line;

	if (!log_wants_access())
		return;
	log_line_start(&line, "request");
	log_line_add(&line, " id=%s peer=%s", r->id, r->peer);
	record_optional(&line, "map", r->map);
	record_optional(&line, "script", r->script);
	record_optional(&line, "method", r->method);
	record_optional(&line, "path", r->path);
	log_line_add(&line, " status=%d in=%llu out=%llu", r->status,
	    (unsigned long long)r->in, (unsigned long long)r->out);
	if (r->first_ms >= 0)
		log_line_add(&line, " first_ms=%lld", (long long)r->first_ms);
	log_line_add(&line, " total_ms=%lld", (long long)r->total_ms);
	if (r->pid != 0)
		record_program(&line, r);
	log_line_add(&line, " end=%s", cause_end(r->cause));
	record_optional(&line, "reason", cause_word(r->cause));
	if (cause_word(r->cause) != NULL)
		log_line_value(&line, "why", cause_phrase(r->cause));
	log_access(&line);
}
