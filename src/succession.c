/* SPDX-License-Identifier: ISC */
/*
 * succession: the crew that serves, the one that is to take over, and those on
 * their way out.
 *
 * A renewal changes nothing until the new crew, with the new configuration, has
 * said that it accepts connections. Only then the old one retires; the sockets
 * that both listen on were never closed.
 */
#include "platform.h"

#include "succession.h"

#include <bsd/sys/queue.h>

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "crew.h"
#include "handover.h"
#include "herald.h"
#include "inherit.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "privs.h"
#include "settings.h"
#include "sockets.h"

#define SUCCESSION_START_MS	30000	/* a new crew that takes longer failed */

/* A crew that is no more, or not any more, the one that serves. */
struct former {
	LIST_ENTRY(former)	 entry;
	struct crew		*crew;
};

struct succession {
	const struct succession_hooks *hooks;
	void			*arg;
	struct loop		*loop;
	struct rlimit		 nofile;
	struct crew		*crew;		/* serves; NULL: all is over */
	struct sockets		 sockets;	/* its */
	struct crew		*next;		/* is to take over */
	struct sockets		 next_sockets;
	const char		*what;		/* it is done for */
	struct timer		 start;		/* of the next crew */
	LIST_HEAD(, former)	 formers;
	struct former		*spare;		/* for the crew to be replaced */
	bool			 adopted;	/* the crew that serves was */
	bool			 stopping;
};

static void	succession_ready(void *, struct crew *);
static void	succession_hopeless(void *, struct crew *);
static void	succession_gone(void *, struct crew *);
static void	succession_bereft(void *, struct crew *);
static void	succession_forked(void *, struct crew *);
static void	succession_start_due(void *);

/* ---- a crew for a configuration ---- */

static struct crew_plan
succession_plan(struct succession *s, struct config *config)
{
	return (struct crew_plan){
		.config = config,
		.loop = s->loop,
		.nofile = s->nofile,
		.forked = succession_forked,
		.ready = succession_ready,
		.hopeless = succession_hopeless,
		.gone = succession_gone,
		.bereft = succession_bereft,
		.arg = s,
	};
}

/*
 * Open its sockets and make its crew, which owns the configuration then. NULL
 * after saying why not, with the exit status.
 */
static struct crew *
succession_make_crew(struct succession *s, struct config *config,
    struct sockets *sockets, int *status)
{
	struct crew_plan plan = succession_plan(s, config);
	const char *why = privs_find(&plan.privs, config->user, config->group);
	struct crew *crew;

	*status = EX_CONFIG;
	if (why != NULL) {
		log_errorx("user %s: %s: set user in the configuration, or "
		    "start as that user", config->user != NULL ? config->user :
		    "(not set)", why);
		return NULL;
	}
	*status = EX_UNAVAILABLE;
	if (sockets_open(sockets, &s->sockets, config, &plan.privs) == -1)
		return NULL;
	plan.listeners = sockets->v;
	plan.n_listeners = sockets->n;
	*status = EX_OSERR;
	if ((crew = crew_new(&plan)) == NULL) {
		log_error("cannot make workers");
		sockets_close(sockets, &s->sockets);
	}
	return crew;
}

/* In a new worker: close the sockets that its crew does not serve. */
static void
succession_forget_sockets(const struct sockets *sockets,
    const struct crew *ours)
{
	size_t i;

	for (i = 0; i < sockets->n; i++)
		if (!crew_listens(ours, sockets->v[i].fd))
			(void)close(sockets->v[i].fd);
}

/* In a new worker: let go of what is the master's, and of other crews. */
static void
succession_forked(void *arg, struct crew *ours)
{
	struct succession *s = arg;
	struct former *f;

	s->hooks->forked();
	loop_leave(s->loop);
	inherit_forked();
	succession_forget_sockets(&s->sockets, ours);
	succession_forget_sockets(&s->next_sockets, ours);
	if (s->crew != NULL)
		crew_forget(s->crew, ours);
	if (s->next != NULL)
		crew_forget(s->next, ours);
	LIST_FOREACH(f, &s->formers, entry)
		crew_forget(f->crew, ours);
}

/* ---- making ---- */

static struct succession *
succession_alloc(const struct succession_hooks *hooks, void *arg,
    struct loop *loop)
{
	struct succession *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->hooks = hooks;
	s->arg = arg;
	s->loop = loop;
	s->start.due = succession_start_due;
	s->start.arg = s;
	LIST_INIT(&s->formers);
	return s;
}

