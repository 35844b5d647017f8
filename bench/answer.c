/* SPDX-License-Identifier: ISC */

/*
 * answer: is what the server sends the right answer?  It is looked at piece
 * by piece and never kept, so that its size does not matter.  The text that
 * is looked for may lie across pieces: the end of each is kept for that.
 */

#define _GNU_SOURCE 1	/* memmem */

#include "answer.h"

#include <err.h>
#include <string.h>

#define ANSWER_STATUS	"Status: 200"

static void	answer_search(struct answer *, const char *, char *, size_t);

const char *
answer_expectable(const char *expect)
{
	if (expect[0] == '\0' || strlen(expect) > ANSWER_EXPECT_SIZE)
		return "empty or too long";
	return NULL;
}

void
answer_examine(struct answer *a, const char *expect, char *data, size_t len)
{
	size_t i, n;

	if (a->len < sizeof a->first) {
		n = sizeof a->first - a->len;
		memcpy(a->first + a->len, data, n < len ? n : len);
	}
	a->len += len;
	for (i = 0; i < len && a->part < ANSWER_BODY; i++)
		if (data[i] != '\n')
			a->part = data[i] == '\r' ? a->part : ANSWER_LINE;
		else if (a->part == ANSWER_LINE)
			a->part = ANSWER_LINE_START;
		else
			a->part = ANSWER_BODY;
	if (a->part == ANSWER_BODY && expect != NULL)
		answer_search(a, expect, data + i, len - i);
}

/*
 * Look for the expected text in a piece of the body.  The tail of the last
 * piece goes in front of it: an answer with a tail is past its header, so
 * that body is where the caller's free room ends.
 */
static void
answer_search(struct answer *a, const char *expect, char *body, size_t len)
{
	size_t expect_len = strlen(expect), keep = expect_len - 1;

	body -= a->tail_len;
	len += a->tail_len;
	memcpy(body, a->tail, a->tail_len);
	if (memmem(body, len, expect, expect_len) != NULL)
		a->part = ANSWER_FOUND;
	a->tail_len = keep < len ? keep : len;
	memcpy(a->tail, body + len - a->tail_len, a->tail_len);
}

const char *
answer_verdict(const struct answer *a, const char *expect)
{
	if (a->len == 0)
		return "no answer";
	if (a->part < ANSWER_BODY)
		return "the header has no end";
	if (expect != NULL)
		return a->part == ANSWER_FOUND ? NULL : "text not in the body";
	/* What was not received is zero and cannot match. */
	if (memcmp(a->first, ANSWER_STATUS, sizeof ANSWER_STATUS - 1) != 0)
		return "does not begin with " ANSWER_STATUS;
	return NULL;
}

void
answer_complain(const struct answer *a, const char *why)
{
	char line[ANSWER_FIRST_SIZE + 1];
	size_t i;

	for (i = 0; i < a->len && i < sizeof a->first; i++)
		line[i] = a->first[i] >= ' ' && a->first[i] <= '~' ?
		    a->first[i] : '.';
	line[i] = '\0';
	warnx("%s: %zu bytes, beginning \"%s\"", why, a->len, line);
}
