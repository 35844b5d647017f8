/* SPDX-License-Identifier: ISC */

/* answer: is what the server sends the right answer? */

#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>

enum {
	ANSWER_EXPECT_SIZE = 256,	/* longest text that can be expected */
	ANSWER_FIRST_SIZE = 64,
	ANSWER_PERIOD = 61		/* of the pattern that work writes */
};

/*
 * What an answer must be: all that is set must hold.  All zero asks for a
 * header, and for `Status: 200' or `HTTP/1.x 200' at its beginning.
 */
struct wanted {
	const char	*text;		/* somewhere in the body, or NULL */
	size_t		 body_len;	/* exactly, and the pattern; 0: any */
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
	size_t			body_len;	/* of that, the body */
	int			spoilt;		/* not the pattern */
	size_t			tail_len;
	char			tail[ANSWER_EXPECT_SIZE]; /* body's end */
	char			first[ANSWER_FIRST_SIZE]; /* its beginning */
};

/* Whether a text can be looked for: NULL, or a phrase that says why not. */
const char *answer_expectable(const char *expect);

/* The byte of the pattern at this place of a body. */
char	answer_pattern(size_t at);

/*
 * Take note of the next piece.  Caution: the caller keeps ANSWER_EXPECT_SIZE
 * bytes free in front of data; they are overwritten.
 */
void	answer_examine(struct answer *, const struct wanted *, char *data,
	    size_t len);

/*
 * Whether the answer, now at its end, is what was wanted.  Returns NULL, or a
 * phrase that says why not.
 */
const char *answer_verdict(const struct answer *, const struct wanted *);

/* Say on standard error what was wrong with an answer, and how it began. */
void	answer_complain(const struct answer *, const char *why);

#endif
