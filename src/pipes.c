/* SPDX-License-Identifier: ISC */
/*
 * pipes: between us and a program; some are used again.
 *
 * A pipe that is empty and has no writer is as good as a new one, and costs
 * half as much: /proc opens its writing end anew, the kernel keeps its memory,
 * and the epoll set its place. Kept are those of programs that were young until
 * their end, see run.h, and no more than lately were needed; a gateway at rest
 * has none.
 *
 * What a program writes must not reach the one before, nor the other way round.
 * By mistake it cannot: that one has no descriptor of the pipe any more, or we
 * would not have seen the end, and the pipe's mode lets nobody open it for
 * reading. A program that means to, can; but programs of one user can open each
 * other's descriptors in /proc as well. Not so those that may gain privileges:
 * they have pipes apart. Caution: with programs of several users there must be a
 * store for each.
 */
#include "platform.h"

#include "pipes.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"

#define PIPES_MOST	16	/* of each sort */
#define PIPES_SORTS	2
#define PIPES_REST_MS	1000
#define PIPES_PAGES	16	/* of memory, which the kernel gives each */

/* Our end of a pipe of which there is no other. */
struct spare {
	int	fd;
	bool	silent;		/* see struct watch */
};

struct store {
	struct spare	spare[PIPES_MOST];
	unsigned	n;
	unsigned	unused;		/* the fewest since the last look */
};

static struct store stores[PIPES_SORTS];
static struct timer rest;
static int directory = -1;	/* of our descriptors; -1: keep none */
static int usual_size;		/* who has used up his share gets less */

/* A new one of which end `ours` does not block. */
static int
pipes_pair(int pair[2], int ours)
{
	if (pipe2(pair, O_CLOEXEC) == -1)
		return -1;
	if (fcntl(pair[ours], F_SETFL, O_NONBLOCK) == 0)
		return 0;
	(void)close(pair[0]);
	(void)close(pair[1]);
	return -1;
}

/*
 * The writing end of a pipe, by the reading one; -1: that cannot be had. Its name
 * is put together by hand: snprintf(3) takes longer than the kernel's part.
 */
static int
pipes_reopen(int fd)
{
	char name[3 * sizeof fd + 1], *p = name + sizeof name;

	*--p = '\0';
	do
		*--p = (char)('0' + fd % 10);
	while ((fd /= 10) > 0);
	return openat(directory, p, O_WRONLY | O_CLOEXEC);
}

/* Does the kernel let us? */
static bool
pipes_can_reopen(void)
{
	int pair[2], again;

	if (pipes_pair(pair, 0) == -1)
		return false;
	again = pipes_reopen(pair[0]);
	(void)close(pair[0]);
	(void)close(pair[1]);
	if (again == -1)
		return false;
	(void)close(again);
	return true;
}

void
pipes_init(void)
{
	usual_size = (int)(PIPES_PAGES * sysconf(_SC_PAGESIZE));
	directory = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory == -1 || pipes_can_reopen())
		return;
	(void)close(directory);
	directory = -1;
}

int
pipes_to(struct watch *ours)
{
	int pair[2];

	if (pipes_pair(pair, 1) == -1)
		return -1;
	ours->fd = pair[1];
	return pair[0];
}

int
pipes_from(struct watch *ours, enum pipes_sort sort, bool apart)
{
	struct store *s = &stores[sort];
	int pair[2];

	if (s->n > 0 && !apart) {
		s->n--;
		if (s->unused > s->n)
			s->unused = s->n;
		ours->fd = s->spare[s->n].fd;
		ours->silent = s->spare[s->n].silent;
		if ((pair[1] = pipes_reopen(ours->fd)) != -1)
			return pair[1];
		(void)close(ours->fd);
		ours->fd = -1;
		ours->silent = false;
	}
	if (pipes_pair(pair, 0) == -1)
		return -1;
	if (directory != -1 && !apart)
		(void)fchmod(pair[0], S_IWUSR);
	ours->fd = pair[0];
	return pair[1];
}

/* Those that were not needed since the last time are let go. */
static void
pipes_rest(void *arg)
{
	struct loop *loop = arg;
	unsigned sort, i, kept = 0;
	struct store *s;

	for (sort = 0; sort < PIPES_SORTS; sort++) {
		s = &stores[sort];
		for (i = 0; i < s->unused; i++)
			(void)close(s->spare[i].fd);
		s->n -= s->unused;
		memmove(s->spare, s->spare + s->unused,
		    s->n * sizeof s->spare[0]);
		s->unused = s->n;
		kept += s->n;
	}
	if (kept > 0)
		timer_set(loop, &rest, loop_now(loop) + PIPES_REST_MS);
}

void
pipes_end(struct loop *loop, struct watch *ours, enum pipes_sort sort)
{
	struct store *s = &stores[sort];

	/* A program may have made it smaller for the next, or larger. */
	if (directory == -1 || s->n == PIPES_MOST || ours->wanted != 0 ||
	    fcntl(ours->fd, F_GETPIPE_SZ) != usual_size) {
		watch_close_own(loop, ours);
		return;
	}
	s->spare[s->n++] = (struct spare){ ours->fd, ours->silent };
	ours->fd = -1;
	ours->silent = false;
	if (rest.at_ms == 0) {
		rest.due = pipes_rest;
		rest.arg = loop;
		timer_set(loop, &rest, loop_now(loop) + PIPES_REST_MS);
	}
}