void
succession_free(struct succession *s)
{
	sockets_close(&s->sockets, NULL);
	crew_free(s->crew);
	free(s->spare);
	free(s);
}

struct succession *
succession_new(struct config *config, const struct succession_hooks *hooks,
    void *arg, struct loop *loop, const struct rlimit *nofile, int *status)
{
	struct succession *s = succession_alloc(hooks, arg, loop);

	if (s == NULL) {
		*status = EX_OSERR;
		log_error("cannot start");
		return NULL;
	}
	s->nofile = *nofile;
	s->crew = succession_make_crew(s, config, &s->sockets, status);
	if (s->crew == NULL) {
		succession_free(s);
		return NULL;
	}
	return s;
}

void
succession_start(struct succession *s, const char *what)
{
	crew_announce(s->crew, what);
	crew_start(s->crew);
}

/* A crew that does not serve: remember it until it is gone. */
static void
succession_former(struct succession *s, struct crew *crew)
{
	struct former *f = s->spare != NULL ? s->spare : calloc(1, sizeof *f);

	s->spare = NULL;
	if (f == NULL) {		/* then its workers are orphans */
		log_warn("cannot remember old workers");
		crew_end(crew);
		return;
	}
	f->crew = crew;
	LIST_INSERT_HEAD(&s->formers, f, entry);
}

/* ---- handing over ---- */

int
succession_hand_over(const struct succession *s, struct handover *to)
{
	const struct former *f;

	to->nofile = s->nofile;
	if (sockets_hand_over(&s->sockets, to) == -1 ||
	    crew_hand_over(s->crew, to) == NULL)
		return -1;
	LIST_FOREACH(f, &s->formers, entry)
		if (crew_hand_over(f->crew, to) == NULL)
			return -1;
	return 0;
}

struct succession *
succession_adopt(struct handover *from, struct config *config,
    const struct succession_hooks *hooks, void *arg, struct loop *loop)
{
	struct succession *s = succession_alloc(hooks, arg, loop);
	struct crew_plan plan;
	struct crew *crew;
	size_t i;

	if (s == NULL)
		return NULL;
	s->nofile = from->nofile;
	s->adopted = true;
	s->sockets = (struct sockets){ from->listeners, from->n_listeners };
	from->listeners = NULL;
	from->n_listeners = 0;
	plan = succession_plan(s, config);
	for (i = 0; i < from->n_crews; i++) {
		if ((crew = crew_adopt(&plan, &from->crews[i])) == NULL)
			return NULL;
		if (i == 0)
			s->crew = crew;
		else
			succession_former(s, crew);
		plan.config = NULL;
	}
	herald_adopted(s->crew);
	return s;
}

/* ---- renewing ---- */

/* What is the matter now that the new crew will not do. */
static void
succession_say_kept(const struct succession *s, const char *why)
{
	if (s->adopted)
		log_errorx("not %s: %s; the workers of the version before go "
		    "on, but none that dies is replaced: mend it, then reload",
		    s->what, why);
	else
		log_errorx("not %s: %s; the configuration in force stays",
		    s->what, why);
	herald_kept(why);
}

void
succession_renew(struct succession *s, const char *what)
{
	struct config *config;
	int status;

	s->what = what;
	/* Once the new crew serves, it is too late to want for memory. */
	if (s->spare == NULL &&
	    (s->spare = calloc(1, sizeof *s->spare)) == NULL) {
		log_error("cannot make workers");
		succession_say_kept(s, "no memory");
		s->hooks->settled(s->arg);
		return;
	}
	if ((config = s->hooks->read()) == NULL) {
		succession_say_kept(s, "the file has faults");
		s->hooks->settled(s->arg);
		return;
	}
	if ((s->next = succession_make_crew(s, config, &s->next_sockets,
	    &status)) != NULL && s->hooks->logs(config) == 0) {
		timer_set(s->loop, &s->start,
		    loop_now(s->loop) + SUCCESSION_START_MS);
		crew_start(s->next);
		return;
	}
	succession_say_kept(s, "what it asks for cannot be had");
	if (s->next == NULL) {
		config_free(config);
	} else {
		sockets_close(&s->next_sockets, &s->sockets);
		(void)s->hooks->logs(crew_config(s->crew));
		crew_free(s->next);
		s->next = NULL;
	}
	s->hooks->settled(s->arg);
}

