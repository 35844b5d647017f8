/* SPDX-License-Identifier: ISC */
/*
 * crowd: one request many times, so many at a time.
 */
#ifndef CGID_CROWD_H
#define CGID_CROWD_H

#include <stddef.h>

struct plan;
struct visit;

/*
 * Make `number` visits, `concurrency` at a time, and tell `done` of each that
 * is over. -1 with errno if there is no memory to begin with.
 */
int	crowd_run(const struct plan *, size_t number, size_t concurrency,
	    void (*done)(void *arg, const struct visit *), void *arg);

#endif
