/* SPDX-License-Identifier: ISC */
/*
 * params: a list of parameters that grows and can be edited.
 */
#ifndef CGID_PARAMS_H
#define CGID_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

struct param {
	char	*name;
	char	*value;
};

/* All zero is an empty list. The list owns names and values. */
struct params {
	struct param	*list;
	size_t		 n, size;
	bool		 no_memory;	/* something could not be added */
};

/*
 * Would the daemon take this name for `folded`? RFC 3875 4.1: in any case;
 * here '-' is '_', too.
 */
bool	params_same(const char *name, size_t len, const char *folded);

/* Add a copy of name and value at the end. */
void	params_add(struct params *, const char *name, const char *value);

/* The first one of this name, or NULL. Valid until the list changes. */
struct param	*params_find(const struct params *, const char *name);

/* Give the first one of this name another value, or add it. */
void	params_set(struct params *, const char *name, const char *value);

/* Put `more` behind the value of the first one of this name, or add it. */
void	params_join(struct params *, const char *name, const char *separator,
	    const char *more);

/* Take out all of this name, which may be the list's own. Were there any? */
bool	params_drop(struct params *, const char *name);

/* Give back what the list owns; it is empty then. */
void	params_free(struct params *);

#endif
