/* SPDX-License-Identifier: ISC */
/*
 * master: keep the wanted number of workers alive; stop.
 *
 * The only process that may be root. It never sees a byte from a client, and
 * does nothing but bind, fork, wait and signal.
 */
#include "platform.h"

#include "master.h"

#include <bsd/unistd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "board.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "privs.h"
#include "settings.h"
#include "slots.h"
#include "worker.h"

#define MASTER_YOUNG_MS		5000	/* a death before this is an early one */
#define MASTER_DELAY_MS		100	/* after the first; then it doubles */
#define MASTER_DELAY_MAX_MS	30000
#define MASTER_SLACK_MS		1000	/* more than a worker should need */
#define MASTER_KILL_MS		5000	/* from ending now to killing workers */

enum stage { STAGE_SERVING, STAGE_DRAINING, STAGE_OVERDUE, STAGE_ENDING };

struct master;

struct slot {			/* the place of one worker */
	struct master	*master;
	unsigned	 number;
	pid_t		 pid;	/* 0: none at the moment */
	int64_t		 started_ms;
	int64_t		 delay_ms;
	struct timer	 retry;
};

struct master {
	const struct config	*config;
	struct loop		*loop;
	struct privs		 privs;
	struct listener		*listeners;
	size_t			 n_listeners;
	struct slot		*slots;
	size_t			 n_slots, n_alive;
	struct board		*board;
	int			 lifeline[2];
	struct rlimit		 nofile;
	void			(*forked)(void);
	enum stage		 stage;
	struct timer		 patience;
	int			 status;
};

/* Who may connect to Unix sockets: by default the programs' user and group. */
static void
master_access(const struct master *m, struct listen_access *access)
{
	const struct config *config = m->config;
	const struct passwd *pw;
	const struct group *gr;

	*access = (struct listen_access){
		.mode = (mode_t)config->socket_mode,
		.uid = m->privs.change ? m->privs.uid : (uid_t)-1,
		.gid = m->privs.change ? m->privs.gid : (gid_t)-1,
	};
	if (config->socket_owner != NULL &&
	    (pw = getpwnam(config->socket_owner)) != NULL)
		access->uid = pw->pw_uid;
	if (config->socket_group != NULL &&
	    (gr = getgrnam(config->socket_group)) != NULL)
		access->gid = gr->gr_gid;
}

static int
master_listen(struct master *m)
{
	const struct strings *listen = &m->config->listen;
	struct listen_access access;
	const char *hint;

	master_access(m, &access);
	m->listeners = calloc(listen->n, sizeof *m->listeners);
	if (m->listeners == NULL)
		return -1;
	for (; m->n_listeners < listen->n; m->n_listeners++) {
		if (listen_open(&m->listeners[m->n_listeners],
		    listen->v[m->n_listeners], &access) == 0)
			continue;
		hint = errno == EADDRINUSE ?
		    " (does another scgi-cgid run?)" : errno == ENOENT ?
		    " (the directory must exist)" : errno == EEXIST ?
		    " (a file that is no socket is in the way)" : "";
		log_error("cannot listen on %s%s",
		    listen->v[m->n_listeners], hint);
		return -1;
	}
	return 0;
}

/* In the new process: leave the master's things behind, be a worker. */
static void __attribute__((noreturn))
master_become_worker(struct master *m, const struct slot *slot)
{
	const struct worker_setup setup = {
		.config = m->config,
		.privs = &m->privs,
		.listeners = m->listeners,
		.n_listeners = m->n_listeners,
		.board = m->board,
		.lifeline = m->lifeline[0],
		.number = slot->number,
		.nofile = m->nofile,
	};

	m->forked();
	(void)close(m->lifeline[1]);
	loop_leave(m->loop);
	worker_main(&setup);
}

static void
master_fork(struct master *m, struct slot *slot)
{
	pid_t pid = fork();

	if (pid == 0)
		master_become_worker(m, slot);
	if (pid == -1) {
		log_warn("cannot fork worker %u", slot->number);
		slot->delay_ms = MASTER_DELAY_MAX_MS;
		timer_set(m->loop, &slot->retry,
		    loop_now(m->loop) + slot->delay_ms);
		return;
	}
	slot->pid = pid;
	slot->started_ms = loop_now(m->loop);
	m->n_alive++;
	log_debug("worker %u is process %d", slot->number, (int)pid);
}

