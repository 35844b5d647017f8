/* SPDX-License-Identifier: ISC */
/*
 * seat: the place of one worker in its crew, taken or vacant.
 *
 * Knows how a worker comes and how it goes, but not what for.
 */
#include "platform.h"

#include "seat.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#include <signal.h>
#include <unistd.h>

#include "leash.h"
#include "log.h"

#define SEAT_YOUNG_MS		5000	/* a death before this is an early one */
#define SEAT_DELAY_MS		100	/* after the first; then it doubles */
#define SEAT_DELAY_MAX_MS	30000

/* A worker says that it accepts connections, or nothing any more. */
static void
seat_leash_ready(void *arg, uint32_t events)
{
	struct seat *seat = arg;
	struct leash_message message;

	(void)events;
	switch (leash_hear(seat->leash.fd, &message)) {
	case LEASH_READY:
		if (seat->ready)
			break;
		seat->ready = true;
		seat->hooks->ready(seat);
		break;
	case LEASH_GONE:	/* it is dying; whoever takes over is to know it */
		(void)watch_want(seat->loop, &seat->leash, 0);
		break;
	default:
		break;
	}
}

static void
seat_retry_due(void *arg)
{
	struct seat *seat = arg;

	seat->hooks->vacant(seat);
}

void
seat_init(struct seat *seat, const struct seat_hooks *hooks, void *crew,
    struct loop *loop, unsigned number)
{
	*seat = (struct seat){
		.hooks = hooks,
		.crew = crew,
		.loop = loop,
		.number = number,
		.leash = { .fd = -1, .ready = seat_leash_ready, .arg = seat },
		.retry = { .due = seat_retry_due, .arg = seat },
	};
}

static void
seat_seated(struct seat *seat, pid_t pid)
{
	seat->pid = pid;
	seat->started_ms = loop_now(seat->loop);
}

void
seat_adopt(struct seat *seat, pid_t pid, int leash)
{
	seat_seated(seat, pid);
	seat->leash.fd = leash;
	(void)watch_want(seat->loop, &seat->leash, EPOLLIN);
	seat->ready = true;
}

static void
seat_try_after(struct seat *seat, int64_t delay_ms)
{
	seat->delay_ms = delay_ms < SEAT_DELAY_MAX_MS ? delay_ms :
	    SEAT_DELAY_MAX_MS;
	timer_set(seat->loop, &seat->retry,
	    loop_now(seat->loop) + seat->delay_ms);
}

void
seat_defer(struct seat *seat)
{
	seat_try_after(seat, seat->delay_ms == 0 ? SEAT_DELAY_MS :
	    2 * seat->delay_ms);
}

void
seat_retry(struct seat *seat)
{
	if (loop_now(seat->loop) - seat->started_ms < SEAT_YOUNG_MS)
		seat_defer(seat);
	else
		seat_try_after(seat, 0);
}

bool
seat_take(struct seat *seat)
{
	int ends[2];
	pid_t pid = -1;

	if (leash_make(ends) == -1) {
		log_warn("cannot start worker %u", seat->number);
		seat_defer(seat);
		return false;
	}
	/* A worker that could not be heard would never be known to be ready. */
	seat->leash.fd = ends[0];
	if (watch_want(seat->loop, &seat->leash, EPOLLIN) == 0 &&
	    (pid = fork()) == 0) {	/* which forgets all leashes of ours */
		seat->hooks->work(seat, ends[1]);
		_exit(1);
	}
	if (pid == -1) {
		log_warn("cannot fork worker %u", seat->number);
		watch_close(seat->loop, &seat->leash);
		seat_defer(seat);
	}
	(void)close(ends[1]);
	if (pid == -1)
		return false;
	seat_seated(seat, pid);
	log_debug("worker %u is process %d", seat->number, (int)pid);
	return true;
}

int
seat_tell(struct seat *seat, enum leash_word word,
    const struct leash_message *message)
{
	return seat->leash.fd == -1 ? 0 :
	    leash_tell(seat->leash.fd, word, message);
}

void
seat_signal(const struct seat *seat, int sig)
{
	if (seat->pid > 0)
		(void)kill(seat->pid, sig);
}

void
seat_vacate(struct seat *seat)
{
	watch_close(seat->loop, &seat->leash);
	seat->pid = 0;
	seat->ready = false;
}

void
seat_say_death(const struct seat *seat, pid_t pid, int wait_status)
{
	if (WIFSIGNALED(wait_status))
		log_warnx("worker %u (process %d) was ended by signal %d",
		    seat->number, (int)pid, WTERMSIG(wait_status));
	else
		log_warnx("worker %u (process %d) left with status %d",
		    seat->number, (int)pid, WEXITSTATUS(wait_status));
}

void
seat_close(struct seat *seat)
{
	timer_stop(seat->loop, &seat->retry);
}

void
seat_forget(struct seat *seat)
{
	if (seat->leash.fd != -1)
		(void)close(seat->leash.fd);
}
