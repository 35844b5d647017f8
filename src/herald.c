/* SPDX-License-Identifier: ISC */
/*
 * herald: what the service manager is told of the gateway, and when.
 *
 * The counts in the status are those of the moment in which something else was
 * to be told, or of the watchdog's last tick. They are no reason to wake up:
 * without a watchdog there is no tick, and an idle gateway sleeps.
 */
#include "platform.h"

#include "herald.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crew.h"
#include "log.h"
#include "loop.h"
#include "notify.h"

#define HERALD_STATUS	256

static struct loop *loop;
static struct crew *crew;		/* that serves; NULL: none */
static const char *kept;		/* why not the last configuration */
static struct timer tick;
static bool stopping, silent;		/* a worker does not answer */
static char told[HERALD_STATUS];	/* the status that was told last */

static void	herald_tick_due(void *);

void
herald_init(struct loop *l)
{
	loop = l;
	tick.due = herald_tick_due;
}

/* Say how it stands, behind what the manager is to know, which may be "". */
static void
herald_tell(const char *what)
{
	struct crew_view view;
	char status[HERALD_STATUS];

	if (!notify_is_wanted())
		return;
	if (crew == NULL) {		/* who still works is told no more */
		notify_send("%s", what);
		return;
	}
	crew_look(crew, &view);
	(void)snprintf(status, sizeof status, "%s%u worker%s, %u request%s, "
	    "%u program%s running, %u waiting%s%s",
	    stopping ? "stopping: " : "",
	    view.workers, view.workers == 1 ? "" : "s",
	    view.requests, view.requests == 1 ? "" : "s",
	    view.programs, view.programs == 1 ? "" : "s", view.waiting,
	    kept != NULL ? "; configuration kept: " : "",
	    kept != NULL ? kept : "");
	if (what[0] == '\0' && strcmp(status, told) == 0)
		return;
	(void)snprintf(told, sizeof told, "%s", status);
	notify_send("%sSTATUS=%s", what, status);
}

/*
 * The watchdog bites unless it is answered in time. So workers are asked twice
 * in that time; when one is silent it is looked for more often.
 */
static void
herald_tick_due(void *arg)
{
	int64_t within = notify_watchdog_ms();
	bool well = stopping || (crew != NULL && crew_answers(crew));

	(void)arg;
	if (!well && !silent)
		log_warnx("a worker does not answer; until it does, neither "
		    "is the watchdog answered");
	silent = !well;
	herald_tell(well ? "WATCHDOG=1\n" : "");
	timer_set(loop, &tick, loop_now(loop) + 1 + within / (well ? 2 : 8));
}

/* From now on, if anybody watches. */
static void
herald_watch(void)
{
	int64_t within = notify_watchdog_ms();

	if (within == 0 || tick.at_ms != 0)
		return;
	(void)crew_answers(crew);
	timer_set(loop, &tick, loop_now(loop) + within / 2);
}

void
herald_serving(struct crew *c)
{
	crew = c;
	kept = NULL;
	herald_tell("READY=1\n");
	herald_watch();
}

void
herald_reloading(void)
{
	struct timespec now = { .tv_sec = 0 };
	char what[96];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(what, sizeof what,
	    "RELOADING=1\nMONOTONIC_USEC=%lld\n",
	    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	herald_tell(what);
}

void
herald_adopted(struct crew *c)
{
	crew = c;
	herald_reloading();
	/* When it was answered last, only the binary before us knows. */
	if (notify_watchdog_ms() != 0)
		herald_tick_due(NULL);
}

void
herald_kept(const char *why)
{
	kept = why;
	herald_tell("READY=1\n");
}

void
herald_stopping(void)
{
	stopping = true;
	kept = NULL;
	herald_tell("STOPPING=1\n");
	crew = NULL;
}
