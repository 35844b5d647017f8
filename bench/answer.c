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

/* A period of the pattern from any place of it on. */
static char answer_periods[2 * ANSWER_PERIOD];

static void	answer_search(struct answer *, const char *, char *, size_t);

const char *
answer_expectable(const char *expect)
{
	if (expect[0] == '\0' || strlen(expect) > ANSWER_EXPECT_SIZE)
		return "empty or too long";
	return NULL;
}

char
answer_pattern(size_t at)
{
	at %= ANSWER_PERIOD;
	return at == ANSWER_PERIOD - 1 ? '\n' : (char)('!' + at);
}

/*
 * The beginning of a piece tells whether something was lost, doubled or moved
 * before it: the period is no divisor of anybody's buffer.  To look at each
 * byte would take the processor from whom is measured.
 */
static int
answer_spoilt(size_t at, const char *body, size_t len)
{
	size_t i;

	if (answer_periods[0] == '\0')
		for (i = 0; i < sizeof answer_periods; i++)
			answer_periods[i] = answer_pattern(i);
	return memcmp(body, answer_periods + at % ANSWER_PERIOD,
	    len < ANSWER_PERIOD ? len : ANSWER_PERIOD) != 0;
}

void
answer_examine(struct answer *a, const struct wanted *wanted, char *data,
    size_t len)
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
	if (wanted->body_len > 0)
		a->spoilt |= answer_spoilt(a->body_len, data + i, len - i);
	a->body_len += len - i;
	if (a->part == ANSWER_BODY && wanted->text != NULL)
		answer_search(a, wanted->text, data + i, len - i);
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

/* Does it begin as a good one does?  What was not received is zero. */
static int
answer_good(const struct answer *a)
{
	return memcmp(a->first, "Status: 200", 11) == 0 ||
	    (memcmp(a->first, "HTTP/1.", 7) == 0 &&
	    memcmp(a->first + 8, " 200", 4) == 0);
}

const char *
answer_verdict(const struct answer *a, const struct wanted *wanted)
{
	if (a->len == 0)
		return "no answer";
	if (a->part < ANSWER_BODY)
		return "the header has no end";
	if (wanted->text != NULL && a->part != ANSWER_FOUND)
		return "text not in the body";
	if (wanted->body_len > 0 && a->body_len != wanted->body_len)
		return "not as long as it should be";
	if (a->spoilt)
		return "not what the program wrote";
	if (wanted->text == NULL && wanted->body_len == 0 && !answer_good(a))
		return "the status is not 200";
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
