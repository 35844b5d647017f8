/* SPDX-License-Identifier: ISC */
/*
 * worker: one process: drop privileges, accept up to its limit, drain when
 * told.
 *
 * Knows no protocol. Invariant: a listener is in the loop's set if and only if
 * the worker has room for another request and is not draining, or draining and
 * still at its last call.
 */
#include "platform.h"

#include "worker.h"

#include <bsd/unistd.h>
#include <sys/epoll.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "child.h"
#include "leash.h"
#include "listen.h"
#include "log.h"
#include "loop.h"
#include "pipes.h"
#include "privs.h"
#include "request.h"
#include "settings.h"
#include "slots.h"

/* After a failing accept, wait this long before the next. */
#define WORKER_PAUSE_MS		100
#define WORKER_WARN_MS		10000	/* and say so this often */

/*
 * Draining: so long a TCP connection may take to come that has begun to. To its
 * client it is made, and has perhaps been given a request, when its last packet
 * is still on the way; it would be reset.
 */
#define WORKER_LAST_CALL_MS	200

/* Descriptors that a request may have: connection, 3 pipes, pidfd, spool. */
#define WORKER_FDS_PER_REQUEST	6
#define WORKER_FDS_OWN		32

struct worker;

struct door {			/* a listener in the loop */
	struct worker	*worker;
	struct listener	*listener;
	struct watch	 watch;
	bool		 last_call;	/* draining: some may be on their way */
	unsigned	 waiting;	/* after that: how many more to let in */
};

struct worker {
	const struct worker_setup *setup;
	struct gateway	 gateway;
	struct door	*doors;
	unsigned	 limit;		/* requests at once */
	bool		 paused;	/* after a failing accept */
	int64_t		 warned_ms;
	bool		 draining, emptying;
	struct watch	 leash;
	struct timer	 pause, patience;
	struct timer	 tell;		/* what the log has left out */
	struct timer	 last_call;
};

static void	worker_doors(struct worker *);

/* Serve a connection; the master can see how many we have. */
static void
worker_take(struct worker *w, const struct listener *listener, int fd)
{
	slots_requests(w->gateway.slots, w->gateway.n_requests + 1);
	request_open(&w->gateway, listener, fd);
	slots_requests(w->gateway.slots, w->gateway.n_requests);
}

/* No descriptor, no memory: waiting helps, trying does not. */
static void
worker_pause(struct worker *w, const char *why)
{
	int64_t now = loop_now(w->gateway.loop);

	if (w->warned_ms == 0 || now - w->warned_ms >= WORKER_WARN_MS) {
		log_warn("%s", why);
		w->warned_ms = now;
	}
	w->paused = true;
	timer_set(w->gateway.loop, &w->pause, now + WORKER_PAUSE_MS);
}

/* Accept one: the others are for the other workers. */
static void
worker_accept(void *arg, uint32_t events)
{
	struct door *door = arg;
	struct worker *w = door->worker;
	int fd;

	(void)events;
	if (w->gateway.n_requests >= w->limit)
		return;
	if ((fd = listen_accept(door->listener)) != -1) {
		worker_take(w, door->listener, fd);
		worker_doors(w);
	} else if (errno != EAGAIN && errno != EINVAL) {
		worker_pause(w, "cannot accept");
		worker_doors(w);
	}
}

/* Listen, or not. A listener is paused by leaving the set. */
static void
worker_doors(struct worker *w)
{
	bool room = !w->paused && w->gateway.n_requests < w->limit, open;
	struct door *door;
	size_t i;

	for (i = 0; i < w->setup->n_listeners; i++) {
		door = &w->doors[i];
		open = room && (!w->draining || door->last_call);
		if (door->watch.fd != -1 && watch_want(w->gateway.loop,
		    &door->watch, open ? EPOLLIN | EPOLLEXCLUSIVE : 0) == -1)
			worker_pause(w, "cannot watch a listening socket");
	}
}

/* Messages that were too many of a kind are counted: tell how many, in time. */
static void
worker_tell(struct worker *w)
{
	int64_t due = log_due();

	if (due != -1 && w->tell.at_ms == 0)
		timer_set(w->gateway.loop, &w->tell,
		    loop_now(w->gateway.loop) + due + 1);
}

static void
worker_tell_due(void *arg)
{
	struct worker *w = arg;

	log_tell();
	worker_tell(w);
}

static void
worker_leave_if_done(struct worker *w)
{
	size_t i;

	for (i = 0; i < w->setup->n_listeners; i++)
		if (w->doors[i].watch.fd != -1)
			return;
	if (w->gateway.n_requests == 0)
		loop_stop(w->gateway.loop);
}

