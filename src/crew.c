/* SPDX-License-Identifier: ISC */
/*
 * crew: the workers of one configuration.
 *
 * Keeps their number, until it is told to end them: politely, then, when
 * drain-timeout is over, by ending the programs, then by force.
 */
#include "platform.h"

#include "crew.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "config.h"
#include "leash.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "slots.h"
#include "worker.h"

#define CREW_YOUNG_MS		5000	/* a death before this is an early one */
#define CREW_DELAY_MS		100	/* after the first; then it doubles */
#define CREW_DELAY_MAX_MS	30000
#define CREW_SLACK_MS		1000	/* more than a worker should need */
#define CREW_KILL_MS		5000	/* from ending now to killing workers */

enum stage { STAGE_SERVING, STAGE_DRAINING, STAGE_OVERDUE, STAGE_ENDING };

struct seat {			/* the place of one worker */
	struct crew	*crew;
	unsigned	 number;
	pid_t		 pid;	/* 0: none at the moment */
	bool		 ready;
	struct watch	 leash;
	int64_t		 started_ms;
	int64_t		 delay_ms;
	struct timer	 retry;
};

struct crew {
	struct crew_plan plan;
	struct listener	*listeners;
	struct board	*board;
	struct seat	*seats;
	size_t		 n_seats, n_alive, n_ready;
	bool		 announced;	/* they were all ready once */
	enum stage	 stage;
	struct timer	 patience;
};

static void	crew_leash_ready(void *, uint32_t);
static void	crew_retry_due(void *);
static void	crew_patience_due(void *);

/* ---- making ---- */

static int
crew_make_seats(struct crew *c)
{
	const struct config *config = c->plan.config;
	long cpus;
	size_t i;

	c->n_seats = (size_t)config->workers;
	if (c->n_seats == 0) {
		cpus = sysconf(_SC_NPROCESSORS_ONLN);
		c->n_seats = cpus > 0 ? (size_t)cpus : 1;
	}
	if ((c->seats = calloc(c->n_seats, sizeof *c->seats)) == NULL)
		return -1;
	for (i = 0; i < c->n_seats; i++) {
		c->seats[i].crew = c;
		c->seats[i].number = (unsigned)i + 1;
		c->seats[i].leash = (struct watch){ .fd = -1,
		    .ready = crew_leash_ready, .arg = &c->seats[i] };
		c->seats[i].retry.due = crew_retry_due;
		c->seats[i].retry.arg = &c->seats[i];
	}
	return 0;
}

/* What the workers share. */
static int
crew_make_board(struct crew *c)
{
	const struct config *config = c->plan.config;
	int64_t *by_map = calloc(config->n_maps + 1, sizeof *by_map);
	size_t i;

	if (by_map == NULL)
		return -1;
	for (i = 0; i < config->n_maps; i++)
		by_map[i] = config->maps[i].max_processes;
	c->board = slots_board(config->max_processes, by_map, config->n_maps,
	    (unsigned)c->n_seats);
	free(by_map);
	return c->board == NULL ? -1 : 0;
}

struct crew *
crew_new(const struct crew_plan *plan)
{
	struct crew *c = calloc(1, sizeof *c);
	size_t size = plan->n_listeners * sizeof *c->listeners;

	if (c == NULL)
		return NULL;
	c->plan = *plan;
	c->patience.due = crew_patience_due;
	c->patience.arg = c;
	if ((c->listeners = malloc(size + 1)) == NULL ||
	    crew_make_seats(c) == -1 || crew_make_board(c) == -1) {
		c->plan.config = NULL;
		crew_free(c);
		return NULL;
	}
	memcpy(c->listeners, plan->listeners, size);
	return c;
}

void
crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	timer_stop(c->plan.loop, &c->patience);
	board_free(c->board);
	config_free(c->plan.config);
	free(c->listeners);
	free(c->seats);
	free(c);
}

const struct config *
crew_config(const struct crew *c)
{
	return c->plan.config;
}

void
crew_announce(const struct crew *c, const char *what)
{
	const struct config *config = c->plan.config;

	log_notice("%s: workers: %zu, maps: %zu, listening on %s%s", what,
	    c->n_seats, config->n_maps, config->listen.v[0],
	    config->listen.n > 1 ? " and more" : "");
}

/* ---- starting ---- */