/* Let a crew go whose sockets `kept` goes on to serve, but for some. */
static void
succession_dismiss(struct succession *s, struct crew *crew,
    struct sockets *sockets, const struct sockets *kept)
{
	bool *closed = sockets_missing(sockets, kept);

	sockets_close(sockets, kept);
	succession_former(s, crew);
	if (closed != NULL)
		crew_retire(crew, closed);
	else
		crew_stop(crew);
	free(closed);
}

/*
 * The new crew will not do: as if nothing had been. Those of it that did start
 * finish what they have accepted.
 */
static void
succession_give_up(struct succession *s)
{
	struct crew *failed = s->next;

	timer_stop(s->loop, &s->start);
	s->next = NULL;
	(void)s->hooks->logs(crew_config(s->crew));
	if (!s->stopping)
		succession_say_kept(s, "the new workers do not start");
	succession_dismiss(s, failed, &s->next_sockets, &s->sockets);
	s->hooks->settled(s->arg);
}

static void
succession_start_due(void *arg)
{
	succession_give_up(arg);
}

/* The new crew serves: the old one may go. */
static void
succession_take_over(struct succession *s)
{
	struct crew *old = s->crew;
	struct sockets before = s->sockets;

	timer_stop(s->loop, &s->start);
	s->crew = s->next;
	s->sockets = s->next_sockets;
	s->next = NULL;
	s->next_sockets = (struct sockets){ .v = NULL };
	s->adopted = false;
	succession_dismiss(s, old, &before, &s->sockets);
	crew_announce(s->crew, s->what);
	herald_serving(s->crew);
	s->hooks->settled(s->arg);
}

bool
succession_is_renewing(const struct succession *s)
{
	return s->next != NULL;
}

/* ---- stopping ---- */

void
succession_stop(struct succession *s)
{
	struct former *f;

	s->stopping = true;
	if (s->next != NULL)
		succession_give_up(s);
	sockets_close(&s->sockets, NULL);
	crew_stop(s->crew);
	LIST_FOREACH(f, &s->formers, entry)
		crew_stop(f->crew);
}

void
succession_end(struct succession *s)
{
	struct former *f;

	if (s->crew != NULL)
		crew_end(s->crew);
	LIST_FOREACH(f, &s->formers, entry)
		crew_end(f->crew);
}

/* ---- what crews say ---- */

static void
succession_ready(void *arg, struct crew *crew)
{
	struct succession *s = arg;

	if (crew == s->next)
		succession_take_over(s);
	else if (crew == s->crew && !s->stopping)
		herald_serving(crew);
}

static void
succession_hopeless(void *arg, struct crew *crew)
{
	struct succession *s = arg;

	if (crew == s->next)
		succession_give_up(s);
	else if (crew == s->crew)
		s->hooks->failed(s->arg, EX_CONFIG);
}

/* It knows no configuration; maybe by now there is one that it could have. */
static void
succession_bereft(void *arg, struct crew *crew)
{
	struct succession *s = arg;

	if (crew == s->crew && s->next == NULL)
		succession_renew(s, s->what);
}

static void
succession_gone(void *arg, struct crew *crew)
{
	struct succession *s = arg;
	struct former *f, *next;

	for (f = LIST_FIRST(&s->formers); f != NULL; f = next) {
		next = LIST_NEXT(f, entry);
		if (f->crew == crew) {
			LIST_REMOVE(f, entry);
			free(f);
		}
	}
	if (crew == s->crew)
		s->crew = NULL;
	crew_free(crew);
	if (s->crew == NULL && LIST_EMPTY(&s->formers))
		s->hooks->over(s->arg);
}

/* ---- all of them ---- */

bool
succession_reap(struct succession *s, pid_t pid)
{
	struct former *f;

	if ((s->crew != NULL && crew_reap(s->crew, pid)) ||
	    (s->next != NULL && crew_reap(s->next, pid)))
		return true;
	LIST_FOREACH(f, &s->formers, entry)
		if (crew_reap(f->crew, pid))
			return true;
	return false;
}

const struct config *
succession_config(const struct succession *s)
{
	return crew_config(s->crew);
}

void
succession_logs(struct succession *s)
{
	struct former *f;

	crew_logs(s->crew);
	LIST_FOREACH(f, &s->formers, entry)
		crew_logs(f->crew);
}