static void
master_retry_due(void *arg)
{
	struct slot *slot = arg;

	if (slot->master->stage == STAGE_SERVING)
		master_fork(slot->master, slot);
}

static void
master_signal_workers(struct master *m, int sig)
{
	size_t i;

	for (i = 0; i < m->n_slots; i++)
		if (m->slots[i].pid > 0)
			(void)kill(m->slots[i].pid, sig);
}

/* End everything now; who does not hear is killed a little later. */
static void
master_end_now(struct master *m)
{
	if (m->stage == STAGE_ENDING)
		return;
	m->stage = STAGE_ENDING;
	master_signal_workers(m, SIGQUIT);
	timer_set(m->loop, &m->patience, loop_now(m->loop) + MASTER_KILL_MS);
}

/* The longest time that a program is given to end. */
static int64_t
master_longest_grace(const struct config *config)
{
	int64_t longest = 0;
	size_t i;

	for (i = 0; i < config->n_maps; i++)
		if (config->maps[i].set.kill_grace > longest)
			longest = config->maps[i].set.kill_grace;
	return longest;
}

/* Time is up: programs are told to end, then ended, then the workers. */
static void
master_patience_due(void *arg)
{
	struct master *m = arg;

	switch (m->stage) {
	case STAGE_DRAINING:
		log_notice("drain-timeout is over: ending what still runs");
		m->stage = STAGE_OVERDUE;
		master_signal_workers(m, WORKER_OVERDUE);
		timer_set(m->loop, &m->patience, loop_now(m->loop) +
		    master_longest_grace(m->config) +
		    m->config->linger_timeout + MASTER_SLACK_MS);
		break;
	case STAGE_OVERDUE:
		master_end_now(m);
		break;
	default:
		master_signal_workers(m, SIGKILL);
	}
}

/*
 * Nobody connects any more. The workers have descriptors of their own, by
 * which they take who waits already.
 */
static void
master_close_listener(struct listener *l)
{
	listen_retire(l);
	listen_close(l);
}

/* Stop: the workers finish what they have. */
static void
master_stop(struct master *m, int status)
{
	size_t i;

	if (m->stage != STAGE_SERVING) {
		master_end_now(m);
		return;
	}
	m->status = status;
	m->stage = STAGE_DRAINING;
	for (i = 0; i < m->n_listeners; i++)
		master_close_listener(&m->listeners[i]);
	master_signal_workers(m, SIGTERM);
	if (m->n_alive == 0)
		loop_stop(m->loop);
	else
		timer_set(m->loop, &m->patience,
		    loop_now(m->loop) + m->config->drain_timeout);
}

/* A worker is gone. Another takes its place, later if it died young. */
static void
master_replace(struct master *m, struct slot *slot, pid_t pid,
    int wait_status)
{
	bool young = loop_now(m->loop) - slot->started_ms < MASTER_YOUNG_MS;

	if (WIFEXITED(wait_status) &&
	    WEXITSTATUS(wait_status) == WORKER_HOPELESS) {
		log_errorx("worker %u cannot work; stopping", slot->number);
		master_stop(m, EX_CONFIG);
		return;
	}
	if (WIFSIGNALED(wait_status))
		log_warnx("worker %u (process %d) was ended by signal %d",
		    slot->number, (int)pid, WTERMSIG(wait_status));
	else
		log_warnx("worker %u (process %d) left with status %d",
		    slot->number, (int)pid, WEXITSTATUS(wait_status));
	slot->delay_ms = !young ? 0 : slot->delay_ms == 0 ? MASTER_DELAY_MS :
	    2 * slot->delay_ms;
	if (slot->delay_ms > MASTER_DELAY_MAX_MS)
		slot->delay_ms = MASTER_DELAY_MAX_MS;
	timer_set(m->loop, &slot->retry, loop_now(m->loop) + slot->delay_ms);
}

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

static void
master_reap_worker(struct master *m, struct slot *slot)
{
	pid_t pid = slot->pid;
	int wait_status;

	(void)waitpid(pid, &wait_status, 0);
	slot->pid = 0;
	board_reclaim(m->board, slot->number - 1);
	m->n_alive--;
	if (m->stage == STAGE_SERVING)
		master_replace(m, slot, pid, wait_status);
}

