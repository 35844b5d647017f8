/* SPDX-License-Identifier: ISC */
/*
 * master: hold the sockets, have crews serve them; reload, upgrade, stop.
 *
 * The only process that may be root. It never sees a byte from a client, and
 * does nothing but bind, fork, wait and signal.
 */
#include "platform.h"

#include "master.h"

#include <bsd/unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "handover.h"
#include "herald.h"
#include "log.h"
#include "loop.h"
#include "settings.h"
#include "succession.h"
#include "upgrade.h"

#define MASTER_TEST_MS		30000	/* for a new binary to say yes */

struct master {
	const struct master_hooks *hooks;
	struct succession_hooks	 ours;
	struct loop		*loop;
	struct succession	*succession;
	pid_t			 tester;	/* of a new binary; 0: none */
	struct timer		 test;		/* how long it may take */
	bool			 again, reopen, exec;	/* told to, meanwhile */
	bool			 stopping;
	int			 status;
};

/* ---- upgrade ---- */

/* What the next binary is to know. NULL after saying why not. */
static struct handover *
master_hand_over(const struct master *m)
{
	const struct config *config = succession_config(m->succession);
	const char *pid_file = m->hooks->pid_file();
	struct handover *h = calloc(1, sizeof *h);

	if (h != NULL && succession_hand_over(m->succession, h) == 0) {
		h->log_level = config->log_level;
		h->config = strdup(m->hooks->path());
		h->log = strdup(config->log);
		h->access_log = strdup(config->access_log);
		if (pid_file != NULL)
			h->pid_file = strdup(pid_file);
		if (h->config != NULL && h->log != NULL &&
		    h->access_log != NULL &&
		    (h->pid_file != NULL || pid_file == NULL))
			return h;
	}
	log_error("not upgraded: cannot describe what runs");
	handover_free(h);
	return NULL;
}

static bool
master_is_busy(const struct master *m)
{
	return m->tester != 0 || succession_is_renewing(m->succession);
}

/* A new binary? See first whether it takes what it would be given. */
static void
master_upgrade(struct master *m)
{
	struct handover *h;
	pid_t pid = -1;
	int fd = -1;

	if (m->stopping)
		return;
	if (master_is_busy(m)) {
		m->exec = true;
		return;
	}
	log_notice("upgrading to %s", upgrade_program());
	if ((h = master_hand_over(m)) != NULL &&
	    (fd = handover_write(h)) != -1)
		pid = upgrade_test(h->config, fd, log_descriptor(LOG_MESSAGES));
	handover_free(h);
	if (pid == -1) {
		log_error("not upgraded: cannot run %s", upgrade_program());
	} else {
		m->tester = pid;
		timer_set(m->loop, &m->test,
		    loop_now(m->loop) + MASTER_TEST_MS);
	}
	if (fd != -1)
		(void)close(fd);
}

static void
master_test_due(void *arg)
{
	struct master *m = arg;

	log_errorx("%s does not come to an end with its test",
	    upgrade_program());
	(void)kill(m->tester, SIGKILL);
}

/* The new binary is good: become it. Comes back if that fails. */
static void
master_become_new(struct master *m)
{
	struct handover *h = master_hand_over(m);
	int fd = -1;

	if (h != NULL && (fd = handover_write(h)) != -1) {
		handover_pass(h, fd, true);
		(void)upgrade_exec(fd);
	}
	if (h != NULL)
		log_error("not upgraded: cannot become %s", upgrade_program());
	if (fd != -1) {
		handover_pass(h, fd, false);
		(void)close(fd);
	}
	handover_free(h);
}

/* ---- what was asked for while another thing was going on ---- */

static void
master_reload(struct master *m)
{
	if (m->stopping)
		return;
	if (master_is_busy(m)) {
		m->again = true;
		return;
	}
	log_notice("reading the configuration anew");
	herald_reloading();
	succession_renew(m->succession, "reloaded");
}

/* Log files may have been renamed: open them by their names. */
static void
master_reopen_logs(struct master *m)
{
	if (m->stopping)
		return;
	if (master_is_busy(m)) {	/* whose logs are to be opened? */
		m->reopen = true;
		return;
	}
	if (m->hooks->logs(succession_config(m->succession)) == -1) {
		log_errorx("the logs stay as they were");
		return;
	}
	succession_logs(m->succession);
	log_notice("log files opened anew");
}

static void
master_catch_up(void *arg)
{
	struct master *m = arg;
	bool again = m->again, reopen = m->reopen, exec = m->exec;

	m->again = m->reopen = m->exec = false;
	if (reopen)
		master_reopen_logs(m);
	if (again)
		master_reload(m);
	if (exec)
		master_upgrade(m);
}

