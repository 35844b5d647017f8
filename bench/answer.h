/* SPDX-License-Identifier: ISC */

/* answer: is what the server sends the right answer? */

#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

enum {
	ANSWER_EXPECT_SIZE = 256,	/* longest text that can be expected */
	ANSWER_FIRST_SIZE = 64
};

/* How far the answer has been understood; the order matters. */
enum answer_part {
	ANSWER_LINE_START,	/* in the header, after a line's end */
	ANSWER_LINE,		/* in the header, inside a line */
	ANSWER_BODY,
	ANSWER_FOUND		/* in the body, and the text was in it */
};

/* All zero is an answer of which nothing has come yet. */
struct answer {
	enum answer_part	part;
	size_t			len;		/* received so far */
	size_t			tail_len;
	char			tail[ANSWER_EXPECT_SIZE]; /* body's end */
	char			first[ANSWER_FIRST_SIZE]; /* its beginning */
};

/* Whether a text can be looked for: NULL, or a phrase that says why not. */
const char *answer_expectable(const char *expect);

/*
 * Take note of the next piece.  expect is the text wanted in the body, one
 * that answer_expectable allows, or NULL.  Caution: the caller keeps
 * ANSWER_EXPECT_SIZE bytes free in front of data; they are overwritten.
 */
void	answer_examine(struct answer *, const char *expect, char *data,
	    size_t len);

/*
 * Whether the answer, now at its end, is right: it has a header and begins
 * with `Status: 200', or its body has the expected text in it if that is not
 * NULL.  Returns NULL, or a phrase that says why not.
 */
const char *answer_verdict(const struct answer *, const char *expect);

/* Say on standard error what was wrong with an answer, and how it began. */
void	answer_complain(const struct answer *, const char *why);

#endif