void
crew_forget(struct crew *c, const struct crew *ours)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		if (c->seats[i].leash.fd != -1)
			(void)close(c->seats[i].leash.fd);
	if (c != ours)
		board_free(c->board);
}

bool
crew_listens(const struct crew *c, int fd)
{
	size_t i;

	for (i = 0; i < c->plan.n_listeners; i++)
		if (c->listeners[i].fd == fd)
			return true;
	return false;
}

/* In the new process: leave the master's things behind, be a worker. */
static void __attribute__((noreturn))
crew_become_worker(struct crew *c, const struct seat *seat, int leash)
{
	const struct worker_setup setup = {
		.config = c->plan.config,
		.privs = &c->plan.privs,
		.listeners = c->listeners,
		.n_listeners = c->plan.n_listeners,
		.board = c->board,
		.leash = leash,
		.number = seat->number,
		.nofile = c->plan.nofile,
	};

	c->plan.forked(c->plan.arg, c);
	worker_main(&setup);
}

static void
crew_try_later(struct seat *seat, int64_t delay_ms)
{
	struct loop *loop = seat->crew->plan.loop;

	seat->delay_ms = delay_ms;
	timer_set(loop, &seat->retry, loop_now(loop) + delay_ms);
}

static void
crew_fork(struct crew *c, struct seat *seat)
{
	int ends[2];
	pid_t pid;

	if (leash_make(ends) == -1) {
		log_warn("cannot start worker %u", seat->number);
		crew_try_later(seat, CREW_DELAY_MAX_MS);
		return;
	}
	if ((pid = fork()) == 0) {
		(void)close(ends[0]);
		crew_become_worker(c, seat, ends[1]);
	}
	(void)close(ends[1]);
	if (pid == -1) {
		log_warn("cannot fork worker %u", seat->number);
		(void)close(ends[0]);
		crew_try_later(seat, CREW_DELAY_MAX_MS);
		return;
	}
	seat->leash.fd = ends[0];
	seat->pid = pid;
	seat->started_ms = loop_now(c->plan.loop);
	c->n_alive++;
	(void)watch_want(c->plan.loop, &seat->leash, EPOLLIN);
	log_debug("worker %u is process %d", seat->number, (int)pid);
}

void
crew_start(struct crew *c)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		crew_fork(c, &c->seats[i]);
}

static void
crew_retry_due(void *arg)
{
	struct seat *seat = arg;

	if (seat->crew->stage == STAGE_SERVING)
		crew_fork(seat->crew, seat);
}

/* A worker says that it accepts connections, or nothing any more. */
static void
crew_leash_ready(void *arg, uint32_t events)
{
	struct seat *seat = arg;
	struct crew *c = seat->crew;
	struct leash_message message;

	(void)events;
	switch (leash_hear(seat->leash.fd, &message)) {
	case LEASH_READY:
		c->n_ready += !seat->ready;
		seat->ready = true;
		if (c->n_ready == c->n_seats && !c->announced) {
			c->announced = true;
			c->plan.ready(c->plan.arg, c);
		}
		break;
	case LEASH_GONE:
		watch_close(c->plan.loop, &seat->leash);
		break;
	default:
		break;
	}
}

/* ---- ending ---- */

static void
crew_signal(struct crew *c, int sig)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		if (c->seats[i].pid > 0)
			(void)kill(c->seats[i].pid, sig);
}

static void
crew_tell(struct crew *c, enum leash_word word,
    const struct leash_message *message)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		if (c->seats[i].leash.fd != -1)
			(void)leash_tell(c->seats[i].leash.fd, word, message);
}

/* The longest time that a program is given to end. */
static int64_t
crew_longest_grace(const struct config *config)
{
	int64_t longest = 0;
	size_t i;

	for (i = 0; i < config->n_maps; i++)
		if (config->maps[i].set.kill_grace > longest)
			longest = config->maps[i].set.kill_grace;
	return longest;
}

static void
crew_wait(struct crew *c, int64_t ms)
{
	timer_set(c->plan.loop, &c->patience, loop_now(c->plan.loop) + ms);
}

/* Time is up: programs are told to end, then ended, then the workers. */
static void
crew_patience_due(void *arg)
{
	struct crew *c = arg;

	if (c->n_alive == 0) {
		c->plan.gone(c->plan.arg, c);
		return;
	}
	switch (c->stage) {
	case STAGE_DRAINING:
		log_notice("drain-timeout is over: ending what still runs");
		c->stage = STAGE_OVERDUE;
		crew_signal(c, WORKER_OVERDUE);
		crew_wait(c, crew_longest_grace(c->plan.config) +
		    c->plan.config->linger_timeout + CREW_SLACK_MS);
		break;
	case STAGE_OVERDUE:
		crew_end(c);
		break;
	default:
		crew_signal(c, SIGKILL);
	}
}

