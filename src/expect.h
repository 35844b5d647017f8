/* SPDX-License-Identifier: ISC */
/*
 * expect: is an answer what it should be?
 */
#ifndef CGID_EXPECT_H
#define CGID_EXPECT_H

#include <stdbool.h>
#include <stddef.h>

/* A text looked for in a body that comes in pieces; `text` is borrowed. */
struct expect {
	const char	*text;
	bool		 found;
	/* private: the end of what has come, shorter than the text */
	char		*tail;
	size_t		 tail_len;
};

/* Is this a list of statuses: "200", "2xx", "200,304,4xx"? */
bool	expect_is_list(const char *list);

/* Is the status in such a list? NULL is every status below 400. */
bool	expect_status(const char *list, int status);

/* Begin to look for a text; with NULL it is found at once. */
int	expect_start(struct expect *, const char *text);

/* Take a piece of the body. */
void	expect_take(struct expect *, const char *bytes, size_t len);

/* Give back what the structure owns. */
void	expect_end(struct expect *);

#endif