/* Draining: let in who waits, as far as there is room, and close the door. */
static void
worker_empty_doors(struct worker *w)
{
	struct door *door;
	size_t i;
	int fd;

	if (w->emptying)	/* a request has ended as soon as it was taken */
		return;
	w->emptying = true;
	for (i = 0; i < w->setup->n_listeners; i++) {
		door = &w->doors[i];
		if (door->last_call)
			continue;
		while (door->waiting > 0 && w->gateway.n_requests < w->limit) {
			fd = listen_accept(door->listener);
			if (fd == -1 && errno != EAGAIN && errno != EINVAL) {
				worker_pause(w, "cannot accept who waits");
				break;
			}
			door->waiting = fd == -1 ? 0 : door->waiting - 1;
			if (fd != -1)
				worker_take(w, door->listener, fd);
		}
		if (door->waiting == 0)
			watch_close(w->gateway.loop, &door->watch);
	}
	w->emptying = false;
	worker_leave_if_done(w);
}

/* Who has been on the way is there by now. */
static void
worker_last_call_due(void *arg)
{
	struct worker *w = arg;
	size_t i;

	for (i = 0; i < w->setup->n_listeners; i++) {
		if (!w->doors[i].last_call)
			continue;
		w->doors[i].last_call = false;
		w->doors[i].waiting = listen_waiting(w->doors[i].listener);
	}
	worker_doors(w);
	worker_empty_doors(w);
}

static void
worker_pause_due(void *arg)
{
	struct worker *w = arg;

	w->paused = false;
	worker_tell(w);
	worker_doors(w);
	if (w->draining)
		worker_empty_doors(w);
}

/*
 * No more requests than are there, in us and before our doors; but where others
 * go on to accept, which is what a zero in `closed` says, only those in us.
 */
static void
worker_drain(struct worker *w, const unsigned char *closed, size_t n_closed)
{
	struct door *door;
	size_t i;

	if (w->draining)
		return;
	w->draining = true;
	setproctitle("worker %u, finishing", w->setup->number);
	for (i = 0; i < w->setup->n_listeners; i++) {
		door = &w->doors[i];
		if (i < n_closed && closed[i] == 0)
			continue;	/* nobody is left waiting */
		door->waiting = listen_waiting(door->listener);
		if (door->listener->is_unix)
			continue;
		door->last_call = true;
		timer_set(w->gateway.loop, &w->last_call,
		    loop_now(w->gateway.loop) + WORKER_LAST_CALL_MS);
	}
	worker_doors(w);
	worker_empty_doors(w);
}

/*
 * Time to drain is up: nobody is let in, all programs are told to end. With
 * `now` they are killed; they are still reaped before we leave.
 */
static void
worker_stop(struct worker *w, bool now)
{
	size_t i;

	worker_drain(w, NULL, 0);
	timer_stop(w->gateway.loop, &w->last_call);
	for (i = 0; i < w->setup->n_listeners; i++) {
		w->doors[i].last_call = false;
		w->doors[i].waiting = 0;
	}
	worker_empty_doors(w);
	request_stop_all(&w->gateway, now);
	worker_leave_if_done(w);
}

/* An orphan's own deadline. */
static void
worker_patience_due(void *arg)
{
	worker_stop(arg, false);
}

static void
worker_request_ended(void *arg)
{
	struct worker *w = arg;

	worker_tell(w);
	slots_requests(w->gateway.slots, w->gateway.n_requests);
	worker_doors(w);
	if (w->draining)
		worker_empty_doors(w);
}

static void
worker_signal(void *arg, int sig)
{
	struct worker *w = arg;

	if (sig == SIGTERM)
		worker_drain(w, NULL, 0);
	else if (sig == WORKER_OVERDUE)
		worker_stop(w, false);
	else if (sig == SIGQUIT)
		worker_stop(w, true);
	/* SIGINT, SIGHUP come from a terminal to all; the master tells us. */
}

/* The master is gone: drain and leave, with nobody to set the deadline. */
static void
worker_orphaned(struct worker *w)
{
	log_warnx("worker %u: the master is gone; finishing %u requests",
	    w->setup->number, w->gateway.n_requests);
	watch_close(w->gateway.loop, &w->leash);
	timer_set(w->gateway.loop, &w->patience, loop_now(w->gateway.loop) +
	    w->setup->config->drain_timeout + 1);
	worker_drain(w, NULL, 0);
}

/* Write to other log files from now on. */
static void
worker_logs(const struct leash_message *m)
{
	size_t stream, n = 0;

	for (stream = 0; stream < 2 && m->n_bytes == 2; stream++) {
		if (m->bytes[stream] == 0)
			continue;
		if (n < LEASH_FDS && m->fds[n] != -1)
			log_adopt((enum log_stream)stream, m->fds[n++]);
		else
			log_warnx("no descriptor for a new log file: the old "
			    "one stays in use");
	}
}

