/* SPDX-License-Identifier: ISC */
/*
 * scgi-request: ask an SCGI server what a web server would ask it.
 *
 * Each mode is one function, which returns the exit status.
 */
#include "platform.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "capture.h"
#include "compose.h"
#include "crowd.h"
#include "excuse.h"
#include "expect.h"
#include "fault.h"
#include "feed.h"
#include "monitor.h"
#include "output.h"
#include "plan.h"
#include "sense.h"
#include "tally.h"
#include "visit.h"

/* What the callbacks see. */
struct request {
	struct arguments	 a;
	struct feed		 feed;
	char			*head;		/* NULL with --raw */
	size_t			 head_len;
	bool			 any_length;	/* of the answer will do */
	FILE			*out;		/* NULL: none is kept */
	struct expect		 expect;
	struct tally		 tally;
	int			 status;	/* to exit with */
};

/* A file to send or to decode. */
static void
request_open(struct feed *feed, const char *name, int status)
{
	if (feed_file(feed, name) == 0)
		return;
	if (feed->scratch != NULL)
		fault(status, "cannot copy %s to the directory %s: %s; set "
		    "TMPDIR to another one", name, feed->scratch,
		    strerror(errno));
	fault(status, "cannot read %s: %s", name, strerror(errno));
}

/* The bytes to send: a head and a body, or what --raw has. */
static void
request_compose(struct request *r)
{
	struct arguments *a = &r->a;
	const char *file = a->raw_file != NULL ? a->raw_file : a->body_file;
	const char *why;

	feed_memory(&r->feed, a->data, a->data != NULL ? strlen(a->data) : 0);
	if (file != NULL)
		request_open(&r->feed, file, ARGUMENTS_USAGE);
	if (a->raw_file == NULL && (why = compose_head(a, r->feed.len,
	    &r->head, &r->head_len)) != NULL)
		fault(ARGUMENTS_USAGE, "%s", why);
}

/* The callback of a plan: a piece of the answer. */
static bool
request_take(void *arg, const char *bytes, size_t len, bool header)
{
	struct request *r = arg;
	bool show = header ? r->a.show_header || r->a.raw_file != NULL :
	    r->a.show_body;

	if (!header)
		expect_take(&r->expect, bytes, len);
	if (r->out == NULL || !show)
		return true;
	return fwrite(bytes, 1, len, r->out) == len && fflush(r->out) == 0;
}

static void
request_plan(struct request *r, struct plan *plan)
{
	*plan = (struct plan){
		.address = &r->a.address,
		.head = r->head,
		.head_len = r->head_len,
		.feed = &r->feed,
		.piece = (size_t)r->a.piece,
		.pause_ms = r->a.pause_ms,
		.timeout_ms = r->a.timeout_ms,
		.half_close = r->a.half_close,
		.any_length = r->any_length,
	};
}

/*
 * Look at what is sent, wherever it comes from: -v shows it, and an answer to
 * HEAD has no body. Who sends what we cannot read knows what to expect.
 */
static void
request_look(struct request *r)
{
	struct capture c;
	struct feed head;

	feed_memory(&head, r->head, r->head_len);
	if (capture_read(&c, r->head != NULL ? &head : &r->feed) == -1)
		fault(ARGUMENTS_USAGE, "cannot read the request to send: %s",
		    strerror(errno));
	r->any_length = !c.has_head ||
	    capture_has(&c, "REQUEST_METHOD", "HEAD");
	if (r->a.verbose && c.has_head)
		capture_params(&c, "> ", stderr);
	else if (r->a.verbose)
		(void)fprintf(stderr, "* no SCGI request: %s, at offset %"
		    PRIu64 "\n", c.why, c.at);
	capture_free(&c);
}

static double
request_ms(const struct visit *v, int64_t when)
{
	return when == 0 ? 0.0 : (double)(when - v->start) / 1e6;
}

/* With -v: what came, and when. */
static void
request_timing(const struct visit *v)
{
	(void)fprintf(stderr, "* status=%03d connect=%.3fms first=%.3fms "
	    "total=%.3fms sent=%" PRIu64 " header=%" PRIu64 " body=%" PRIu64
	    "\n", v->response.status, request_ms(v, v->connected),
	    request_ms(v, v->first), request_ms(v, v->finish), v->sent,
	    v->header_len, v->body_len);
}

/* There is no more to say about an answer that could not be written. */
static void
request_written(const struct request *r, const struct visit *v)
{
	if (v->end != VISIT_UNTAKEN)
		return;
	errno = v->error;
	output_failed(r->a.output);
}

/* One request is over: what its exit status is. */
static void
request_asked(void *arg, const struct visit *v)
{
	struct request *r = arg;
	char text[512];

	request_written(r, v);
	if (v->end != VISIT_WHOLE) {
		excuse_long(v, r->a.address_text, text, sizeof text);
		(void)fflush(stdout);
		(void)fprintf(stderr, "scgi-request: %s\n", text);
		r->status = ARGUMENTS_NO_ANSWER;
	} else if (!expect_status(r->a.expect, v->response.status)) {
		r->status = ARGUMENTS_ERROR;
	} else if (!r->expect.found) {
		(void)fprintf(stderr, "scgi-request: \"%s\" is not in the "
		    "body\n", r->expect.text);
		r->status = ARGUMENTS_ERROR;
	}
	if (r->a.verbose)
		request_timing(v);
}

