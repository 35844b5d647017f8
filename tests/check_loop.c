/* SPDX-License-Identifier: ISC */
/*
 * loop: no test waits for more than a few milliseconds, and none for nothing:
 * each ends by an event that must come, or by check's own time limit.
 */
#include "platform.h"

#include "loop.h"

#include <sys/epoll.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "check_main.h"

/* What happened, a letter each. */
static char story[64];
static struct loop *loop;

static void
tell(char c)
{
	size_t len = strlen(story);

	ck_assert(len + 1 < sizeof story);
	story[len] = c;
	story[len + 1] = '\0';
}

static void
begin(void)
{
	story[0] = '\0';
	ck_assert((loop = loop_new()) != NULL);
}

/* A watched pipe; what it does when something comes is in `acts`. */
struct pipe_watch {
	struct watch	 watch;
	int		 other;		/* the end we write to */
	const char	*acts;
	struct pipe_watch *victim;
};

static void
act(struct pipe_watch *w, char what)
{
	char c;

	if (what == 'r')		/* read */
		(void)!read(w->watch.fd, &c, 1);
	else if (what == 'c')		/* close itself */
		watch_close(loop, &w->watch);
	else if (what == 'v')		/* close another, and wipe it out */
		watch_close(loop, &w->victim->watch);
	else if (what == 'u')		/* want no more */
		(void)watch_want(loop, &w->watch, 0);
	else if (what == 's')
		loop_stop(loop);
}

static void
pipe_ready(void *arg, uint32_t events)
{
	struct pipe_watch *w = arg;
	const char *p;

	tell((events & EPOLLIN) != 0 ? 'i' : (events & EPOLLHUP) != 0 ? 'h' :
	    '?');
	for (p = w->acts; *p != '\0'; p++)
		act(w, *p);
}

static void
pipe_open(struct pipe_watch *w, const char *acts)
{
	int fds[2];

	ck_assert(pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0);
	*w = (struct pipe_watch){ .watch = { .fd = fds[0],
	    .ready = pipe_ready, .arg = w }, .other = fds[1], .acts = acts };
}

static void
pipe_close(struct pipe_watch *w)
{
	watch_close(loop, &w->watch);
	watch_close(loop, &w->watch);
	ck_assert(w->watch.fd == -1);
	(void)close(w->other);
}

static void
due_tell(void *arg)
{
	tell(*(char *)arg);
}

static void
due_stop(void *arg)
{
	tell(*(char *)arg);
	loop_stop(loop);
}

/* Timers, "letter time", in order of setting; '!' takes one back. */
static const struct {
	const char	*name;
	struct { char letter; int ms; } set[6];
	const char	*story;		/* 'z' is always the last */
} orders[] = {
	{ "none", { { 0, 0 } }, "z" },
	{ "one", { { 'a', 1 } }, "az" },
	{ "in order", { { 'a', 1 }, { 'b', 2 }, { 'c', 3 } }, "abcz" },
	{ "in disorder", { { 'c', 3 }, { 'a', 1 }, { 'b', 2 } }, "abcz" },
	{ "set anew, later", { { 'a', 1 }, { 'b', 2 }, { 'a', 3 } }, "baz" },
	{ "set anew, earlier", { { 'a', 3 }, { 'b', 2 }, { 'a', 1 } }, "abz" },
	{ "set anew, the same", { { 'a', 1 }, { 'a', 1 } }, "az" },
	{ "stopped", { { 'a', 1 }, { 'b', 2 }, { 'a', -1 } }, "bz" },
	{ "stopped twice", { { 'a', 1 }, { 'a', -1 }, { 'a', -1 } }, "z" },
	{ "stopped, then set", { { 'a', 1 }, { 'a', -1 }, { 'a', 2 } }, "az" },
	{ "in the past", { { 'b', 1 }, { 'a', -50 } }, "abz" },
};

START_TEST(timers)
{
	static char letters[] = "abcz";
	struct timer all[4] = { { .at_ms = 0 } };
	struct timer *t;
	int64_t now;
	int i;

	begin();
	now = loop_now(loop);
	for (i = 0; i < 4; i++) {
		all[i].due = letters[i] == 'z' ? due_stop : due_tell;
		all[i].arg = &letters[i];
	}
	timer_set(loop, &all[3], now + 5);
	for (i = 0; i < 6 && orders[_i].set[i].letter != 0; i++) {
		t = &all[orders[_i].set[i].letter - 'a'];
		if (orders[_i].set[i].ms == -1)
			timer_stop(loop, t);
		else
			timer_set(loop, t, now + orders[_i].set[i].ms);
	}
	CHECK_INT(orders[_i].name, loop_run(loop), 0);
	CHECK_TEXT(orders[_i].name, story, orders[_i].story);
	CHECK_TRUE(orders[_i].name, loop_now(loop) >= now + 5);
	for (i = 0; i < 4; i++)
		CHECK_INT(orders[_i].name, all[i].at_ms, 0);
	loop_leave(loop);
}
END_TEST

