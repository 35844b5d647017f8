/* SPDX-License-Identifier: ISC */
/*
 * pipes: which are used again, and that nothing of their last program shows.
 */
#include "platform.h"

#include "pipes.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "check_main.h"
#include "loop.h"

static struct loop *loop;
static struct watch ours;
static int theirs;

static void
begin(void)
{
	ck_assert((loop = loop_new()) != NULL);
	ours = (struct watch){ .fd = -1 };
	pipes_init();
}

static ino_t
number(int fd)
{
	struct stat st;

	ck_assert(fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode));
	return st.st_ino;
}

/* A program's life: it writes `text` and is gone; all is read. */
static ino_t
live(const char *name, const char *text)
{
	char got[64];
	ssize_t len = (ssize_t)strlen(text);
	ino_t id;

	theirs = pipes_from(&ours, PIPES_OUTPUT, false);
	CHECK_TRUE(name, theirs != -1 && ours.fd != -1);
	id = number(ours.fd);
	CHECK_TRUE(name, number(theirs) == id);
	CHECK_INT(name, fcntl(ours.fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDONLY | O_NONBLOCK);
	CHECK_INT(name, fcntl(theirs, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_WRONLY);
	CHECK_TRUE(name, fcntl(ours.fd, F_GETFD) & FD_CLOEXEC);
	CHECK_TRUE(name, fcntl(theirs, F_GETFD) & FD_CLOEXEC);
	CHECK_INT(name, read(ours.fd, got, sizeof got), -1);
	CHECK_INT(name, errno, EAGAIN);
	CHECK_INT(name, write(theirs, text, (size_t)len), len);
	(void)fcntl(theirs, F_SETFL, O_NONBLOCK);	/* it may */
	(void)close(theirs);
	CHECK_INT(name, read(ours.fd, got, sizeof got), len);
	CHECK_TRUE(name, memcmp(got, text, (size_t)len) == 0);
	CHECK_INT(name, read(ours.fd, got, sizeof got), 0);
	return id;
}

static void
end(enum pipes_sort sort)
{
	pipes_end(loop, &ours, sort);
	ck_assert(ours.fd == -1 && !ours.silent);
}

START_TEST(again)
{
	int before;
	ino_t first;

	begin();
	first = live("new", "abc");
	before = check_open_descriptors();
	end(PIPES_OUTPUT);
	CHECK_INT("kept", check_open_descriptors(), before);
	CHECK_TRUE("again", live("again", "de") == first);
	end(PIPES_OUTPUT);
	theirs = pipes_from(&ours, PIPES_ERRORS, false);
	CHECK_TRUE("not for another sort", number(ours.fd) != first);
	(void)close(theirs);
	end(PIPES_ERRORS);
	CHECK_TRUE("and again", live("and again", "f") == first);
}
END_TEST

/* Only we can read it: a program that tries does not wait for ever. */
START_TEST(mode)
{
	struct stat st;

	begin();
	(void)live("mode", "");
	CHECK_INT("mode", fstat(ours.fd, &st), 0);
	CHECK_INT("mode", st.st_mode & 07777, S_IWUSR);
	end(PIPES_OUTPUT);
	(void)close(pipes_from(&ours, PIPES_OUTPUT, true));
	CHECK_INT("apart", fstat(ours.fd, &st), 0);
	CHECK_INT("apart", st.st_mode & 07777, S_IRUSR | S_IWUSR);
}
END_TEST

/* Without a first look at what the kernel can do, or of another size. */
static const struct {
	const char	*name;
	int		 factor, divisor;	/* of the size; 0: no first look */
} others[] = { { "no look", 0, 1 }, { "smaller", 1, 16 }, { "larger", 2, 1 } };

START_TEST(not_kept)
{
	const char *name = others[_i].name;
	int before, size;

	if (others[_i].factor != 0)
		begin();
	else
		ck_assert((loop = loop_new()) != NULL);
	before = check_open_descriptors();
	(void)live(name, "abc");
	size = fcntl(ours.fd, F_GETPIPE_SZ) * others[_i].factor /
	    others[_i].divisor;
	if (size != 0)
		CHECK_INT(name, fcntl(ours.fd, F_SETPIPE_SZ, size), size);
	end(PIPES_OUTPUT);
	CHECK_INT(name, check_open_descriptors(), before);
}
END_TEST

static void
ready(void *arg, uint32_t events)
{
	*(uint32_t *)arg = events;
	loop_stop(loop);
}

/* What was watched once comes back silent, and is watched again. */
START_TEST(watched)
{
	uint32_t events = 0;
	int i, before;
	ino_t id;

	begin();
	for (i = 0; i < 3; i++) {
		theirs = pipes_from(&ours, PIPES_OUTPUT, false);
		CHECK_INT("silent", ours.silent, i > 0);
		id = number(ours.fd);
		ours.ready = ready;
		ours.arg = &events;
		ck_assert(watch_want(loop, &ours, EPOLLIN | EPOLLONESHOT) == 0);
		(void)close(theirs);
		CHECK_INT("watched", loop_run(loop), 0);
		CHECK_INT("watched", events, EPOLLHUP);
		end(PIPES_OUTPUT);
	}
	before = check_open_descriptors();
	CHECK_TRUE("watched on", live("watched on", "") == id);
	ck_assert(watch_want(loop, &ours, EPOLLIN) == 0);
	end(PIPES_OUTPUT);
	CHECK_INT("is closed", check_open_descriptors(), before - 1);
}
END_TEST

/* So many are kept; at rest they go within two seconds. */
START_TEST(many)
{
	struct watch w[40];
	struct timer stop = { .due = NULL };
	int i, before, kept;

	begin();
	before = check_open_descriptors();
	for (i = 0; i < 40; i++) {
		w[i] = (struct watch){ .fd = -1 };
		(void)close(pipes_from(&w[i], PIPES_ERRORS, false));
	}
	CHECK_INT("in use", check_open_descriptors(), before + 40);
	for (i = 0; i < 40; i++)
		pipes_end(loop, &w[i], PIPES_ERRORS);
	kept = check_open_descriptors() - before;
	CHECK_INT("kept", kept, 16);
	stop.due = (void (*)(void *))loop_stop;
	stop.arg = loop;
	timer_set(loop, &stop, loop_now(loop) + 1050);
	CHECK_INT("rest", loop_run(loop), 0);
	CHECK_INT("needed a moment ago", check_open_descriptors() - before, 16);
	for (i = 0; i < 3; i++)
		(void)close(pipes_from(&w[i], PIPES_ERRORS, false));
	for (i = 0; i < 3; i++)
		pipes_end(loop, &w[i], PIPES_ERRORS);
	timer_set(loop, &stop, loop_now(loop) + 1000);
	CHECK_INT("rest", loop_run(loop), 0);
	CHECK_INT("as many as were needed", check_open_descriptors() - before, 3);
	timer_set(loop, &stop, loop_now(loop) + 1000);
	CHECK_INT("rest", loop_run(loop), 0);
	CHECK_INT("none", check_open_descriptors(), before);
}
END_TEST

/* No descriptor is free, or one: for a new pipe, or to open one again. */
START_TEST(scarce)
{
	struct rlimit old, low;
	int i, fd, got, before;

	begin();
	for (i = 0; i < 4; i++) {
		before = check_open_descriptors();
		ck_assert((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) != -1);
		(void)close(fd);
		ck_assert(getrlimit(RLIMIT_NOFILE, &old) == 0);
		low = old;
		low.rlim_cur = (rlim_t)(fd + i % 2);
		ck_assert(setrlimit(RLIMIT_NOFILE, &low) == 0);
		got = i < 2 ? pipes_from(&ours, PIPES_OUTPUT, false) : pipes_to(&ours);
		ck_assert(setrlimit(RLIMIT_NOFILE, &old) == 0);
		CHECK_INT("scarce", got, -1);
		CHECK_INT("scarce", ours.fd, -1);
		CHECK_INT("scarce", check_open_descriptors(), before);
	}
	before = check_open_descriptors();
	(void)live("kept", "");
	end(PIPES_OUTPUT);
	ck_assert((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) != -1);
	(void)close(fd);
	low.rlim_cur = (rlim_t)fd;
	ck_assert(setrlimit(RLIMIT_NOFILE, &low) == 0);
	got = pipes_from(&ours, PIPES_OUTPUT, false);
	ck_assert(setrlimit(RLIMIT_NOFILE, &old) == 0);
	CHECK_INT("cannot be opened again", got, -1);
	CHECK_INT("cannot be opened again", ours.fd, -1);
	CHECK_TRUE("cannot be opened again", !ours.silent);
	CHECK_INT("cannot be opened again", check_open_descriptors(), before);
}
END_TEST

/* A program has changed the mode of its pipe: the next has a new one. */
START_TEST(changed)
{
	uid_t us = geteuid();
	int before;
	ino_t id;

	ck_assert(us != 0 || seteuid(65534) == 0);	/* root may all */
	begin();
	before = check_open_descriptors();
	id = live("changed", "abc");
	ck_assert(fchmod(ours.fd, 0) == 0);
	end(PIPES_OUTPUT);
	CHECK_TRUE("changed", live("changed", "de") != id);
	CHECK_INT("changed", check_open_descriptors(), before + 1);
	ck_assert(seteuid(us) == 0);
}
END_TEST

START_TEST(input)
{
	char got[8];

	begin();
	CHECK_TRUE("input", (theirs = pipes_to(&ours)) != -1);
	CHECK_INT("input", fcntl(ours.fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_WRONLY | O_NONBLOCK);
	CHECK_INT("input", fcntl(theirs, F_GETFL) & (O_ACCMODE | O_NONBLOCK),
	    O_RDONLY);
	CHECK_TRUE("input", fcntl(ours.fd, F_GETFD) & FD_CLOEXEC);
	CHECK_INT("input", write(ours.fd, "abc", 3), 3);
	watch_close_own(loop, &ours);
	CHECK_INT("input", read(theirs, got, sizeof got), 3);
	CHECK_INT("input", read(theirs, got, sizeof got), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pipes");

	CHECK_LOOP(suite, again, 1);
	CHECK_LOOP(suite, mode, 1);
	CHECK_ROWS(suite, not_kept, others);
	CHECK_LOOP(suite, watched, 1);
	CHECK_LOOP(suite, many, 1);
	CHECK_LOOP(suite, scarce, 1);
	CHECK_LOOP(suite, changed, 1);
	CHECK_LOOP(suite, input, 1);
	return check_run(suite);
}