/* The test of a new binary is over. */
static void
master_tested(struct master *m, const siginfo_t *info)
{
	(void)waitpid(m->tester, NULL, 0);
	m->tester = 0;
	timer_stop(m->loop, &m->test);
	if (m->stopping)
		return;
	if (info->si_code != CLD_EXITED || info->si_status != 0)
		log_errorx("not upgraded: %s -t says no; the version that runs "
		    "goes on", upgrade_program());
	else if (succession_is_renewing(m->succession))
		m->exec = true;		/* begun for want of a worker meanwhile */
	else
		master_become_new(m);
	master_catch_up(m);
}

/* ---- stop ---- */

/* Nobody connects any more; the workers finish what they have. */
static void
master_stop(void *arg, int status)
{
	struct master *m = arg;

	if (m->stopping)
		return;
	m->stopping = true;
	m->status = status;
	herald_stopping();
	succession_stop(m->succession);
}

static void
master_over(void *arg)
{
	struct master *m = arg;

	loop_stop(m->loop);
}

/* ---- children and signals ---- */

static void
master_reap(struct master *m)
{
	siginfo_t info = { .si_pid = 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0) {
		if (info.si_pid == m->tester)
			master_tested(m, &info);
		else if (!succession_reap(m->succession, info.si_pid))
			/* what a program or a dead worker has left behind */
			(void)waitpid(info.si_pid, NULL, 0);
		info.si_pid = 0;
	}
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
			succession_end(m->succession);
		else
			master_stop(m, EX_OK);
		break;
	case SIGQUIT:
		log_notice("ending what runs");
		master_stop(m, EX_OK);
		succession_end(m->succession);
		break;
	case SIGHUP:
		master_reload(m);
		break;
	case SIGUSR1:
		master_reopen_logs(m);
		break;
	default:
		master_upgrade(m);
	}
}

/* ---- start ---- */

void
master_signals(sigset_t *mask)
{
	static const int signals[] = { SIGCHLD, SIGTERM, SIGINT, SIGQUIT,
	    SIGHUP, SIGUSR1, SIGUSR2 };
	size_t i;

	(void)sigemptyset(mask);
	for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)sigaddset(mask, signals[i]);
}

/* NULL after saying why not. */
static struct master *
master_new(const struct master_hooks *hooks)
{
	static struct master m;
	sigset_t mask;

	m.hooks = hooks;
	m.ours = (struct succession_hooks){
		.read = hooks->read,
		.logs = hooks->logs,
		.forked = hooks->forked,
		.settled = master_catch_up,
		.failed = master_stop,
		.over = master_over,
	};
	m.test.due = master_test_due;
	m.test.arg = &m;
	/*
	 * What programs leave behind becomes ours to reap, so that it is gone
	 * when it has ended, whatever the machine's first process does.
	 */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	master_signals(&mask);
	if ((m.loop = loop_new()) != NULL &&
	    loop_signals(m.loop, &mask, master_signal, &m) == 0) {
		herald_init(m.loop);
		return &m;
	}
	log_error("cannot start");
	return NULL;
}

static int
master_loop(struct master *m)
{
	setproctitle("master");
	if (loop_run(m->loop) == -1) {
		log_error("master: epoll failed");
		return EX_OSERR;
	}
	log_notice("stopped");
	return m->status;
}

int
master_run(struct config *config, const struct master_hooks *hooks)
{
	struct master *m = master_new(hooks);
	struct rlimit nofile;
	int status = EX_OSERR;

	loop_raise_nofile(&nofile);
	if (m == NULL || (m->succession = succession_new(config, &m->ours, m,
	    m->loop, &nofile, &status)) == NULL) {
		config_free(config);
		return status;
	}
	if ((status = hooks->ready(config)) != EX_OK) {
		succession_free(m->succession);
		return status;
	}
	succession_start(m->succession, PACKAGE_STRING);
	return master_loop(m);
}

int
master_take_over(struct handover *from, struct config *config,
    const struct master_hooks *hooks)
{
	struct master *m = master_new(hooks);

	(void)hooks->ready(config);
	if (m == NULL || (m->succession = succession_adopt(from, config,
	    &m->ours, m, m->loop)) == NULL) {
		log_error("cannot take over; what runs is finished");
		return EX_OSERR;
	}
	handover_free(from);
	master_reap(m);			/* who has died meanwhile */
	succession_renew(m->succession, "upgraded to " PACKAGE_STRING);
	return master_loop(m);
}