/* Many of the same time are each told, though they are equal. */
START_TEST(same_time)
{
	static char letter = 'a', last = 'z';
	struct timer all[20] = { { .at_ms = 0 } };
	int i;

	begin();
	for (i = 0; i < 20; i++) {
		all[i].due = i < 19 ? due_tell : due_stop;
		all[i].arg = i < 19 ? &letter : &last;
		timer_set(loop, &all[i], loop_now(loop) + (i < 19 ? 1 : 2));
	}
	CHECK_INT("same time", loop_run(loop), 0);
	CHECK_TEXT("same time", story, "aaaaaaaaaaaaaaaaaaaz");
	loop_leave(loop);
}
END_TEST

/* It is always due; the first time it also gives the pipe a byte. */
struct greedy {
	struct timer	 timer;
	int		 times, fd;
};

static void
due_again(void *arg)
{
	struct greedy *g = arg;

	if (g->times++ == 0)
		(void)!write(g->fd, "x", 1);
	if (g->times < 1000)
		timer_set(loop, &g->timer, loop_now(loop));
	else
		loop_stop(loop);
}

/* A timer that is always due must not keep everything else from happening. */
START_TEST(greedy)
{
	struct greedy g = { .timer = { .due = due_again } };
	struct pipe_watch w;

	begin();
	pipe_open(&w, "rs");
	ck_assert(watch_want(loop, &w.watch, EPOLLIN) == 0);
	g.timer.arg = &g;
	g.fd = w.other;
	timer_set(loop, &g.timer, loop_now(loop));
	CHECK_INT("greedy", loop_run(loop), 0);
	CHECK_TEXT("greedy", story, "i");
	timer_stop(loop, &g.timer);
	pipe_close(&w);
	loop_leave(loop);
}
END_TEST

/* Reported once, a watch is silent until something is wanted of it again. */
START_TEST(once)
{
	struct pipe_watch w;
	char dot = '.';
	struct timer end = { .due = due_stop, .arg = &dot };

	begin();
	pipe_open(&w, "");
	ck_assert(write(w.other, "xy", 2) == 2);
	ck_assert(watch_want(loop, &w.watch, EPOLLIN | EPOLLONESHOT) == 0);
	CHECK_TRUE("at first", !w.watch.silent);
	timer_set(loop, &end, loop_now(loop) + 5);
	CHECK_INT("once", loop_run(loop), 0);
	CHECK_TEXT("once", story, "i.");
	CHECK_TRUE("once", w.watch.silent);
	CHECK_INT("once", w.watch.wanted, 0);
	ck_assert(watch_want(loop, &w.watch, EPOLLIN | EPOLLONESHOT) == 0);
	timer_set(loop, &end, loop_now(loop) + 5);
	CHECK_INT("again", loop_run(loop), 0);
	CHECK_TEXT("again", story, "i.i.");
	w.acts = "s";
	ck_assert(watch_want(loop, &w.watch, EPOLLIN) == 0);
	CHECK_INT("and as usual", loop_run(loop), 0);
	CHECK_INT("and as usual", loop_run(loop), 0);
	CHECK_TEXT("and as usual", story, "i.i.ii");
	CHECK_TRUE("and as usual", !w.watch.silent);
	ck_assert(watch_want(loop, &w.watch, EPOLLIN | EPOLLONESHOT) == 0);
	w.acts = "";
	timer_set(loop, &end, loop_now(loop) + 5);
	CHECK_INT("silent", loop_run(loop), 0);
	CHECK_INT("out of the set", watch_want(loop, &w.watch, 0), 0);
	CHECK_TRUE("out of the set", !w.watch.silent);
	ck_assert(watch_want(loop, &w.watch, EPOLLIN | EPOLLONESHOT) == 0);
	timer_set(loop, &end, loop_now(loop) + 5);
	CHECK_INT("in it anew", loop_run(loop), 0);
	CHECK_TEXT("in it anew", story, "i.i.iii.i.");
	pipe_close(&w);
	CHECK_TRUE("closed", !w.watch.silent);
	loop_leave(loop);
}
END_TEST

