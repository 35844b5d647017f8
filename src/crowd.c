/* SPDX-License-Identifier: ISC */
/*
 * crowd: one request many times, so many at a time.
 *
 * One poll(2) for all that are under way; it sleeps until the first deadline.
 * A place whose visit is over gets the next one at once.
 */
#include "platform.h"

#include "crowd.h"

#include <sys/resource.h>

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>

#include "plan.h"
#include "visit.h"

struct crowd {
	const struct plan	*plan;
	struct visit		*visits;
	struct pollfd		*polls;
	size_t			 places;	/* in use: the first ones */
	size_t			 to_start;
	void	(*done)(void *arg, const struct visit *);
	void			*arg;
};

/* Fill a place with the next visit; false when there is none. */
static bool
crowd_next(struct crowd *c, struct visit *v)
{
	while (c->to_start > 0) {
		c->to_start--;
		visit_start(v, c->plan);
		if (v->end == VISIT_OPEN)
			return true;
		c->done(c->arg, v);
		visit_close(v);
	}
	return false;
}

/* Visits that are over make place for others, or the last one moves up. */
static void
crowd_renew(struct crowd *c)
{
	size_t i = 0;

	while (i < c->places) {
		if (c->visits[i].end == VISIT_OPEN) {
			i++;
			continue;
		}
		c->done(c->arg, &c->visits[i]);
		visit_close(&c->visits[i]);
		if (crowd_next(c, &c->visits[i]))
			i++;
		else
			c->visits[i] = c->visits[--c->places];
	}
}

/* Milliseconds until `when`, rounded up, as poll(2) wants them. */
static int
crowd_patience(int64_t when)
{
	int64_t ms;

	if (when == VISIT_NEVER)
		return -1;
	ms = (when - visit_now() + 999999) / 1000000;
	return ms < 0 ? 0 : ms > 3600000 ? 3600000 : (int)ms;
}

/* Sleep until something happens, and let each visit see it. */
static void
crowd_step(struct crowd *c)
{
	int64_t when, first = VISIT_NEVER;
	size_t i;
	int n;

	for (i = 0; i < c->places; i++) {
		when = visit_wants(&c->visits[i], &c->polls[i]);
		if (when < first)
			first = when;
	}
	n = poll(c->polls, (nfds_t)c->places, crowd_patience(first));
	for (i = 0; i < c->places; i++)
		visit_step(&c->visits[i], n > 0 ? c->polls[i].revents : 0);
}

/* A descriptor for each: as many as we may have without asking. */
static void
crowd_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int
crowd_run(const struct plan *plan, size_t number, size_t concurrency,
    void (*done)(void *arg, const struct visit *), void *arg)
{
	struct crowd c = { .plan = plan, .to_start = number, .done = done,
	    .arg = arg };

	if (concurrency > number)
		concurrency = number;
	if (concurrency > 1)
		crowd_descriptors();
	c.visits = calloc(concurrency, sizeof *c.visits);
	c.polls = calloc(concurrency, sizeof *c.polls);
	if (c.visits == NULL || c.polls == NULL) {
		free(c.visits);
		free(c.polls);
		return -1;
	}
	while (c.places < concurrency && crowd_next(&c, &c.visits[c.places]))
		c.places++;
	while (c.places > 0) {
		crowd_step(&c);
		crowd_renew(&c);
	}
	free(c.visits);
	free(c.polls);
	return 0;
}
