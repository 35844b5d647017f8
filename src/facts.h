/* SPDX-License-Identifier: ISC */
/*
 * facts: keys and values, and the lines made of them.
 */
#ifndef CGID_FACTS_H
#define CGID_FACTS_H

#include <stddef.h>

struct line;

/* More than anyone adds. */
#define FACTS_MAX	32

/* Keys are lower case words; text is borrowed. */
struct facts {
	struct fact {
		const char	*key;
		const char	*text;		/* NULL: it is a number */
		long long	 number;
	} v[FACTS_MAX];
	size_t n;
};

/* Add one; a text that is NULL is left out. */
void	facts_text(struct facts *, const char *key, const char *text);
void	facts_number(struct facts *, const char *key, long long number);

/*
 * Add ` key=value` for each fact. A value is quoted if it is empty or has
 * spaces, quotes, backslashes or equal signs in it; quotes and backslashes in
 * it get a backslash. One that would be longer than 1024 bytes in the log is
 * cut, and ends in three dots.
 */
void	facts_kv(struct line *, const struct facts *);

/*
 * Add a JSON object that begins with the time. Text is cut as above; in it, a
 * backslash stands for itself twice and a byte NN that is not UTF-8 is \xNN, so
 * that every reader of JSON takes it and nothing is lost.
 */
void	facts_json(struct line *, const char *time, const struct facts *);

#endif
