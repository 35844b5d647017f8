/* SPDX-License-Identifier: ISC */
/*
 * option: the table of all options of the configuration file.
 *
 * One row says everything about an option: its name, what its value looks
 * like, where it may stand, where it goes, its default and its bounds.
 */
#ifndef CGID_OPTION_H
#define CGID_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
	OPTION_TEXT,		/* char * */
	OPTION_LIST,		/* struct strings */
	OPTION_INHERIT,		/* likewise: names in the file, "NAME=value" of
				   our environment in the structure */
	OPTION_DURATION,	/* int64_t milliseconds */
	OPTION_SIZE,		/* int64_t bytes */
	OPTION_NUMBER,		/* int64_t */
	OPTION_MODE,		/* int64_t */
	OPTION_WORD,		/* int: index into the words */
	OPTION_SWITCH,		/* bool: no, yes */
};

/* Into which structure `offset` points. */
enum option_place { OPTION_GLOBAL, OPTION_SETTING, OPTION_MAP, OPTION_HANDLER };

struct option_row {
	const char	*name;
	enum option_kind kind;
	enum option_place place;
	size_t		 offset;
	const char	*initial;	/* as in the file; NULL: none */
	int64_t		 min, max;	/* of numbers */
	const char	*words;		/* of words: "one|two" */
	/* Further check of one value: NULL, or a phrase. */
	const char	*(*check)(const char *value);
	bool		 unique;	/* a list without repetitions */
};

extern const struct option_row option_table[];
extern const size_t option_count;

/* May the option have several values? */
bool		option_is_list(const struct option_row *);

/*
 * Is `text` a value of this option? NULL, or a phrase that says why not, in
 * memory that the next call overwrites.
 */
const char	*option_check(const struct option_row *, const char *text);

/*
 * Store a checked value (of a list: one more value) at its offset below
 * `base`. -1 without memory.
 */
int	option_store(const struct option_row *, const char *text, void *base);

/* Give back what option_store() allocated. */
void	option_free(const struct option_row *, void *base);

#endif
