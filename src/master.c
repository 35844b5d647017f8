/* SPDX-License-Identifier: ISC */
/*
 * master: hold the sockets, have a crew serve them; reload; stop.
 *
 * The only process that may be root. It never sees a byte from a client, and
 * does nothing but bind, fork, wait and signal.
 *
 * A reload changes nothing until the new crew, with the new configuration, has
 * said that it accepts connections. Only then the old one retires; the sockets
 * that both listen on were never closed.
 */
#include "platform.h"

#include "master.h"

#include <bsd/sys/queue.h>
#include <bsd/unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "crew.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "privs.h"
#include "settings.h"
#include "sockets.h"

#define MASTER_START_MS		30000	/* a new crew that takes longer failed */

/* A crew that is no more, or not any more, the one that serves. */
struct former {
	LIST_ENTRY(former)	 entry;
	struct crew		*crew;
};

struct master {
	const struct master_hooks *hooks;
	struct loop		*loop;
	struct rlimit		 nofile;
	struct crew		*crew;		/* serves; NULL: all is over */
	struct sockets		 sockets;	/* its */
	struct crew		*next;		/* is to take over */
	struct sockets		 next_sockets;
	bool			 again, reopen;	/* told to, meanwhile */
	struct timer		 start;		/* of the next crew */
	LIST_HEAD(, former)	 formers;
	bool			 stopping;
	int			 status;
};

static void	master_crew_ready(void *, struct crew *);
static void	master_crew_hopeless(void *, struct crew *);
static void	master_crew_gone(void *, struct crew *);
static void	master_forked(void *, struct crew *);
static void	master_reload(struct master *);
static void	master_reopen_logs(struct master *);

/* ---- a crew for a configuration ---- */

/*
 * Open its sockets and make its crew, which owns the configuration then. NULL
 * after saying why not, with the exit status.
 */
static struct crew *
master_make_crew(struct master *m, struct config *config,
    struct sockets *sockets, int *status)
{
	struct crew_plan plan = {
		.config = config,
		.loop = m->loop,
		.nofile = m->nofile,
		.forked = master_forked,
		.ready = master_crew_ready,
		.hopeless = master_crew_hopeless,
		.gone = master_crew_gone,
		.arg = m,
	};
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
	if (sockets_open(sockets, &m->sockets, config, &plan.privs) ==
	    -1)
		return NULL;
	plan.listeners = sockets->v;
	plan.n_listeners = sockets->n;
	*status = EX_OSERR;
	if ((crew = crew_new(&plan)) == NULL) {
		log_error("cannot make workers");
		sockets_close(sockets, &m->sockets);
	}
	return crew;
}

/* In a new worker: close the sockets that its crew does not serve. */
static void
master_forget_sockets(const struct sockets *s, const struct crew *ours)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!crew_listens(ours, s->v[i].fd))
			(void)close(s->v[i].fd);
}

/* In a new worker: let go of what is the master's, and of other crews. */
static void
master_forked(void *arg, struct crew *ours)
{
	struct master *m = arg;
	struct former *f;

	m->hooks->forked();
	loop_leave(m->loop);
	master_forget_sockets(&m->sockets, ours);
	master_forget_sockets(&m->next_sockets, ours);
	if (m->crew != NULL)
		crew_forget(m->crew, ours);
	if (m->next != NULL)
		crew_forget(m->next, ours);
	LIST_FOREACH(f, &m->formers, entry)
		crew_forget(f->crew, ours);
}

/* ---- reload ---- */

/* A crew that does not serve: remember it until it is gone. */
static void
master_former(struct master *m, struct crew *crew)
{
	struct former *f = calloc(1, sizeof *f);

	if (f == NULL) {		/* then its workers are orphans */
		log_warn("cannot remember old workers");
		crew_end(crew);
		return;
	}
	f->crew = crew;
	LIST_INSERT_HEAD(&m->formers, f, entry);
}

