/* SPDX-License-Identifier: ISC */
/*
 * mutate: a great many spoilt requests to a running daemon.
 *
 *     mutate [-n COUNT] [-s SEED] [-f FIRST] [-t SECONDS] [-c CONNECTIONS]
 *         ADDRESS...
 *
 * An address is the path of a Unix socket, or a TCP port of this machine. One
 * request in twenty-five is good, and must have its right answer. Of the others only
 * this is asked: that the daemon comes to an end with them. Each depends on
 * SEED and its number alone; -n 1 -f NUMBER sends one of them again.
 */
#include "platform.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <netinet/in.h>

#include <bsd/stdlib.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mutation.h"

#define GOOD_EVERY	25
#define PATIENCE_MS	20000		/* a daemon that takes longer hangs */
#define ENOUGH		(1 << 20)	/* bytes of an answer */

/* How a request is told, and how the connection ends. */
enum manner { READ, HALF_CLOSE, ABANDON, NEVER_READ };

struct conn {
	int		 fd;			/* -1: free */
	uint64_t	 number;
	bool		 good;
	enum manner	 manner;
	size_t		 piece;			/* bytes sent at a time */
	char		 bytes[MUTATION_MAX];
	size_t		 len, sent, stop_at;
	char		 reply[4096];		/* its beginning and its end */
	size_t		 received;
	char		 want[1024];		/* the end of a good answer */
	size_t		 want_len;
	const char	*begins;
	int64_t		 due_ms;
};

static struct {
	uint64_t	 seed, first, count, started;
	int64_t		 end_ms;
	char		**addresses;
	size_t		 n_addresses, n_conns;
	struct conn	*conns;
	int		 epoll;
	/* outcomes */
	uint64_t	 ended, good, wrong, hung, silent, statuses[10];
} run = { .count = 20000, .n_conns = 200 };

static int64_t
now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- beginning ---- */

static int
mutate_connect_tcp(const char *port, struct dice *d)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, from = to;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	to.sin_port = htons((uint16_t)atoi(port));
	/* From many addresses, else closed connections use up the ports. */
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 +
	    (uint32_t)dice_roll(d, 60000));
	if (fd == -1 || setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT,
	    &yes, sizeof yes) == -1 ||
	    bind(fd, (struct sockaddr *)&from, sizeof from) == -1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof to) == -1)
		err(1, "port %s", port);
	return fd;
}

static int
mutate_connect_unix(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof patience) == -1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof to) == -1)
		err(1, "%s", path);
	return fd;
}

/* What to send, and how. */
static void
mutate_plan(struct conn *c, struct dice *d)
{
	const char *ends;

	c->good = c->number % GOOD_EVERY == 0;
	c->manner = READ;
	c->piece = sizeof c->bytes;
	if (c->good) {
		c->len = mutation_good(d, c->bytes, &c->begins, &ends,
		    &c->want_len);
		memcpy(c->want, ends, c->want_len);
	} else {
		c->len = mutation_make(d, c->bytes);
		switch (dice_roll(d, 64)) {
		case 0: case 1: c->manner = READ; break;
		case 2: case 3: case 4: case 5: c->manner = ABANDON; break;
		case 6: c->manner = NEVER_READ; break;
		default: c->manner = HALF_CLOSE;
		}
		if (dice_roll(d, 4) == 0)
			c->piece = dice_roll(d, 2) == 0 ? 1 :
			    1 + dice_roll(d, 64);
	}
	c->stop_at = c->manner == ABANDON ? dice_roll(d, c->len + 1) : c->len;
	c->due_ms = now_ms() + (c->manner == NEVER_READ ?
	    (int64_t)dice_roll(d, 300) : PATIENCE_MS);
}

static void
mutate_begin(struct conn *c)
{
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = c };
	const char *address;
	struct dice d;

	c->number = run.first + run.started++;
	c->sent = c->received = 0;
	dice_init(&d, run.seed, c->number);
	address = run.addresses[dice_roll(&d, run.n_addresses)];
	mutate_plan(c, &d);
	c->fd = address[0] == '/' ? mutate_connect_unix(address) :
	    mutate_connect_tcp(address, &d);
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK) == -1 ||
	    epoll_ctl(run.epoll, EPOLL_CTL_ADD, c->fd, &event) == -1)
		err(1, "connection");
}

/* ---- ending ---- */

/* A good request has its whole answer, and no other. */
static bool
mutate_is_right(const struct conn *c)
{
	size_t len = strlen(c->begins);

	return c->received >= len + c->want_len &&
	    c->received <= sizeof c->reply &&
	    memcmp(c->reply, c->begins, len) == 0 &&
	    memcmp(c->reply + c->received - c->want_len, c->want,
	    c->want_len) == 0;
}

static void
mutate_end(struct conn *c)
{
	int class = c->received >= 11 && memcmp(c->reply, "Status: ", 8) == 0 ?
	    c->reply[8] - '0' : 0;

	(void)close(c->fd);
	c->fd = -1;
	run.ended++;
	run.silent += c->received == 0;
	run.statuses[class > 0 && class < 10 ? class : 0] += c->received > 0;
	if (!c->good)
		return;
	run.good++;
	if (mutate_is_right(c))
		return;
	run.wrong++;
	(void)fprintf(stderr, "request %llu is good, its answer is not: "
	    "%zu bytes: %.200s\n", (unsigned long long)c->number, c->received,
	    c->received > 0 ? c->reply : "");
}

/* ---- between ---- */