/* Nobody is replaced from here on. */
static void
crew_no_more(struct crew *c)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		timer_stop(c->plan.loop, &c->seats[i].retry);
}

static void
crew_drain(struct crew *c)
{
	c->stage = STAGE_DRAINING;
	crew_no_more(c);
	crew_wait(c, c->n_alive == 0 ? 0 : c->plan.config->drain_timeout);
}

void
crew_retire(struct crew *c, const bool *closed)
{
	struct leash_message message = { .fds = { -1, -1 } };
	size_t i;

	if (c->stage != STAGE_SERVING)
		return;
	while (message.n_bytes < c->plan.n_listeners &&
	    message.n_bytes < LEASH_BYTES) {
		message.bytes[message.n_bytes] = closed[message.n_bytes];
		message.n_bytes++;
	}
	for (i = 0; i < c->n_seats; i++)
		if (c->seats[i].pid > 0 && leash_tell(c->seats[i].leash.fd,
		    LEASH_RETIRE, &message) == -1)
			(void)kill(c->seats[i].pid, SIGTERM);	/* never lost */
	crew_drain(c);
}

void
crew_stop(struct crew *c)
{
	if (c->stage != STAGE_SERVING)
		return;
	crew_signal(c, SIGTERM);
	crew_drain(c);
}

void
crew_end(struct crew *c)
{
	if (c->stage == STAGE_ENDING)
		return;
	c->stage = STAGE_ENDING;
	crew_no_more(c);
	crew_signal(c, SIGQUIT);
	crew_wait(c, c->n_alive == 0 ? 0 : CREW_KILL_MS);
}

void
crew_logs(struct crew *c)
{
	struct leash_message message = { .fds = { log_descriptor(LOG_MESSAGES),
	    log_descriptor(LOG_REQUESTS) } };

	message.bytes[0] = message.fds[0] != -1;
	message.bytes[1] = message.fds[1] != -1;
	message.n_bytes = 2;
	if (message.fds[0] == -1) {
		message.fds[0] = message.fds[1];
		message.fds[1] = -1;
	}
	crew_tell(c, LEASH_LOGS, &message);
}

/* ---- reaping ---- */

/* A worker is gone. Another takes its place, later if it died young. */
static void
crew_replace(struct crew *c, struct seat *seat, pid_t pid, int wait_status)
{
	bool young = loop_now(c->plan.loop) - seat->started_ms < CREW_YOUNG_MS;
	int64_t delay_ms;

	if (WIFEXITED(wait_status) &&
	    WEXITSTATUS(wait_status) == WORKER_HOPELESS) {
		log_errorx("worker %u cannot work", seat->number);
		c->plan.hopeless(c->plan.arg, c);
		return;
	}
	if (WIFSIGNALED(wait_status))
		log_warnx("worker %u (process %d) was ended by signal %d",
		    seat->number, (int)pid, WTERMSIG(wait_status));
	else
		log_warnx("worker %u (process %d) left with status %d",
		    seat->number, (int)pid, WEXITSTATUS(wait_status));
	delay_ms = !young ? 0 : seat->delay_ms == 0 ? CREW_DELAY_MS :
	    2 * seat->delay_ms;
	crew_try_later(seat, delay_ms < CREW_DELAY_MAX_MS ? delay_ms :
	    CREW_DELAY_MAX_MS);
}

bool
crew_reap(struct crew *c, pid_t pid)
{
	struct seat *seat = c->seats;
	int wait_status;

	while (seat < c->seats + c->n_seats && seat->pid != pid)
		seat++;
	if (seat == c->seats + c->n_seats)
		return false;
	(void)waitpid(pid, &wait_status, 0);
	watch_close(c->plan.loop, &seat->leash);
	seat->pid = 0;
	c->n_ready -= seat->ready;
	seat->ready = false;
	board_reclaim(c->board, seat->number - 1);
	c->n_alive--;
	if (c->stage == STAGE_SERVING)
		crew_replace(c, seat, pid, wait_status);
	else if (c->n_alive == 0)
		c->plan.gone(c->plan.arg, c);
	return true;
}