static void
master_reap(struct master *m)
{
	siginfo_t info = { .si_pid = 0 };
	size_t i;

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0) {
		for (i = 0; i < m->n_slots; i++)
			if (m->slots[i].pid == info.si_pid)
				break;
		if (i < m->n_slots)
			master_reap_worker(m, &m->slots[i]);
		else
			master_reap_orphan(&info);
		info.si_pid = 0;
	}
	if (m->stage != STAGE_SERVING && m->n_alive == 0)
		loop_stop(m->loop);
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
		log_notice("%s", m->stage == STAGE_SERVING ?
		    "stopping; requests that run are finished" :
		    "told again to stop: ending what still runs");
		master_stop(m, EX_OK);
		break;
	case SIGQUIT:
		log_notice("ending what runs");
		master_stop(m, EX_OK);
		master_end_now(m);
		break;
	default:
		log_notice("signal %d does nothing in this version; to read "
		    "the configuration or reopen log files, restart", sig);
	}
}

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
	if ((m->loop = loop_new()) == NULL ||
	    pipe2(m->lifeline, O_CLOEXEC) == -1)
		return -1;
	return loop_signals(m->loop, &mask, master_signal, m);
}

static int
master_slots(struct master *m)
{
	size_t i;
	long cpus;

	m->n_slots = (size_t)m->config->workers;
	if (m->n_slots == 0) {
		cpus = sysconf(_SC_NPROCESSORS_ONLN);
		m->n_slots = cpus > 0 ? (size_t)cpus : 1;
	}
	if ((m->slots = calloc(m->n_slots, sizeof *m->slots)) == NULL)
		return -1;
	for (i = 0; i < m->n_slots; i++) {
		m->slots[i] = (struct slot){ .master = m,
		    .number = (unsigned)i + 1 };
		m->slots[i].retry.due = master_retry_due;
		m->slots[i].retry.arg = &m->slots[i];
	}
	return 0;
}

/* What the workers share. */
static int
master_board(struct master *m)
{
	const struct config *config = m->config;
	int64_t *by_map = calloc(config->n_maps + 1, sizeof *by_map);
	size_t i;

	if (by_map == NULL)
		return -1;
	for (i = 0; i < config->n_maps; i++)
		by_map[i] = config->maps[i].max_processes;
	m->board = slots_board(config->max_processes, by_map, config->n_maps,
	    (unsigned)m->n_slots);
	free(by_map);
	return m->board == NULL ? -1 : 0;
}

/* All descriptors that may be had; what was before is what programs get. */
static void
master_raise_nofile(struct master *m)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &m->nofile) == -1)
		return;
	most = m->nofile;
	most.rlim_cur = most.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &most);
}

int
master_run(const struct config *config, int (*ready)(void),
    void (*forked)(void))
{
	static struct master m;
	const char *why;
	size_t i;

	m.config = config;
	m.forked = forked;
	m.patience.due = master_patience_due;
	m.patience.arg = &m;
	if ((why = privs_find(&m.privs, config->user, config->group)) != NULL) {
		log_errorx("user %s: %s: set user in the configuration, or "
		    "start as that user", config->user != NULL ? config->user :
		    "(not set)", why);
		return EX_CONFIG;
	}
	master_raise_nofile(&m);
	if (master_loop(&m) == -1 || master_slots(&m) == -1 ||
	    master_board(&m) == -1) {
		log_error("cannot start");
		return EX_OSERR;
	}
	m.status = master_listen(&m) == -1 ? EX_UNAVAILABLE : ready();
	if (m.status != EX_OK) {
		for (i = 0; i < m.n_listeners; i++)
			master_close_listener(&m.listeners[i]);
		return m.status;
	}
	setproctitle("master");
	log_notice("scgi-cgid %s: workers: %zu, maps: %zu, listening on %s%s",
	    VERSION, m.n_slots, config->n_maps, config->listen.v[0],
	    config->listen.n > 1 ? " and more" : "");
	for (i = 0; i < m.n_slots; i++)
		master_fork(&m, &m.slots[i]);
	if (loop_run(m.loop) == -1) {
		log_error("master: epoll failed");
		return EX_OSERR;
	}
	log_notice("stopped");
	return m.status;
}
