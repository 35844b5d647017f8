/* SPDX-License-Identifier: ISC */
/*
 * run: a program's run: its descriptors in the loop, its ending, its fate.
 *
 * Knows nothing of requests. Invariant: a program that was started is reaped
 * here, and a group that was told to end is not forgotten before it is gone.
 */
#include "platform.h"

#include "run.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "log.h"
#include "pipes.h"

/* How often to look whether the rest of a group has obeyed. */
#define RUN_POLL_MS	50

/* How long a program is young. */
#define RUN_YOUNG_MS	20

void
run_init(struct run *run, struct loop *loop, const char *id)
{
	*run = (struct run){ .loop = loop, .id = id,
		.in = { .fd = -1 }, .out = { .fd = -1 }, .err = { .fd = -1 },
		.exit = { .fd = -1 } };
}

/* stderr: at its end, or as far as it goes once the program is gone. */
static void
run_err_ready(void *arg, uint32_t events)
{
	struct run *run = arg;
	int more;

	(void)events;		/* a hang-up alone does not mean that it is empty */
	more = errout_read(&run->errout, run->err.fd, run->id, run->script,
	    loop_now(run->loop));
	if (more == 0 || (more == -1 && errno != EAGAIN))
		watch_close_own(run->loop, &run->err);
}

/* What the program has written to stderr before it exited is logged. */
static void
run_drain_err(struct run *run)
{
	int i, more = 1;

	for (i = 0; run->err.fd != -1 && more == 1 && i < 64; i++)
		more = errout_read(&run->errout, run->err.fd, run->id,
		    run->script, loop_now(run->loop));
	if (more == 0 && !run->apart)
		pipes_end(run->loop, &run->err, PIPES_ERRORS);
	else
		watch_close_own(run->loop, &run->err);
	errout_end(&run->errout, run->id, run->script);
}

static void
run_over(struct run *run)
{
	timer_stop(run->loop, &run->grace);
	run->state = RUN_OVER;
}

/* Reap the program, if it has exited. */
static bool
run_reap(struct run *run)
{
	/* The kernel takes its time to add up what was used. */
	if (child_reap(&run->child, &run->wait_status,
	    log_wants_access() ? &run->usage : NULL) == -1)
		return false;
	run->reaped = true;
	run->young = false;
	run->attend_ms = 0;
	watch_close_own(run->loop, &run->exit);
	run_drain_err(run);
	if (run->state == RUN_ENDING && child_group_lives(&run->child)) {
		run->state = RUN_LEFTOVERS;
		timer_set(run->loop, &run->grace,
		    loop_now(run->loop) + RUN_POLL_MS);
	} else {
		run_over(run);
	}
	return true;
}

static void
run_exit_ready(void *arg, uint32_t events)
{
	struct run *run = arg;

	(void)events;
	if (run_reap(run))
		run->changed(run->arg);
}

/* Watch for its exit. */
static int
run_watch_exit(struct run *run)
{
	if (run->exit.fd == -1)
		run->exit.fd = child_pidfd(&run->child);
	return run->exit.fd == -1 ? -1 :
	    watch_want(run->loop, &run->exit, EPOLLIN);
}

/* Grace is over, or it is time to look whether the group is gone. */
static void
run_grace_due(void *arg)
{
	struct run *run = arg;
	int64_t now = loop_now(run->loop);

	if (run->state == RUN_LEFTOVERS && !child_group_lives(&run->child)) {
		run_over(run);
		run->changed(run->arg);
	} else if (now < run->kill_ms) {
		timer_set(run->loop, &run->grace, now + RUN_POLL_MS <
		    run->kill_ms ? now + RUN_POLL_MS : run->kill_ms);
	} else {
		child_signal(&run->child, SIGKILL);
		if (run->state == RUN_LEFTOVERS) {
			run_over(run);
			run->changed(run->arg);
		} else {
			run->state = RUN_KILLED;
		}
	}
}