static void
master_reload(struct master *m)
{
	struct config *config;
	int status;

	if (m->stopping)
		return;
	if (m->next != NULL) {
		m->again = true;
		return;
	}
	log_notice("reading the configuration anew");
	if ((config = m->hooks->read()) == NULL) {
		log_errorx("not reloaded: the configuration in force stays");
		return;
	}
	if ((m->next = master_make_crew(m, config, &m->next_sockets,
	    &status)) == NULL || m->hooks->logs(config) == -1) {
		log_errorx("not reloaded: the configuration in force stays");
		if (m->next == NULL) {
			config_free(config);
			return;
		}
		sockets_close(&m->next_sockets, &m->sockets);
		(void)m->hooks->logs(crew_config(m->crew));
		crew_free(m->next);
		m->next = NULL;
		return;
	}
	timer_set(m->loop, &m->start, loop_now(m->loop) + MASTER_START_MS);
	crew_start(m->next);
}

/* What was asked for while a reload was going on. */
static void
master_catch_up(struct master *m)
{
	bool again = m->again, reopen = m->reopen;

	m->again = m->reopen = false;
	if (reopen)
		master_reopen_logs(m);
	if (again)
		master_reload(m);
}

/* Let a crew go whose sockets `kept` goes on to serve, but for some. */
static void
master_dismiss(struct master *m, struct crew *crew, struct sockets *sockets,
    const struct sockets *kept)
{
	bool *closed = sockets_missing(sockets, kept);

	sockets_close(sockets, kept);
	master_former(m, crew);
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
master_give_up(struct master *m)
{
	struct crew *failed = m->next;

	timer_stop(m->loop, &m->start);
	m->next = NULL;
	(void)m->hooks->logs(crew_config(m->crew));
	if (!m->stopping)
		log_errorx("not reloaded: the new workers do not start; the "
		    "configuration in force stays");
	master_dismiss(m, failed, &m->next_sockets, &m->sockets);
	master_catch_up(m);
}

static void
master_start_due(void *arg)
{
	master_give_up(arg);
}

/* The new crew serves: the old one may go. */
static void
master_take_over(struct master *m)
{
	struct crew *old = m->crew;
	struct sockets before = m->sockets;

	timer_stop(m->loop, &m->start);
	m->crew = m->next;
	m->sockets = m->next_sockets;
	m->next = NULL;
	m->next_sockets = (struct sockets){ .v = NULL };
	master_dismiss(m, old, &before, &m->sockets);
	crew_announce(m->crew, "reloaded");
	master_catch_up(m);
}

/* ---- stop ---- */

/* Nobody connects any more; the workers finish what they have. */
static void
master_stop(struct master *m, int status)
{
	struct former *f;

	if (m->stopping)
		return;
	m->stopping = true;
	m->status = status;
	if (m->next != NULL)
		master_give_up(m);
	sockets_close(&m->sockets, NULL);
	crew_stop(m->crew);
	LIST_FOREACH(f, &m->formers, entry)
		crew_stop(f->crew);
}

static void
master_end_now(struct master *m)
{
	struct former *f;

	if (m->crew != NULL)
		crew_end(m->crew);
	LIST_FOREACH(f, &m->formers, entry)
		crew_end(f->crew);
}

/* ---- what crews say ---- */

static void
master_crew_ready(void *arg, struct crew *crew)
{
	struct master *m = arg;

	if (crew == m->next)
		master_take_over(m);
}

static void
master_crew_hopeless(void *arg, struct crew *crew)
{
	struct master *m = arg;

	if (crew == m->next)
		master_give_up(m);
	else if (crew == m->crew)
		master_stop(m, EX_CONFIG);
}

static void
master_crew_gone(void *arg, struct crew *crew)
{
	struct master *m = arg;
	struct former *f, *next;

	for (f = LIST_FIRST(&m->formers); f != NULL; f = next) {
		next = LIST_NEXT(f, entry);
		if (f->crew == crew) {
			LIST_REMOVE(f, entry);
			free(f);
		}
	}
	if (crew == m->crew)
		m->crew = NULL;
	crew_free(crew);
	if (m->crew == NULL && LIST_EMPTY(&m->formers))
		loop_stop(m->loop);
}

/* ---- children and signals ---- */

/*
 * A child that is no worker: what a program left behind, or a program whose
 * worker has died. That one led a process group, but no session, and what is
 * left of the group must not outlive it either.
 */
static void
master_reap_orphan(const siginfo_t *info)
{
	pid_t pid = info->si_pid;

	/* Killed as the worker's death kills it, see child.c. */
	if (info->si_code == CLD_KILLED && info->si_status == SIGKILL &&
	    getpgid(pid) == pid && getsid(pid) != pid)
		(void)kill(-pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static bool
master_reap_worker(struct master *m, pid_t pid)
{
	struct former *f;

	if ((m->crew != NULL && crew_reap(m->crew, pid)) ||
	    (m->next != NULL && crew_reap(m->next, pid)))
		return true;
	LIST_FOREACH(f, &m->formers, entry)
		if (crew_reap(f->crew, pid))
			return true;
	return false;
}

static void
master_reap(struct master *m)
{
	siginfo_t info = { .si_pid = 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0) {
		if (!master_reap_worker(m, info.si_pid))
			master_reap_orphan(&info);
		info.si_pid = 0;
	}
}

/* Log files may have been renamed: open them by their names. */
static void
master_reopen_logs(struct master *m)
{
	struct former *f;

	if (m->stopping)
		return;
	if (m->next != NULL) {		/* whose logs are to be opened? */
		m->reopen = true;
		return;
	}
	if (m->hooks->logs(crew_config(m->crew)) == -1) {
		log_errorx("the logs stay as they were");
		return;
	}
	crew_logs(m->crew);
	LIST_FOREACH(f, &m->formers, entry)
		crew_logs(f->crew);
	log_notice("log files opened anew");
}

static void
master_signal(void *arg, int sig)
{
	struct master *m = arg;

	switch (sig) {
	case SIGCHLD:
		master_reap(m);
		break;
	case SIGTERM:
	case SIGINT:
		log_notice("%s", !m->stopping ?
		    "stopping; requests that run are finished" :
		    "told again to stop: ending what still runs");
		if (m->stopping)
			master_end_now(m);
		else
			master_stop(m, EX_OK);
		break;
	case SIGQUIT:
		log_notice("ending what runs");
		master_stop(m, EX_OK);
		master_end_now(m);
		break;
	case SIGHUP:
		master_reload(m);
		break;
	case SIGUSR1:
		master_reopen_logs(m);
		break;
	default:
		log_notice("signal %d does nothing in this version; to run a "
		    "new binary, restart", sig);
	}
}

/* ---- start ---- */

static int
master_loop(struct master *m)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGINT);
	(void)sigaddset(&mask, SIGQUIT);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGUSR1);
	(void)sigaddset(&mask, SIGUSR2);
	/*
	 * What programs leave behind becomes ours to reap, so that it is gone
	 * when it has ended, whatever the machine's first process does.
	 */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	if ((m->loop = loop_new()) == NULL)
		return -1;
	return loop_signals(m->loop, &mask, master_signal, m);
}

int
master_run(struct config *config, const struct master_hooks *hooks)
{
	static struct master m;

	m.hooks = hooks;
	m.start.due = master_start_due;
	m.start.arg = &m;
	LIST_INIT(&m.formers);
	loop_raise_nofile(&m.nofile);
	if (master_loop(&m) == -1) {
		log_error("cannot start");
		config_free(config);
		return EX_OSERR;
	}
	if ((m.crew = master_make_crew(&m, config, &m.sockets, &m.status)) ==
	    NULL) {
		config_free(config);
		return m.status;
	}
	if ((m.status = hooks->ready(config)) != EX_OK) {
		sockets_close(&m.sockets, NULL);
		crew_free(m.crew);
		return m.status;
	}
	setproctitle("master");
	crew_announce(m.crew, PACKAGE_STRING);
	crew_start(m.crew);
	if (loop_run(m.loop) == -1) {
		log_error("master: epoll failed");
		return EX_OSERR;
	}
	log_notice("stopped");
	return m.status;
}
