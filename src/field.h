/* SPDX-License-Identifier: ISC */
/*
 * field: header fields of an HTTP request, and the parameters made of them.
 */
#ifndef CGID_FIELD_H
#define CGID_FIELD_H

#include <stdbool.h>
#include <stddef.h>

struct params;

/* What a web server does with header fields. */
struct field_habits {
	bool	underscores;	/* names with '_' pass */
	bool	empty;		/* fields without a value pass */
	bool	content_type;	/* is HTTP_CONTENT_TYPE, not CONTENT_TYPE */
	const char *cookie, *other;	/* what joins repeated ones, or NULL */
	const char *drops[4];	/* parameters that are not sent; ends in NULL */
};

/*
 * "Name: value" replaces the field of that name in `fields`, unless `own` has
 * it: then it is one more. "Name:" takes the field out and "Name;" makes it
 * empty. `own` remembers the names. NULL, or a phrase.
 */
const char	*field_set(struct params *fields, struct params *own,
		    const char *line);

/* The value of the first field of this name, in any case; NULL if none. */
const char	*field_get(const struct params *fields, const char *name);

/* Add to `out` what a server makes of the fields. */
void	field_params(const struct params *fields, const struct field_habits *,
	    struct params *out);

#endif
