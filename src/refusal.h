/* SPDX-License-Identifier: ISC */
/*
 * refusal: an answer of our own, as a mapping wants its answers to look.
 */
#ifndef CGID_REFUSAL_H
#define CGID_REFUSAL_H

#include <stddef.h>

#include "reply.h"

struct settings;

/* How replies look; `method` is NULL where it is not known. */
struct reply_style	refusal_style(const struct settings *,
			    const char *method);

/*
 * The whole answer, for the caller to free, or NULL without memory. Adds the
 * fields that the status calls for, and the reason if error-body allows it.
 */
char	*refusal_make(const struct settings *, const char *method, enum cause,
	    size_t *len);

#endif
