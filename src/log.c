/* SPDX-License-Identifier: ISC */
/*
 * log: what is said, one line at a time.
 *
 * Which messages are written and how often, and what an access line looks like.
 * Invariant: an access line is written for each request, whatever is limited.
 */
#include "platform.h"

#include "log.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "combined.h"
#include "facts.h"
#include "flood.h"
#include "hash.h"
#include "line.h"
#include "sink.h"
#include "stamp.h"

static struct sink streams[] = {
	[LOG_MESSAGES] = { .fd = STDERR_FILENO },
	[LOG_REQUESTS] = { .fd = STDERR_FILENO },
};

static int level = LOG_INFO;
static int format = LOG_KV;
static bool limited;
static struct flood flood;

int
log_is_destination(const char *where)
{
	return sink_is_place(where);
}

int
log_open(enum log_stream stream, const char *where)
{
	struct sink next;

	if (sink_open(&next, where) == -1)
		return -1;
	sink_become(&streams[stream], next);
	return 0;
}

int
log_open_both(const char *messages, const char *requests)
{
	struct sink first, second;
	int saved;

	if (sink_open(&first, messages) == -1)
		return -1;
	if (sink_open(&second, requests) == -1) {
		saved = errno;
		sink_drop(&first);
		errno = saved;
		return -1;
	}
	sink_become(&streams[LOG_MESSAGES], first);
	sink_become(&streams[LOG_REQUESTS], second);
	return 0;
}

int
log_descriptor(enum log_stream stream)
{
	return streams[stream].kind == SINK_FILE ? streams[stream].fd : -1;
}

void
log_adopt(enum log_stream stream, int fd)
{
	sink_adopt(&streams[stream], fd);
}

void
log_forked(void)
{
	streams[LOG_MESSAGES].lost = streams[LOG_REQUESTS].lost = 0;
}

void
log_set_level(int priority)
{
	level = priority;
}

void
log_set_format(int wanted)
{
	format = wanted;
}

int
log_wants(int priority)
{
	return priority <= level && streams[LOG_MESSAGES].kind != SINK_NONE;
}

int
log_wants_access(void)
{
	return streams[LOG_REQUESTS].kind != SINK_NONE;
}

/* ---- too many of a kind ---- */

static int64_t
log_now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static uint32_t
log_hash(uint32_t hash, const char *text)
{
	text = text != NULL ? text : "";
	return hash_bytes(hash, text, strlen(text) + 1);
}

/* Each text is unique in the source, so it says what kind of message it is. */
static uint32_t
log_kind(const struct log_subject *about, const char *fmt)
{
	uint32_t hash = log_hash(HASH_NONE, fmt);

	if (about == NULL)
		return hash;
	return log_hash(log_hash(hash, about->script), about->reason);
}

static void
log_tell_until(int64_t now_ms)
{
	struct sink_line line = { .text = NULL };
	struct flood_kind told;
	struct line text;

	while (flood_tell(&flood, now_ms, &told)) {
		line_start(&text, "");
		line_add(&text, "and %u more like this within %d s: %s",
		    told.more, FLOOD_SPAN_MS / 1000, told.text);
		line.priority = told.priority;
		line.text = text.text;
		line.len = text.len;
		sink_write(&streams[LOG_MESSAGES], &line);
	}
}

void
log_tell(void)
{
	log_tell_until(log_now());
}

void
log_limit(bool on)
{
	if (!on)
		log_tell_until(INT64_MAX);
	limited = on;
}

int64_t
log_due(void)
{
	int64_t due = flood_due(&flood), now = due != -1 ? log_now() : 0;

	return due == -1 ? -1 : due > now ? due - now : 0;
}

