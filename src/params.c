/* SPDX-License-Identifier: ISC */
/*
 * params: a list of parameters that grows and can be edited.
 *
 * Pure. A failing allocation is noted, not reported: whoever made the list
 * looks once, at the end.
 */
#include "platform.h"

#include "params.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
params_same(const char *name, size_t len, const char *folded)
{
	size_t i;

	if (len != strlen(folded))
		return false;
	for (i = 0; i < len; i++)
		if (toupper((unsigned char)name[i]) != folded[i] &&
		    !(name[i] == '-' && folded[i] == '_'))
			return false;
	return true;
}

/* Room for one more. */
static bool
params_grow(struct params *p)
{
	struct param *grown;

	if (p->n < p->size)
		return true;
	grown = reallocarray(p->list, p->size + 32, sizeof *p->list);
	if (grown == NULL)
		return false;
	p->list = grown;
	p->size += 32;
	return true;
}

void
params_add(struct params *p, const char *name, const char *value)
{
	struct param new = { NULL, NULL };

	if (!params_grow(p) || (new.name = strdup(name)) == NULL ||
	    (new.value = strdup(value)) == NULL) {
		free(new.name);
		p->no_memory = true;
		return;
	}
	p->list[p->n++] = new;
}

struct param *
params_find(const struct params *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return &p->list[i];
	return NULL;
}

void
params_set(struct params *p, const char *name, const char *value)
{
	struct param *old = params_find(p, name);
	char *copy;

	if (old == NULL) {
		params_add(p, name, value);
	} else if ((copy = strdup(value)) == NULL) {
		p->no_memory = true;
	} else {
		free(old->value);
		old->value = copy;
	}
}

void
params_join(struct params *p, const char *name, const char *separator,
    const char *more)
{
	struct param *old = params_find(p, name);
	char *joined;

	if (old == NULL) {
		params_add(p, name, more);
	} else if (asprintf(&joined, "%s%s%s", old->value, separator,
	    more) == -1) {
		p->no_memory = true;
	} else {
		free(old->value);
		old->value = joined;
	}
}

bool
params_drop(struct params *p, const char *name)
{
	size_t i, kept = 0;
	char *own = NULL;
	bool found;

	for (i = 0; i < p->n; i++) {
		if (strcmp(p->list[i].name, name) != 0) {
			p->list[kept++] = p->list[i];
			continue;
		}
		if (p->list[i].name == name)	/* still needed */
			own = p->list[i].name;
		else
			free(p->list[i].name);
		free(p->list[i].value);
	}
	free(own);
	found = kept < p->n;
	p->n = kept;
	return found;
}

void
params_free(struct params *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		free(p->list[i].name);
		free(p->list[i].value);
	}
	free(p->list);
	*p = (struct params){ 0 };
}
