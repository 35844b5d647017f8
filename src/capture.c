/* SPDX-License-Identifier: ISC */
/*
 * capture: a recorded request, decoded.
 *
 * The daemon's own decoder says whether it is one. That one folds names and
 * joins fields; here they are shown as they came, from a copy.
 */
#include "platform.h"

#include "capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed.h"
#include "params.h"
#include "scgi.h"
#include "show.h"

#define CAPTURE_MAX	((size_t)64 << 20)	/* header block, and a value */

void
capture_free(struct capture *c)
{
	free(c->head);
	c->head = NULL;
}

/* Keep a copy of the head. */
static int
capture_keep(struct capture *c, const char *bytes, size_t len)
{
	char *grown;

	if (c->size - c->len < len) {
		c->size = 2 * c->size + len;
		if ((grown = realloc(c->head, c->size)) == NULL)
			return -1;
		c->head = grown;
	}
	memcpy(c->head + c->len, bytes, len);
	c->len += len;
	return 0;
}

/* The end of the string at `p`: its NUL, or the end of the head. */
static const char *
capture_string(const struct capture *c, const char *p)
{
	const char *end = c->head + c->len;
	const char *nul = p < end ? memchr(p, '\0', (size_t)(end - p)) : NULL;

	return nul != NULL ? nul : end;
}

/* Where the first empty name stands; there is one. */
static uint64_t
capture_empty_name(const struct capture *c)
{
	const char *p = c->head + c->block, *end = c->head + c->len - 1;

	while (p < end && *p != '\0') {
		p = capture_string(c, p) + 1;
		p = capture_string(c, p) + 1;
	}
	return (uint64_t)(p - c->head);
}

/* Byte by byte, so that the one that is refused is known. */
static enum scgi_result
capture_push(struct capture *c, struct scgi *s, const char *bytes, size_t len)
{
	enum scgi_result result = SCGI_MORE;
	size_t i, used;

	for (i = 0; i < len && result == SCGI_MORE; i++) {
		if (bytes[i] == ':' && c->block == 0)
			c->block = c->len + i + 1;
		result = scgi_push(s, bytes + i, 1, &used);
	}
	if (capture_keep(c, bytes, i) == -1)
		return SCGI_BAD;
	if (result == SCGI_BAD) {
		c->why = cause_phrase(s->cause);
		c->word = cause_word(s->cause);
		c->at = s->cause == CAUSE_EMPTY_NAME ?
		    capture_empty_name(c) : c->len - 1;
	}
	return result;
}

int
capture_read(struct capture *c, const struct feed *feed)
{
	enum scgi_result result = SCGI_MORE;
	uint64_t offset = 0;
	char bytes[65536];
	struct scgi s;
	ssize_t n = 0;

	*c = (struct capture){ 0 };
	scgi_init(&s, CAPTURE_MAX, CAPTURE_MAX);
	while (result == SCGI_MORE &&
	    (n = feed_read(feed, offset, bytes, sizeof bytes)) > 0) {
		result = capture_push(c, &s, bytes, (size_t)n);
		offset += (uint64_t)n;
	}
	c->has_head = result == SCGI_DONE;
	c->content_length = s.content_length;
	c->body_len = feed->len - c->len;
	scgi_free(&s);
	if (result == SCGI_BAD && c->why == NULL)
		n = -1;		/* no memory */
	if (n == -1)
		return -1;
	if (result == SCGI_MORE) {
		c->why = "it ends within the header block";
		c->word = cause_word(CAUSE_HEADER_CUT);
		c->at = feed->len;
	} else if (result == SCGI_DONE && c->body_len < c->content_length) {
		c->why = "the body is shorter than CONTENT_LENGTH says";
		c->word = "body-cut";
		c->at = feed->len;
	}
	return 0;
}

/* The next pair of the block; NULL at its end. */
static const char *
capture_pair(const struct capture *c, const char *name, const char **value,
    size_t *name_len, size_t *value_len)
{
	const char *end = c->head + c->len - 1;		/* the comma */

	if (name >= end)
		return NULL;
	*name_len = (size_t)(capture_string(c, name) - name);
	*value = name + *name_len + 1;
	*value_len = (size_t)(capture_string(c, *value) - *value);
	return *value + *value_len + 1;
}

bool
capture_has(const struct capture *c, const char *name, const char *value)
{
	const char *p = c->head + c->block, *next, *its;
	size_t name_len, len;
	bool has = false;

	for (; (next = capture_pair(c, p, &its, &name_len, &len)) != NULL;
	    p = next)
		if (params_same(p, name_len, name))
			has = len == strlen(value) &&
			    memcmp(its, value, len) == 0;
	return has;
}

void
capture_params(const struct capture *c, const char *prefix, FILE *to)
{
	const char *name = c->head + c->block, *next, *value;
	size_t name_len, value_len;

	for (; (next = capture_pair(c, name, &value, &name_len,
	    &value_len)) != NULL; name = next) {
		(void)fputs(prefix, to);
		show_pair(to, name, name_len, value, value_len);
	}
}

void
capture_text(const struct capture *c, FILE *to)
{
	capture_params(c, "", to);
	(void)fprintf(to, "\nbody %" PRIu64 " bytes\n", c->content_length);
	if (c->body_len > c->content_length)
		(void)fprintf(to, "behind it %" PRIu64 " bytes that do not "
		    "belong to the request\n", c->body_len - c->content_length);
}

/* If it is no request. */
static void
capture_json_error(const struct capture *c, FILE *to)
{
	(void)fprintf(to, "{\"error\":");
	show_json(to, c->why, strlen(c->why));
	(void)fprintf(to, ",\"reason\":");
	show_json(to, c->word, strlen(c->word));
	(void)fprintf(to, ",\"offset\":%" PRIu64 "}\n", c->at);
}

void
capture_json(const struct capture *c, FILE *to)
{
	const char *name = c->head + c->block, *next, *value, *comma = "";
	size_t name_len, value_len;

	if (c->why != NULL) {
		capture_json_error(c, to);
		return;
	}
	(void)fprintf(to, "{\"parameters\":[");
	for (; (next = capture_pair(c, name, &value, &name_len,
	    &value_len)) != NULL; name = next) {
		(void)fprintf(to, "%s{\"name\":", comma);
		show_json(to, name, name_len);
		(void)fprintf(to, ",\"value\":");
		show_json(to, value, value_len);
		(void)fprintf(to, "}");
		comma = ",";
	}
	(void)fprintf(to, "],\"content_length\":%" PRIu64
	    ",\"excess\":%" PRIu64 "}\n", c->content_length,
	    c->body_len - c->content_length);
}
