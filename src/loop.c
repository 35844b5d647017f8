/* SPDX-License-Identifier: ISC */
/*
 * loop: epoll, signals, deadlines.
 *
 * The loop sleeps until something happens or the nearest timer is due, and for
 * ever when there is none. Invariant: no watch is in the batch that is being
 * delivered once it was closed; that alone makes it safe to free its owner.
 */
#include "platform.h"

#include "loop.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOP_BATCH	64

RB_HEAD(timers, timer);

struct loop {
	int			 epoll;
	bool			 stopped;
	bool			 expiring;
	int64_t			 now_ms;
	struct timers		 timers;
	struct epoll_event	 batch[LOOP_BATCH];
	int			 n, at;		/* of the batch: all, next */
	struct watch		 signals;
	void			(*got)(void *, int);
	void			*got_arg;
};

/* By time; timers of the same time by address, so that no two are equal. */
static int
timer_compare(struct timer *a, struct timer *b)
{
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	return a == b ? 0 : (uintptr_t)a < (uintptr_t)b ? -1 : 1;
}

/* RB_GENERATE_STATIC leans on a __unused that Linux does not have. */
RB_GENERATE_INTERNAL(timers, timer, node, timer_compare,
    static __attribute__((unused)))

static void
loop_tick(struct loop *loop)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	loop->now_ms = ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct loop *
loop_new(void)
{
	struct loop *loop = calloc(1, sizeof *loop);

	if (loop == NULL)
		return NULL;
	loop->signals.fd = -1;
	RB_INIT(&loop->timers);
	loop_tick(loop);
	if ((loop->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1) {
		free(loop);
		return NULL;
	}
	return loop;
}

void
loop_leave(struct loop *loop)
{
	/* No watch_close(): the set itself is the parent's as well. */
	(void)close(loop->signals.fd);
	(void)close(loop->epoll);
	free(loop);
}

int64_t
loop_now(const struct loop *loop)
{
	return loop->now_ms;
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

static void
loop_signal_ready(void *arg, uint32_t events)
{
	struct loop *loop = arg;
	struct signalfd_siginfo info;

	(void)events;
	while (loop->signals.fd != -1 && read(loop->signals.fd, &info,
	    sizeof info) == (ssize_t)sizeof info)
		loop->got(loop->got_arg, (int)info.ssi_signo);
}

int
loop_signals(struct loop *loop, const sigset_t *mask,
    void (*got)(void *arg, int sig), void *arg)
{
	assert(loop->signals.fd == -1);
	if (sigprocmask(SIG_BLOCK, mask, NULL) == -1)
		return -1;
	loop->signals.fd = signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals.fd == -1)
		return -1;
	loop->signals.ready = loop_signal_ready;
	loop->signals.arg = loop;
	loop->got = got;
	loop->got_arg = arg;
	return watch_want(loop, &loop->signals, EPOLLIN);
}

/* How long epoll may sleep: until the nearest timer, rounded up. */
static int
loop_patience(struct loop *loop)
{
	struct timer *first = RB_MIN(timers, &loop->timers);
	int64_t left;

	if (first == NULL)
		return -1;
	left = first->at_ms - loop->now_ms;
	return left <= 0 ? 0 : left > INT32_MAX / 2 ? INT32_MAX / 2 : (int)left;
}

/* Timers that are due now. One that a callback sets waits for the next round. */
static void
loop_expire(struct loop *loop)
{
	struct timer *first;

	loop->expiring = true;
	while (!loop->stopped &&
	    (first = RB_MIN(timers, &loop->timers)) != NULL &&
	    first->at_ms <= loop->now_ms) {
		timer_stop(loop, first);
		first->due(first->arg);
	}
	loop->expiring = false;
}

/*
 * Deliver one event of the batch. An earlier callback may have struck the
 * watch, or may want other things by now: only what is wanted still counts.
 */
static void
loop_deliver(const struct epoll_event *event)
{
	struct watch *watch = event->data.ptr;
	uint32_t events;

	if (watch == NULL || watch->wanted == 0)
		return;
	events = event->events & (watch->wanted | EPOLLERR | EPOLLHUP);
	if (events != 0)
		watch->ready(watch->arg, events);
}

int
loop_run(struct loop *loop)
{

	loop->stopped = false;
	loop_tick(loop);
	while (!loop->stopped) {
		loop->n = epoll_wait(loop->epoll, loop->batch, LOOP_BATCH,
		    loop_patience(loop));
		if (loop->n == -1 && errno != EINTR)
			return -1;
		loop_tick(loop);
		for (loop->at = 0; loop->at < loop->n && !loop->stopped; )
			loop_deliver(&loop->batch[loop->at++]);
		loop->n = loop->at = 0;
		loop_expire(loop);
	}
	return 0;
}

int
watch_want(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events,
		.data = { .ptr = watch } };
	int op;

	if (events == watch->wanted)
		return 0;
	op = events == 0 ? EPOLL_CTL_DEL :
	    watch->wanted == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
	watch->wanted = 0;
	if (epoll_ctl(loop->epoll, op, watch->fd, &event) == -1) {
		if (op == EPOLL_CTL_MOD)
			(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd,
			    NULL);
		return -1;
	}
	watch->wanted = events;
	return 0;
}

void
watch_close(struct loop *loop, struct watch *watch)
{
	int i;

	if (watch->fd == -1)
		return;
	/*
	 * Caution: closing alone does not take a descriptor out of the set
	 * while another process has it, and a program that is just being
	 * started has all of ours: the kernel lets us go on, at the end of its
	 * exec, a moment before it closes them.
	 */
	(void)watch_want(loop, watch, 0);
	for (i = loop->at; i < loop->n; i++)
		if (loop->batch[i].data.ptr == watch)
			loop->batch[i].data.ptr = NULL;
	(void)close(watch->fd);
	watch->fd = -1;
}

void
timer_set(struct loop *loop, struct timer *timer, int64_t at_ms)
{
	if (loop->expiring && at_ms <= loop->now_ms)
		at_ms = loop->now_ms + 1;
	if (timer->at_ms == at_ms)
		return;
	timer_stop(loop, timer);
	timer->at_ms = at_ms;
	(void)RB_INSERT(timers, &loop->timers, timer);
}

void
timer_stop(struct loop *loop, struct timer *timer)
{
	if (timer->at_ms == 0)
		return;
	(void)RB_REMOVE(timers, &loop->timers, timer);
	timer->at_ms = 0;
}

void
loop_raise_nofile(struct rlimit *before)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, before) == -1)
		return;
	most = *before;
	most.rlim_cur = most.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &most);
}