/* A pipe with two bytes, or none; its end closed or not. */
static const struct {
	const char	*name;
	uint32_t	 want, then;	/* wanted first, and after that */
	int		 bytes;
	bool		 hang_up;
	const char	*acts;
	const char	*story;
} wants[] = {
	{ "bytes", EPOLLIN, EPOLLIN, 1, false, "r", "iz" },
	{ "level-triggered", EPOLLIN, EPOLLIN, 3, false, "r", "iiiz" },
	{ "no bytes", EPOLLIN, EPOLLIN, 0, false, "r", "z" },
	{ "taken out", EPOLLIN, 0, 3, false, "r", "z" },
	{ "never in", 0, 0, 3, false, "r", "z" },
	{ "taken out and in again", EPOLLIN, EPOLLIN, 1, false, "r", "iz" },
	{ "other events", EPOLLIN, EPOLLHUP, 3, false, "r", "z" },
	{ "hang-ups alone", EPOLLHUP, EPOLLHUP, 0, true, "u", "hz" },
	{ "hang-ups alone, none comes", EPOLLHUP, EPOLLHUP, 3, false, "u", "z" },
	{ "out of the set, no hang-up", EPOLLIN, 0, 0, true, "", "z" },
	{ "takes itself out", EPOLLIN, EPOLLIN, 3, false, "u", "iz" },
	{ "closes itself", EPOLLIN, EPOLLIN, 3, false, "c", "iz" },
	{ "stops", EPOLLIN, EPOLLIN, 3, false, "s", "i" },
};

START_TEST(want)
{
	static char last = 'z';
	struct timer end = { .due = due_stop, .arg = &last };
	struct pipe_watch w;

	begin();
	pipe_open(&w, wants[_i].acts);
	ck_assert(write(w.other, "xxx", (size_t)wants[_i].bytes) ==
	    wants[_i].bytes);
	CHECK_INT(wants[_i].name, watch_want(loop, &w.watch, wants[_i].want),
	    0);
	if (_i == 5)
		CHECK_INT(wants[_i].name, watch_want(loop, &w.watch, 0), 0);
	CHECK_INT(wants[_i].name, watch_want(loop, &w.watch, wants[_i].then),
	    0);
	CHECK_INT(wants[_i].name, w.watch.wanted, wants[_i].then);
	if (wants[_i].hang_up) {
		(void)close(w.other);
		w.other = -1;
	}
	timer_set(loop, &end, loop_now(loop) + 3);
	CHECK_INT(wants[_i].name, loop_run(loop), 0);
	CHECK_TEXT(wants[_i].name, story, wants[_i].story);
	timer_stop(loop, &end);
	pipe_close(&w);
	loop_leave(loop);
}
END_TEST

/* What epoll refuses is not in the set afterwards. */
START_TEST(refused)
{
	struct watch watch = { .fd = -1 };

	begin();
	CHECK_INT("no descriptor", watch_want(loop, &watch, EPOLLIN), -1);
	CHECK_INT("no descriptor", errno, EBADF);
	CHECK_INT("no descriptor", watch.wanted, 0);
	watch.fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK_INT("a directory", watch_want(loop, &watch, EPOLLIN), -1);
	CHECK_INT("a directory", errno, EPERM);
	CHECK_INT("a directory", watch.wanted, 0);
	CHECK_INT("a directory", watch_want(loop, &watch, 0), 0);
	watch_close(loop, &watch);
	loop_leave(loop);
}
END_TEST

/*
 * Two watches are ready in one batch, and the first that is told closes the
 * other and gives its memory back: nobody may hear of the other any more.
 */
START_TEST(close_in_batch)
{
	struct pipe_watch *w[3];
	int i;

	begin();
	for (i = 0; i < 3; i++) {
		w[i] = malloc(sizeof *w[i]);
		pipe_open(w[i], i < 2 ? "rv" : "rs");
		ck_assert(write(w[i]->other, "x", 1) == 1);
		ck_assert(watch_want(loop, &w[i]->watch, EPOLLIN) == 0);
	}
	w[0]->victim = w[1];
	w[1]->victim = w[0];
	CHECK_INT("batch", loop_run(loop), 0);
	CHECK_TEXT("batch", story, "ii");
	CHECK_INT("one of two", (w[0]->watch.fd == -1) +
	    (w[1]->watch.fd == -1), 1);
	for (i = 0; i < 3; i++) {
		pipe_close(w[i]);
		free(w[i]);
	}
	loop_leave(loop);
}
END_TEST

