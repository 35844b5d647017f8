/* SPDX-License-Identifier: ISC */
/*
 * crew: the workers of one configuration.
 *
 * Keeps their number, until it is told to end them: politely, then, when
 * drain-timeout is over, by ending the programs, then by force.
 */
#include "platform.h"

#include "crew.h"

#include <sys/wait.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "board.h"
#include "config.h"
#include "handover.h"
#include "leash.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "seat.h"
#include "session.h"
#include "slots.h"
#include "worker.h"

#define CREW_SLACK_MS		1000	/* more than a worker should need */
#define CREW_KILL_MS		5000	/* from ending now to killing workers */

enum stage { STAGE_SERVING, STAGE_DRAINING, STAGE_OVERDUE, STAGE_ENDING };

struct crew {
	struct crew_plan plan;
	struct listener	*listeners;
	struct board	*board;		/* NULL: of workers that were adopted */
	struct seat	*seats;
	size_t		 n_seats, n_alive, n_ready;
	bool		 announced;	/* they were all ready once */
	enum stage	 stage;
	struct timer	 patience;
	int64_t		 drain_ms;	/* from retiring to being overdue */
	int64_t		 overdue_ms;	/* from that to ending */
};

static void	crew_become_worker(struct seat *, int)
		    __attribute__((noreturn));
static void	crew_patience_due(void *);

/* ---- making ---- */

/* A seat's worker accepts connections. */
static void
crew_seat_ready(struct seat *seat)
{
	struct crew *c = seat->crew;

	if (++c->n_ready == c->n_seats && !c->announced) {
		c->announced = true;
		c->plan.ready(c->plan.arg, c);
	}
}

static void
crew_take(struct seat *seat)
{
	struct crew *c = seat->crew;

	c->n_alive += seat_take(seat);
}

static void
crew_seat_vacant(struct seat *seat)
{
	struct crew *c = seat->crew;

	if (c->stage != STAGE_SERVING)
		return;
	if (c->board != NULL) {
		crew_take(seat);
		return;
	}
	seat_defer(seat);
	c->plan.bereft(c->plan.arg, c);
}

static const struct seat_hooks crew_hooks = { crew_become_worker,
    crew_seat_ready, crew_seat_vacant };

static int
crew_make_seats(struct crew *c, size_t n)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	c->n_seats = n > 0 ? n : cpus > 0 ? (size_t)cpus : 1;
	if ((c->seats = calloc(c->n_seats, sizeof *c->seats)) == NULL)
		return -1;
	for (i = 0; i < c->n_seats; i++)
		seat_init(&c->seats[i], &crew_hooks, c, c->plan.loop,
		    (unsigned)i + 1);
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

static struct crew *
crew_alloc(const struct crew_plan *plan)
{
	struct crew *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->plan = *plan;
	c->patience.due = crew_patience_due;
	c->patience.arg = c;
	return c;
}

/* One that came to nothing: the configuration stays the caller's. */
static struct crew *
crew_unmake(struct crew *c)
{
	c->plan.config = NULL;
	crew_free(c);
	return NULL;
}

struct crew *
crew_new(const struct crew_plan *plan)
{
	struct crew *c = crew_alloc(plan);
	size_t size = plan->n_listeners * sizeof *c->listeners;

	if (c == NULL)
		return NULL;
	if ((c->listeners = malloc(size + 1)) == NULL ||
	    crew_make_seats(c, (size_t)plan->config->workers) == -1 ||
	    crew_make_board(c) == -1)
		return crew_unmake(c);
	memcpy(c->listeners, plan->listeners, size);
	c->drain_ms = plan->config->drain_timeout;
	c->overdue_ms = config_longest_grace(plan->config) +
	    plan->config->linger_timeout + CREW_SLACK_MS;
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

void
crew_look(const struct crew *c, struct crew_view *view)
{
	struct slots_counts counts = { .requests = 0 };

	if (c->board != NULL)
		slots_counts(c->board, c->plan.config->n_maps, &counts);
	*view = (struct crew_view){ (unsigned)c->n_ready, counts.requests,
	    counts.programs, counts.waiting };
}

bool
crew_answers(struct crew *c)
{
	size_t n_maps = c->plan.config->n_maps;
	bool answer = c->n_alive > 0;
	unsigned row;

	for (row = 0; row < c->n_seats && c->board != NULL; row++)
		if (c->seats[row].pid <= 0)
			continue;
		else if (slots_answered(c->board, n_maps, row))
			slots_ask(c->board, n_maps, row);
		else
			answer = false;
	return answer;
}

/* ---- starting ---- */

void
crew_forget(struct crew *c, const struct crew *ours)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		seat_forget(&c->seats[i]);
	if (c != ours)
		board_free(c->board);
}