/*
 * Likewise, as a monitoring plugin. The line is the only one: what could go
 * wrong behind it is done before.
 */
static void
request_checked(void *arg, const struct visit *v)
{
	struct request *r = arg;
	char text[512] = "", line[1024];
	struct monitor monitor = {
		.expect = r->a.expect,
		.text_found = r->expect.found,
		.warn_ms = r->a.warn_ms,
		.crit_ms = r->a.crit_ms,
		.excuse = text,
	};

	request_written(r, v);
	output_close(r->out, r->a.output);
	r->out = NULL;
	if (v->end != VISIT_WHOLE)
		excuse_long(v, r->a.address_text, text, sizeof text);
	r->status = (int)monitor_judge(&monitor, v, line, sizeof line);
	if (puts(line) == EOF || fflush(stdout) != 0) {
		(void)fprintf(stderr, "scgi-request: cannot write the status "
		    "line: %s\n", strerror(errno));
		r->status = MONITOR_UNKNOWN;
	}
	if (r->a.verbose)
		request_timing(v);
}

/* One request, for people or for a monitor. */
static void
request_ask(struct request *r)
{
	bool check = r->a.mode == ARGUMENTS_CHECK;
	struct plan plan;

	r->out = output_open(r->a.output, check ? NULL : stdout);
	request_plan(r, &plan);
	plan.take = request_take;
	plan.arg = r;
	if (expect_start(&r->expect, r->a.expect_text) == -1 ||
	    crowd_run(&plan, 1, 1, check ? request_checked : request_asked,
	    r) == -1)
		fault(ARGUMENTS_NO_ANSWER, "no memory");
	expect_end(&r->expect);
	output_close(r->out, r->a.output);
}

/* One of many is over. */
static void
request_counted(void *arg, const struct visit *v)
{
	struct request *r = arg;

	if (v->end != VISIT_WHOLE) {
		tally_loss(&r->tally, excuse_short(v));
		r->status = ARGUMENTS_NO_ANSWER;
		return;
	}
	tally_answer(&r->tally, v->response.status, v->finish - v->start);
	if (!expect_status(r->a.expect, v->response.status)) {
		r->tally.unexpected++;
		if (r->status == ARGUMENTS_GOOD)
			r->status = ARGUMENTS_ERROR;
	}
}

/* Many requests. */
static void
request_load(struct request *r)
{
	size_t number = (size_t)r->a.repeat;
	int64_t start = visit_now();
	struct plan plan;

	r->out = output_open(r->a.output, stdout);
	request_plan(r, &plan);
	if (tally_start(&r->tally, number) == -1 ||
	    crowd_run(&plan, number, (size_t)r->a.concurrency,
	    request_counted, r) == -1)
		fault(ARGUMENTS_NO_ANSWER, "no memory for so many requests");
	tally_print(&r->tally, visit_now() - start, r->out);
	tally_end(&r->tally);
	output_close(r->out, r->a.output);
}

/* The request itself, instead of sending it. */
static void
request_print(struct request *r)
{
	uint64_t offset;
	char bytes[65536];
	ssize_t n;

	r->out = output_open(r->a.output, stdout);
	if (r->head != NULL)
		(void)fwrite(r->head, 1, r->head_len, r->out);
	for (offset = 0; (n = feed_read(&r->feed, offset, bytes,
	    sizeof bytes)) > 0; offset += (uint64_t)n)
		(void)fwrite(bytes, 1, (size_t)n, r->out);
	if (n == -1)
		fault(ARGUMENTS_NO_ANSWER, "cannot read the body: %s",
		    strerror(errno));
	output_close(r->out, r->a.output);
}

/* A recorded request. */
static void
request_decode(struct request *r)
{
	const char *name = r->a.capture;
	struct capture c;

	request_open(&r->feed, name, ARGUMENTS_NO_ANSWER);
	if (capture_read(&c, &r->feed) == -1)
		fault(ARGUMENTS_NO_ANSWER, "cannot read %s: %s", name,
		    strerror(errno));
	r->out = output_open(r->a.output, stdout);
	if (r->a.json)
		capture_json(&c, r->out);
	else if (c.why == NULL)
		capture_text(&c, r->out);
	else
		(void)fprintf(stderr, "scgi-request: %s: no SCGI request: %s, "
		    "at offset %" PRIu64 "\n", name, c.why, c.at);
	if (c.why != NULL)
		r->status = ARGUMENTS_ERROR;
	capture_free(&c);
	output_close(r->out, r->a.output);
}

int
main(int argc, char *argv[])
{
	struct request r = { .status = ARGUMENTS_GOOD, .feed = { .fd = -1 } };
	int rest;

	(void)signal(SIGPIPE, SIG_IGN);
	rest = arguments_read(&r.a, argc, argv);
	sense_make(&r.a, argc - rest, argv + rest);
	if (r.a.mode != ARGUMENTS_DECODE) {
		request_compose(&r);
		request_look(&r);
	}
	if (r.a.mode == ARGUMENTS_DECODE)
		request_decode(&r);
	else if (r.a.mode == ARGUMENTS_PRINT)
		request_print(&r);
	else if (r.a.mode == ARGUMENTS_LOAD)
		request_load(&r);
	else
		request_ask(&r);
	feed_end(&r.feed);
	free(r.head);
	arguments_free(&r.a);
	return r.status;
}
