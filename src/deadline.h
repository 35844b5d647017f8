/* SPDX-License-Identifier: ISC */
/*
 * deadline: how long a request may stay as it is.
 */
#ifndef CGID_DEADLINE_H
#define CGID_DEADLINE_H

#include <stdint.h>

#include "cause.h"

struct config;
struct exchange;
struct record;

/*
 * When, on the loop's clock, and what has not happened by then. at_ms is 0
 * where there is none. CAUSE_NONE means that the client has been drained long
 * enough if it lingers, and else that run and exchange are to be looked after.
 */
struct deadline {
	int64_t		at_ms;
	enum cause	cause;
};

/* The nearest one. The record has the times when things began. */
struct deadline	deadline_find(const struct exchange *, const struct config *,
		    const struct record *);

#endif
