/* SPDX-License-Identifier: ISC */
/*
 * loop: epoll, signals, deadlines.
 *
 * The loop sleeps until something happens or the nearest timer is due, and for
 * ever when there is none. Invariant: no event is delivered to a watch that was
 * closed or is not in the set; that alone makes it safe to free its owner. So
 * the kernel is not given its address, but a number of a table, and whose turn
 * it was there.
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
#define LOOP_NONE	UINT32_MAX

/* Where the events for a watch arrive while it is in the set. */
struct entry {
	struct watch	*watch;		/* NULL: free */
	uint32_t	 turn;		/* how often it was given away */
	uint32_t	 next;		/* free one */
};

RB_HEAD(timers, timer);

struct loop {
	int			 epoll;
	bool			 stopped;
	bool			 expiring;
	int64_t			 now_ms;
	struct timers		 timers;
	struct epoll_event	 batch[LOOP_BATCH];
	struct entry		*entries;
	uint32_t		 n_entries, free;	/* how many; the first free */
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
	loop->free = LOOP_NONE;
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
	free(loop->entries);
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

/* Events for the watch that are still on their way find the turn over. */
static void
watch_leave(struct loop *loop, struct watch *watch)
{
	struct entry *entry = &loop->entries[watch->entry];

	entry->watch = NULL;
	entry->turn++;
	entry->next = loop->free;
	loop->free = watch->entry;
	watch->wanted = 0;
}

/*
 * Deliver one event of the batch. An earlier callback may have closed the
 * watch, or may want other things by now: only what is wanted still counts.
 */
static void
loop_deliver(struct loop *loop, const struct epoll_event *event)
{
	const struct entry *entry = &loop->entries[(uint32_t)event->data.u64];
	struct watch *watch = entry->watch;
	uint32_t events;

	if (watch == NULL || entry->turn != (uint32_t)(event->data.u64 >> 32))
		return;
	events = event->events & (watch->wanted | EPOLLERR | EPOLLHUP);
	if (events == 0)
		return;
	if ((watch->wanted & EPOLLONESHOT) != 0) {
		watch_leave(loop, watch);
		watch->silent = true;
	}
	watch->ready(watch->arg, events);
}

int
loop_run(struct loop *loop)
{
	int i, n;

	loop->stopped = false;
	loop_tick(loop);
	while (!loop->stopped) {
		n = epoll_wait(loop->epoll, loop->batch, LOOP_BATCH,
		    loop_patience(loop));
		if (n == -1 && errno != EINTR)
			return -1;
		loop_tick(loop);
		for (i = 0; i < n && !loop->stopped; i++)
			loop_deliver(loop, &loop->batch[i]);
		loop_expire(loop);
	}
	return 0;
}

/* Twice as many entries. */
static int
loop_grow(struct loop *loop)
{
	uint32_t i, n = loop->n_entries == 0 ? LOOP_BATCH : 2 * loop->n_entries;
	struct entry *entries = reallocarray(loop->entries, n, sizeof *entries);

	if (entries == NULL)
		return -1;
	for (i = loop->n_entries; i < n; i++)
		entries[i] = (struct entry){ .next = i + 1 < n ? i + 1 :
		    LOOP_NONE };
	loop->entries = entries;
	loop->free = loop->n_entries;
	loop->n_entries = n;
	return 0;
}

static int
watch_enter(struct loop *loop, struct watch *watch)
{
	if (loop->free == LOOP_NONE && loop_grow(loop) == -1)
		return -1;
	watch->entry = loop->free;
	loop->free = loop->entries[watch->entry].next;
	loop->entries[watch->entry].watch = watch;
	return 0;
}

int
watch_want(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events };
	int op = events == 0 ? EPOLL_CTL_DEL :
	    watch->wanted == 0 && !watch->silent ? EPOLL_CTL_ADD :
	    EPOLL_CTL_MOD;

	if (events == watch->wanted && !watch->silent)
		return 0;
	if (watch->wanted == 0 && watch_enter(loop, watch) == -1)
		return -1;
	event.data.u64 = (uint64_t)loop->entries[watch->entry].turn << 32 |
	    watch->entry;
	watch->wanted = events;
	watch->silent = false;
	if (epoll_ctl(loop->epoll, op, watch->fd, &event) == 0) {
		if (events == 0)
			watch_leave(loop, watch);
		return 0;
	}
	if (op == EPOLL_CTL_MOD)
		(void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->fd, NULL);
	watch_leave(loop, watch);
	return -1;
}

int
watch_again(struct loop *loop, struct watch *watch)
{
	struct epoll_event event = { .events = watch->wanted };

	assert(watch->wanted != 0);
	event.data.u64 = (uint64_t)loop->entries[watch->entry].turn << 32 |
	    watch->entry;
	return epoll_ctl(loop->epoll, EPOLL_CTL_MOD, watch->fd, &event);
}

void
watch_close(struct loop *loop, struct watch *watch)
{
	/*
	 * Caution: closing alone does not take a descriptor out of the set
	 * while another process has it.
	 */
	(void)watch_want(loop, watch, 0);
	watch_close_own(loop, watch);
}

/*
 * A program that is being started has our descriptors, too: the kernel lets us
 * go on, at the end of its exec, a moment before it closes them. For so long
 * the descriptor stays in the set, and what it reports is not delivered.
 */
void
watch_close_own(struct loop *loop, struct watch *watch)
{
	if (watch->fd == -1)
		return;
	if (watch->wanted != 0)
		watch_leave(loop, watch);
	(void)close(watch->fd);
	watch->fd = -1;
	watch->silent = false;
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