bool
crew_listens(const struct crew *c, int fd)
{
	size_t i;

	for (i = 0; c->listeners != NULL && i < c->plan.n_listeners; i++)
		if (c->listeners[i].fd == fd)
			return true;
	return false;
}

/* In the new process: leave the master's things behind, be a worker. */
static void
crew_become_worker(struct seat *seat, int leash)
{
	struct crew *c = seat->crew;
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

void
crew_start(struct crew *c)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		crew_take(&c->seats[i]);
}

/* ---- handing over ---- */

struct handed_crew *
crew_hand_over(const struct crew *c, struct handover *to)
{
	struct handed_crew *handed = handover_add_crew(to);
	struct handed_worker *worker;
	size_t i;

	if (handed == NULL)
		return NULL;
	handed->stage = (int)c->stage;
	handed->patience_ms = c->patience.at_ms;
	handed->drain_ms = c->drain_ms;
	handed->overdue_ms = c->overdue_ms;
	handed->n_listeners = c->plan.n_listeners;
	for (i = 0; i < c->n_seats; i++) {
		if (c->seats[i].pid == 0 || c->seats[i].leash.fd == -1)
			continue;
		if ((worker = handover_add_worker(handed)) == NULL)
			return NULL;
		worker->number = c->seats[i].number;
		worker->pid = c->seats[i].pid;
		worker->leash = c->seats[i].leash.fd;
	}
	return handed;
}

struct crew *
crew_adopt(const struct crew_plan *plan, const struct handed_crew *handed)
{
	struct crew *c = crew_alloc(plan);
	size_t i;

	if (c == NULL)
		return NULL;
	if (crew_make_seats(c, handed->n_workers) == -1)
		return crew_unmake(c);
	c->plan.n_listeners = handed->n_listeners;
	c->stage = (enum stage)handed->stage;
	c->drain_ms = handed->drain_ms;
	c->overdue_ms = handed->overdue_ms;
	for (i = 0; i < handed->n_workers; i++) {
		c->seats[i].number = handed->workers[i].number;
		seat_adopt(&c->seats[i], handed->workers[i].pid,
		    handed->workers[i].leash);
	}
	if (handed->n_workers == 0)
		seat_defer(&c->seats[0]);
	c->n_alive = c->n_ready = handed->n_workers;
	c->announced = true;
	if (handed->patience_ms != 0)
		timer_set(plan->loop, &c->patience, handed->patience_ms);
	return c;
}

/* ---- ending ---- */

static void
crew_signal(struct crew *c, int sig)
{
	size_t i;

	for (i = 0; i < c->n_seats; i++)
		seat_signal(&c->seats[i], sig);
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
		crew_wait(c, c->overdue_ms);
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
		seat_close(&c->seats[i]);
}

static void
crew_drain(struct crew *c)
{
	c->stage = STAGE_DRAINING;
	crew_no_more(c);
	crew_wait(c, c->n_alive == 0 ? 0 : c->drain_ms);
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
		if (seat_tell(&c->seats[i], LEASH_RETIRE, &message) == -1)
			seat_signal(&c->seats[i], SIGTERM);	/* never lost */
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
	size_t i;

	message.bytes[0] = message.fds[0] != -1;
	message.bytes[1] = message.fds[1] != -1;
	message.n_bytes = 2;
	if (message.fds[0] == -1) {
		message.fds[0] = message.fds[1];
		message.fds[1] = -1;
	}
	for (i = 0; i < c->n_seats; i++)
		(void)seat_tell(&c->seats[i], LEASH_LOGS, &message);
}

/* ---- reaping ---- */

/* A worker that has not left by itself leaves programs behind. */
static void
crew_clean_up(pid_t pid)
{
	siginfo_t info = { .si_code = CLD_EXITED };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_code != CLD_EXITED)
		session_kill(pid);
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
	crew_clean_up(pid);
	(void)waitpid(pid, &wait_status, 0);
	c->n_ready -= seat->ready;
	c->n_alive--;
	seat_vacate(seat);
	if (c->board != NULL)
		board_reclaim(c->board, seat->number - 1);
	if (c->stage != STAGE_SERVING) {
		if (c->n_alive == 0)
			c->plan.gone(c->plan.arg, c);
	} else if (WIFEXITED(wait_status) &&
	    WEXITSTATUS(wait_status) == WORKER_HOPELESS) {
		log_errorx("worker %u cannot work", seat->number);
		c->plan.hopeless(c->plan.arg, c);
	} else {
		seat_say_death(seat, pid, wait_status);
		seat_retry(seat);
	}
	return true;
}