/* Open the program's descriptors, and our ends of them. */
static bool
run_open(struct run *run, int fds[3], bool want_input)
{
	fds[1] = fds[2] = -1;
	fds[0] = run->input != 0 ? run->input :
	    want_input ? pipes_to(&run->in) : STDIN_FILENO;
	return fds[0] != -1 &&
	    (fds[1] = pipes_from(&run->out, PIPES_OUTPUT, run->apart)) != -1 &&
	    (fds[2] = pipes_from(&run->err, PIPES_ERRORS, run->apart)) != -1;
}

/* Close the program's, which has them, or will not. */
static void
run_close_theirs(const struct run *run, const int fds[3])
{
	int i;

	for (i = 0; i < 3; i++)
		if (fds[i] > STDERR_FILENO && fds[i] != run->input)
			(void)close(fds[i]);
}

/* Close our ends. */
static void
run_close_ours(struct run *run)
{
	watch_close_own(run->loop, &run->in);
	watch_close_own(run->loop, &run->out);
	watch_close_own(run->loop, &run->err);
}

enum child_stage
run_start(struct run *run, struct child_spec *spec, const char *script,
    bool want_input)
{
	enum child_stage stage;
	int saved;

	run->apart = !spec->no_new_privileges;
	stage = run_open(run, spec->fds, want_input) ?
	    child_start(&run->child, spec) : CHILD_RESOURCES;
	saved = errno;
	run_close_theirs(run, spec->fds);
	if (stage != CHILD_STARTED) {
		run_close_ours(run);
		errno = saved;
		return stage;
	}
	run->script = script;
	run->err.ready = run_err_ready;
	run->exit.ready = run_exit_ready;
	run->grace.due = run_grace_due;
	run->err.arg = run->exit.arg = run->grace.arg = run;
	run->young = true;
	run->attend_ms = loop_now(run->loop) + RUN_YOUNG_MS;
	run->state = RUN_RUNNING;
	return stage;
}

/* What cannot be watched is looked at again and again. */
bool
run_attend(struct run *run)
{
	int failed;

	if (run->attend_ms == 0)
		return false;
	run->attend_ms = 0;
	run->young = false;
	failed = run_watch_exit(run);
	if (run->err.fd != -1)
		failed |= watch_want(run->loop, &run->err, EPOLLIN);
	if (failed == 0)
		return false;
	if (run_reap(run))
		return true;
	run->attend_ms = loop_now(run->loop) + RUN_POLL_MS;
	run_err_ready(run, EPOLLIN);
	return false;
}

bool
run_is_young(const struct run *run)
{
	return run->young;
}

bool
run_await(struct run *run)
{
	if (run->state == RUN_NONE || run->reaped || run->exit.wanted != 0)
		return false;
	if (run_reap(run))
		return true;
	if (run_watch_exit(run) == -1 && run->attend_ms == 0)
		run->attend_ms = loop_now(run->loop) + RUN_POLL_MS;
	return false;
}

void
run_end_output(struct run *run)
{
	if (run->reaped || run->apart)	/* others may have it after its exit */
		watch_close_own(run->loop, &run->out);
	else
		pipes_end(run->loop, &run->out, PIPES_OUTPUT);
}

bool
run_is_active(const struct run *run)
{
	return run->state != RUN_NONE && run->state != RUN_OVER;
}

bool
run_has_exited(const struct run *run)
{
	return run->reaped;
}

void
run_end(struct run *run, int64_t grace_ms)
{
	int64_t at = loop_now(run->loop) + grace_ms;

	if (!run_is_active(run) || run->state == RUN_KILLED)
		return;
	if (run->state == RUN_RUNNING) {
		child_signal(&run->child, grace_ms > 0 ? SIGTERM : SIGKILL);
		run->state = RUN_ENDING;
	} else if (at >= run->kill_ms) {
		return;
	}
	run->kill_ms = at;
	timer_set(run->loop, &run->grace, at);
}

void
run_free(struct run *run)
{
	if (run_is_active(run))
		child_signal(&run->child, SIGKILL);
	if (run->state != RUN_NONE)
		timer_stop(run->loop, &run->grace);
	run_close_ours(run);
	watch_close_own(run->loop, &run->exit);
	errout_end(&run->errout, run->id, run->script);
}