/* May a message be written? If not, it is counted. */
static bool
log_admit(int priority, const struct log_subject *about, const char *fmt,
    const char *text)
{
	unsigned most = about != NULL && about->most != 0 ? about->most :
	    FLOOD_MOST;
	int64_t now = limited ? log_now() : 0;
	struct flood_kind *kind;

	if (!limited)
		return true;
	log_tell_until(now);
	kind = flood_refuse(&flood, log_kind(about, fmt), most, now);
	if (kind != NULL && kind->more == 1) {
		kind->priority = priority;
		(void)strlcpy(kind->text, text, sizeof kind->text);
	}
	return kind == NULL;
}

/* ---- messages ---- */

/* Format one message; `error` is an errno to explain, or 0. */
static void __attribute__((format(printf, 4, 0)))
log_message(int priority, int error, const struct log_subject *about,
    const char *fmt, va_list ap)
{
	struct facts facts = { .n = 0 };
	struct line text;

	if (!log_wants(priority))
		return;
	line_start(&text, "");
	line_vadd(&text, fmt, ap);
	if (error != 0)
		line_add(&text, ": %s", strerror(error));
	if (!log_admit(priority, about, fmt, text.text))
		return;
	if (about != NULL) {
		facts_text(&facts, "id", about->id);
		facts_text(&facts, "script", about->script);
		facts_text(&facts, "reason", about->reason);
	}
	sink_write(&streams[LOG_MESSAGES], &(struct sink_line){
	    .priority = priority, .text = text.text, .len = text.len,
	    .facts = &facts });
}

#define LOG_BODY(priority, error, about)				\
{									\
	int saved = errno;						\
	va_list ap;							\
									\
	va_start(ap, fmt);						\
	log_message(priority, error, about, fmt, ap);			\
	va_end(ap);							\
	errno = saved;							\
}
#define LOG_FUNCTION(name, priority, error)				\
void									\
name(const char *fmt, ...)						\
LOG_BODY(priority, error, NULL)
#define LOG_ABOUT(name, priority, error)				\
void									\
name(const struct log_subject *about, const char *fmt, ...)		\
LOG_BODY(priority, error, about)

LOG_FUNCTION(log_error, LOG_ERR, saved)
LOG_FUNCTION(log_errorx, LOG_ERR, 0)
LOG_FUNCTION(log_warn, LOG_WARNING, saved)
LOG_FUNCTION(log_warnx, LOG_WARNING, 0)
LOG_FUNCTION(log_notice, LOG_NOTICE, 0)
LOG_FUNCTION(log_info, LOG_INFO, 0)
LOG_FUNCTION(log_debug, LOG_DEBUG, 0)
LOG_ABOUT(log_warn_about, LOG_WARNING, saved)
LOG_ABOUT(log_warnx_about, LOG_WARNING, 0)
LOG_ABOUT(log_notice_about, LOG_NOTICE, 0)

void
fatal(int status, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_message(LOG_ERR, saved, NULL, fmt, ap);
	va_end(ap);
	exit(status);
}

void
fatalx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_message(LOG_ERR, 0, NULL, fmt, ap);
	va_end(ap);
	exit(status);
}

/* ---- access lines ---- */

void
log_access(int priority, const struct facts *facts,
    const struct combined *combined)
{
	struct sink *sink = &streams[LOG_REQUESTS];
	unsigned lost = sink->lost;
	char stamp[STAMP_SIZE];
	struct timespec now;
	struct line line;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	line_start(&line, format == LOG_KV ? "request" : "");
	if (format == LOG_COMBINED) {
		stamp_ncsa(stamp, &now);
		combined_line(&line, stamp, combined);
	} else if (format == LOG_JSON) {
		stamp_rfc3339(stamp, &now);
		facts_json(&line, stamp, facts);
	} else {
		facts_kv(&line, facts);
	}
	sink_write(sink, &(struct sink_line){ .priority = priority,
	    .bare = format != LOG_KV, .text = line.text, .len = line.len,
	    .facts = facts });
	if (format != LOG_KV && lost > 0 && sink->lost == lost) {
		sink->lost = 0;
		log_warnx("%u lines lost: the access log did not take them",
		    lost);
	}
}