/* Another process has it still, as a program that is being started may. */
START_TEST(close_own)
{
	struct pipe_watch one, other;
	int copy;

	begin();
	pipe_open(&one, "r");
	ck_assert((copy = dup(one.watch.fd)) != -1);
	ck_assert(write(one.other, "x", 1) == 1);
	ck_assert(watch_want(loop, &one.watch, EPOLLIN) == 0);
	watch_close_own(loop, &one.watch);
	watch_close_own(loop, &one.watch);
	ck_assert(one.watch.fd == -1);
	/* It may be given its number, and its place in the loop. */
	pipe_open(&other, "rs");
	ck_assert(write(other.other, "x", 1) == 1);
	ck_assert(watch_want(loop, &other.watch, EPOLLIN) == 0);
	CHECK_INT("closed", loop_run(loop), 0);
	CHECK_TEXT("closed", story, "i");
	(void)close(copy);
	(void)close(one.other);
	pipe_close(&other);
	loop_leave(loop);
}
END_TEST

/* More than there is room for at first. */
START_TEST(many)
{
	struct pipe_watch w[200];
	int i;

	begin();
	for (i = 0; i < 200; i++) {
		pipe_open(&w[i], i < 199 ? "u" : "us");
		ck_assert(watch_want(loop, &w[i].watch, EPOLLIN) == 0);
	}
	for (i = 0; i < 200; i += 50)
		ck_assert(write(w[i].other, "x", 1) == 1);
	ck_assert(write(w[199].other, "x", 1) == 1);
	CHECK_INT("many", loop_run(loop), 0);
	CHECK_TEXT("many", story, "iiiii");
	for (i = 0; i < 200; i++)
		pipe_close(&w[i]);
	loop_leave(loop);
}
END_TEST

static void
got_signal(void *arg, int sig)
{
	ck_assert(arg == story);
	tell(sig == SIGUSR1 ? '1' : sig == SIGUSR2 ? '2' : '?');
	if (sig == SIGUSR2)
		loop_stop(loop);
}

START_TEST(signals)
{
	struct pipe_watch w;
	sigset_t mask, old;

	begin();
	ck_assert(sigprocmask(SIG_SETMASK, NULL, &old) == 0);
	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGUSR1);
	(void)sigaddset(&mask, SIGUSR2);
	CHECK_INT("signals", loop_signals(loop, &mask, got_signal, story), 0);
	ck_assert(kill(getpid(), SIGUSR1) == 0);
	ck_assert(kill(getpid(), SIGUSR2) == 0);
	CHECK_INT("signals", loop_run(loop), 0);
	CHECK_TEXT("signals", story, "12");
	/* Stopped once, it runs again. */
	pipe_open(&w, "rs");
	ck_assert(write(w.other, "x", 1) == 1);
	ck_assert(watch_want(loop, &w.watch, EPOLLIN) == 0);
	CHECK_INT("again", loop_run(loop), 0);
	CHECK_TEXT("again", story, "12i");
	pipe_close(&w);
	loop_leave(loop);
	ck_assert(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
}
END_TEST

/* A child that lets go of the loop does not take the parent's watches away. */
START_TEST(leave)
{
	struct pipe_watch w;
	int status = -1;
	pid_t pid;

	begin();
	pipe_open(&w, "rs");
	ck_assert(watch_want(loop, &w.watch, EPOLLIN) == 0);
	(void)fflush(NULL);
	ck_assert((pid = fork()) != -1);
	if (pid == 0) {
		loop_leave(loop);
		_exit(write(w.other, "x", 1) == 1 ? 0 : 1);
	}
	CHECK_INT("leave", loop_run(loop), 0);
	CHECK_TEXT("leave", story, "i");
	ck_assert(waitpid(pid, &status, 0) == pid);
	CHECK_INT("leave", status, 0);
	pipe_close(&w);
	loop_leave(loop);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("loop");

	CHECK_ROWS(suite, timers, orders);
	CHECK_LOOP(suite, same_time, 1);
	CHECK_LOOP(suite, greedy, 1);
	CHECK_LOOP(suite, once, 1);
	CHECK_ROWS(suite, want, wants);
	CHECK_LOOP(suite, refused, 1);
	CHECK_LOOP(suite, close_in_batch, 1);
	CHECK_LOOP(suite, close_own, 1);
	CHECK_LOOP(suite, many, 1);
	CHECK_LOOP(suite, signals, 1);
	CHECK_LOOP(suite, leave, 1);
	return check_run(suite);
}