/* The master has something to say. */
static void
worker_leash_ready(void *arg, uint32_t events)
{
	struct worker *w = arg;
	struct leash_message message;

	(void)events;
	switch (leash_hear(w->leash.fd, &message)) {
	case LEASH_GONE:
		worker_orphaned(w);
		break;
	case LEASH_RETIRE:
		worker_drain(w, message.bytes, message.n_bytes);
		break;
	case LEASH_LOGS:
		worker_logs(&message);
		break;
	default:
		break;
	}
}

/* As many requests as asked for, if there are descriptors for them. */
static unsigned
worker_limit(const struct worker_setup *setup)
{
	unsigned wanted = (unsigned)setup->config->requests_per_worker;
	struct rlimit now;
	rlim_t room, own;

	if (getrlimit(RLIMIT_NOFILE, &now) == -1 ||
	    now.rlim_cur == RLIM_INFINITY)
		return wanted;
	/* A limit of each mapping has a descriptor, and so has a listener. */
	own = WORKER_FDS_OWN + setup->config->n_maps + setup->n_listeners;
	room = now.rlim_cur > own + WORKER_FDS_PER_REQUEST ?
	    (now.rlim_cur - own) / WORKER_FDS_PER_REQUEST : 1;
	if (room >= wanted)
		return wanted;
	if (setup->number == 1)
		log_warnx("requests-per-worker is lowered from %u to %u: the "
		    "limit of open files is %llu; raise it (LimitNOFILE=)",
		    wanted, (unsigned)room, (unsigned long long)now.rlim_cur);
	return (unsigned)room;
}

static int
worker_init(struct worker *w, const struct worker_setup *setup)
{
	sigset_t mask;
	size_t i;

	w->setup = setup;
	w->limit = worker_limit(setup);
	w->gateway.config = setup->config;
	w->gateway.pid = getpid();
	w->gateway.ended = worker_request_ended;
	w->gateway.arg = w;
	LIST_INIT(&w->gateway.requests);
	w->pause.due = worker_pause_due;
	w->patience.due = worker_patience_due;
	w->tell.due = worker_tell_due;
	w->last_call.due = worker_last_call_due;
	w->pause.arg = w->patience.arg = w->tell.arg =
	    w->last_call.arg = w;
	w->leash = (struct watch){ .fd = setup->leash,
	    .ready = worker_leash_ready, .arg = w };
	w->doors = calloc(setup->n_listeners + 1, sizeof *w->doors);
	if (w->doors == NULL || (w->gateway.loop = loop_new()) == NULL)
		return -1;
	w->gateway.slots = slots_new(setup->board, w->gateway.loop,
	    setup->number - 1, setup->config->n_maps);
	if (w->gateway.slots == NULL)
		return -1;
	for (i = 0; i < setup->n_listeners; i++) {
		w->doors[i].worker = w;
		w->doors[i].listener = &setup->listeners[i];
		w->doors[i].watch = (struct watch){
		    .fd = setup->listeners[i].fd, .ready = worker_accept,
		    .arg = &w->doors[i] };
	}
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGQUIT);
	(void)sigaddset(&mask, SIGINT);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigaddset(&mask, SIGUSR1);
	(void)sigaddset(&mask, WORKER_OVERDUE);
	(void)sigaddset(&mask, SIGUSR2);
	return allow_make(&w->gateway.allow, setup->config->allow.v) == -1 ||
	    loop_signals(w->gateway.loop, &mask, worker_signal, w) == -1 ||
	    watch_want(w->gateway.loop, &w->leash, EPOLLIN) == -1 ? -1 : 0;
}

/* Is no program ever to gain privileges? */
static bool
worker_forbids_privileges(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->n_maps; i++)
		if (!config->maps[i].set.no_new_privileges)
			return false;
	return true;
}

void
worker_main(const struct worker_setup *setup)
{
	static struct worker worker;	/* large, and one per process */

	setproctitle("worker %u", setup->number);
	/* A terminal stays behind: programs could type into it, as its owner. */
	(void)setsid();
	if (privs_drop(setup->privs) == -1)	/* or for want of something? */
		fatal(errno == EPERM || errno == EINVAL ? WORKER_HOPELESS :
		    WORKER_FAILED, "cannot become user %s",
		    setup->privs->name);
	if (child_init(&setup->nofile,
	    worker_forbids_privileges(setup->config)) == -1 ||
	    worker_init(&worker, setup) == -1)
		fatal(WORKER_FAILED, "worker %u cannot start", setup->number);
	pipes_init();
	log_limit(true);
	worker_doors(&worker);
	if (leash_tell(setup->leash, LEASH_READY, NULL) == -1 &&
	    errno != EPIPE && errno != ECONNRESET)
		fatal(WORKER_FAILED, "worker %u cannot say that it is ready",
		    setup->number);
	if (loop_run(worker.gateway.loop) == -1)
		fatal(WORKER_FAILED, "worker %u: epoll failed", setup->number);
	log_limit(false);
	exit(WORKER_DONE);
}