static void
mutate_watch(struct conn *c, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = c };

	if (epoll_ctl(run.epoll, EPOLL_CTL_MOD, c->fd, &event) == -1)
		err(1, "epoll_ctl");
}

/* All is sent that will be. */
static void
mutate_told(struct conn *c)
{
	switch (c->manner) {
	case ABANDON:
		mutate_end(c);
		break;
	case NEVER_READ:
		mutate_watch(c, 0);
		break;
	case HALF_CLOSE:
		(void)shutdown(c->fd, SHUT_WR);
		/* FALLTHROUGH */
	case READ:
		mutate_watch(c, EPOLLIN);
	}
}

static void
mutate_send(struct conn *c)
{
	size_t left = c->stop_at - c->sent;
	ssize_t n = left > 0 ? send(c->fd, c->bytes + c->sent,
	    left < c->piece ? left : c->piece, MSG_NOSIGNAL) : 0;

	if (n == -1 && errno == EAGAIN)
		return;
	if (n == -1)			/* refused before all was sent */
		c->sent = c->stop_at;
	else
		c->sent += (size_t)n;
	if (c->sent == c->stop_at)
		mutate_told(c);
}

static void
mutate_receive(struct conn *c)
{
	char buf[65536];
	size_t room = c->received < sizeof c->reply ?
	    sizeof c->reply - c->received : 0;
	ssize_t n = recv(c->fd, buf, sizeof buf, 0);

	if (n == -1 && errno == EAGAIN)
		return;
	if (n > 0) {
		memcpy(c->reply + sizeof c->reply - room, buf,
		    (size_t)n < room ? (size_t)n : room);
		c->received += (size_t)n;
	}
	if (n <= 0 || c->received > ENOUGH)
		mutate_end(c);
}

static void
mutate_ready(struct conn *c, uint32_t events)
{
	if ((events & EPOLLOUT) != 0)
		mutate_send(c);
	else if ((events & EPOLLIN) != 0)
		mutate_receive(c);
	else
		mutate_end(c);
}

/* Whose time is up: those that never read, and those the daemon forgot. */
static void
mutate_expire(struct conn *c)
{
	if (c->manner != NEVER_READ) {
		run.hung++;
		(void)fprintf(stderr, "request %llu was not ended\n",
		    (unsigned long long)c->number);
	}
	mutate_end(c);
}

static bool
mutate_may_begin(void)
{
	return run.started < run.count && run.hung == 0 && run.wrong == 0 &&
	    (run.end_ms == 0 || now_ms() < run.end_ms);
}

static void
mutate_run(void)
{
	struct epoll_event events[256];
	struct conn *c;
	int i, n, open;

	do {
		n = epoll_wait(run.epoll, events, 256, 10);
		for (i = 0; i < n; i++)
			mutate_ready(events[i].data.ptr, events[i].events);
		open = 0;
		for (c = run.conns; c < run.conns + run.n_conns; c++) {
			if (c->fd != -1 && c->due_ms < now_ms())
				mutate_expire(c);
			if (c->fd == -1 && mutate_may_begin())
				mutate_begin(c);
			open += c->fd != -1;
		}
	} while (open > 0);
}

static int
mutate_report(int64_t took_ms)
{
	(void)printf("seed %llu: %llu requests in %lld ms; %llu of them good, "
	    "%llu wrong answers, %llu not ended\n",
	    (unsigned long long)run.seed, (unsigned long long)run.ended,
	    (long long)took_ms, (unsigned long long)run.good,
	    (unsigned long long)run.wrong, (unsigned long long)run.hung);
	(void)printf("answers: %llu of 2xx, %llu of 3xx, %llu of 4xx, %llu of "
	    "5xx, %llu others, %llu none\n",
	    (unsigned long long)run.statuses[2],
	    (unsigned long long)run.statuses[3],
	    (unsigned long long)run.statuses[4],
	    (unsigned long long)run.statuses[5],
	    (unsigned long long)run.statuses[0],
	    (unsigned long long)run.silent);
	return run.wrong == 0 && run.hung == 0 && run.good > 0 ? 0 : 1;
}

static uint64_t
mutate_number(const char *text, long long min)
{
	const char *why;
	long long n = strtonum(text, min, INT64_MAX, &why);

	if (why != NULL)
		errx(2, "%s: %s", text, why);
	return (uint64_t)n;
}

int
main(int argc, char *argv[])
{
	int64_t start = now_ms();
	size_t i;
	int c;

	while ((c = getopt(argc, argv, "c:f:n:s:t:")) != -1)
		switch (c) {
		case 'c': run.n_conns = mutate_number(optarg, 1); break;
		case 'f': run.first = mutate_number(optarg, 0); break;
		case 'n': run.count = mutate_number(optarg, 1); break;
		case 's': run.seed = mutate_number(optarg, 0); break;
		case 't': run.end_ms = start +
			    1000 * (int64_t)mutate_number(optarg, 1); break;
		default: errx(2, "see the head of tests/mutate.c");
		}
	if (optind == argc)
		errx(2, "no address");
	run.addresses = argv + optind;
	run.n_addresses = (size_t)(argc - optind);
	run.conns = calloc(run.n_conns, sizeof *run.conns);
	run.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run.conns == NULL || run.epoll == -1)
		err(1, "beginning");
	for (i = 0; i < run.n_conns; i++)
		run.conns[i].fd = -1;
	mutate_run();
	return mutate_report(now_ms() - start);
}
