/* SPDX-License-Identifier: ISC */

/*
 * load: a load generator for SCGI, FastCGI and HTTP.  It asks what nginx would
 * ask with its stock scgi_params, one request per connection, keeps a constant
 * number of requests in flight, and checks every answer.  One process, one thread,
 * one epoll set, so that it takes little from the machine it shares with
 * the server.  An answer that was not read to its end and found right is
 * never counted as one.
 *
 * Every slot is in one of three places: in the queue `waiting' with a
 * request still to be sent (fd is -1), in the epoll set with a connection,
 * or retired because all requests have been given out.
 */

#include "answer.h"
#include "ask.h"
#include "frame.h"
#include "idle.h"
#include "server.h"

#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <bsd/stdlib.h>	/* strtonum */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	LOAD_COMPLAINTS = 5,	/* failures told in full */
	LOAD_EVENTS = 256,
	LOAD_READ_SIZE = 262144,
	LOAD_RETRIES = 10000,	/* of one connection, a millisecond apart */
	LOAD_SPARE_FDS = 8	/* standard ones, epoll, the resolver's */
};

struct slot {
	STAILQ_ENTRY(slot)	next;
	int			fd;
	unsigned int		retries;
	uint64_t		start_ns;	/* first attempt to connect */
	size_t			sent;
	struct answer		answer;
	struct frame		frame;		/* of FastCGI */
};

STAILQ_HEAD(slot_queue, slot);

struct load {
	/* As told on the command line. */
	struct server		 server;
	struct ask		 ask;
	struct wanted		 wanted;
	struct idle		 idle;
	size_t			 n;
	size_t			 n_slots;
	unsigned int		 timeout_s;
	size_t			 pace;		/* begun in a second; 0: any */
	/* The run. */
	int			 epoll;
	struct slot		*slots;
	struct slot_queue	 waiting;
	uint64_t		 next_ns;	/* not before that, by the pace */
	size_t			 asked;
	size_t			 ok;
	size_t			 failed;
	size_t			 retries;
	uint64_t		 received;
	uint32_t		*latency_us;	/* of the ok ones */
	char			 room[ANSWER_EXPECT_SIZE + LOAD_READ_SIZE];
};

static void		 load_options(struct load *, int, char **);
static enum ask_protocol load_protocol(const char *);
static void		 load_check(const char *, const char *, const char *);
static _Noreturn void	 load_usage(void);
static size_t		 load_number(const char *, size_t, size_t);
static void		 load_prepare(struct load *);
static void		 load_run(struct load *, uint64_t);
static void		 load_take(struct load *, struct slot *);
static void		 load_refill(struct load *);
static int		 load_start(struct load *, struct slot *);
static void		 load_event(struct load *, struct slot *, uint32_t);
static int		 load_send(const struct load *, struct slot *);
static void		 load_watch(const struct load *, struct slot *, int);
static void		 load_read(struct load *, struct slot *, uint32_t);
static void		 load_finish(struct load *, struct slot *,
			    const char *);
static void		 load_report(struct load *, double);
static uint32_t		 load_percentile(const struct load *, unsigned int);
static int		 load_compare(const void *, const void *);
static uint64_t		 load_now_ns(void);

int
main(int argc, char **argv)
{
	static struct load l;
	uint64_t start_ns;

	load_options(&l, argc, argv);
	ask_wire(&l.ask);
	load_prepare(&l);
	idle_open(&l.idle, &l.server);
	if (l.n == 0)
		return idle_hold(&l.idle) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	start_ns = load_now_ns();
	load_run(&l, start_ns + l.timeout_s * UINT64_C(1000000000));
	load_report(&l, (double)(load_now_ns() - start_ns) / 1e9);
	return l.ok == l.n ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Read the command line.  What depends on its order is kept for its end. */
static void
load_options(struct load *l, int argc, char **argv)
{
	char *extra[ASK_PARAMS];
	size_t i, n_extra = 0;
	int ch;

	l->timeout_s = 60;
	while ((ch = getopt(argc, argv, "b:c:e:i:l:n:P:p:r:T:t:u:")) != -1)
		switch (ch) {
		case 'b': l->ask.body_len = load_number("-b", 0, 1 << 30);
			break;
		case 'c': l->n_slots = load_number("-c", 1, 1000000);
			break;
		case 'e': l->wanted.text = optarg;
			load_check("-e", optarg, answer_expectable(optarg));
			break;
		case 'i': l->idle.n = load_number("-i", 0, 1000000);
			break;
		case 'l': l->wanted.body_len = load_number("-l", 1, 1 << 30);
			break;
		case 'P': l->ask.protocol = load_protocol(optarg);
			break;
		case 'n': l->n = load_number("-n", 0, 100000000);
			break;
		case 'p': if (n_extra == ASK_PARAMS)
				errx(2, "-p %s: too many", optarg);
			extra[n_extra++] = optarg;
			break;
		case 'r': l->pace = load_number("-r", 1, 1000000);
			break;
		case 'T': l->timeout_s =
			    (unsigned int)load_number("-T", 1, 86400);
			break;
		case 't': load_check("-t", optarg,
			    server_tcp(&l->server, optarg));
			break;
		case 'u': load_check("-u", optarg,
			    server_unix(&l->server, optarg));
			break;
		default: load_usage();
		}
	if (argc - optind != 1 || l->server.len == 0 ||
	    (l->n == 0) != (l->n_slots == 0))
		load_usage();
	ask_stock(&l->ask, argv[optind]);
	for (i = 0; i < n_extra; i++)
		load_check("-p", extra[i], ask_extra(&l->ask, extra[i]));
}

static enum ask_protocol
load_protocol(const char *name)
{
	if (strcmp(name, "scgi") == 0)
		return ASK_SCGI;
	if (strcmp(name, "fastcgi") == 0)
		return ASK_FASTCGI;
	if (strcmp(name, "http") == 0)
		return ASK_HTTP;
	errx(2, "-P %s: is none of scgi, fastcgi, http", name);
}

/* Leave if an option was no good; why is NULL if it was. */
static void
load_check(const char *option, const char *value, const char *why)
{
	if (why != NULL)
		errx(2, "%s %s: %s", option, value, why);
}

/* Say how to call the program, and leave. */
static _Noreturn void
load_usage(void)
{
	fprintf(stderr, "usage: load -u socket | -t host:port -n requests "
	    "-c concurrency\n            [-P scgi | fastcgi | http] "
	    "[-b bodybytes] [-e text] [-l bodylength]\n            [-i idle] "
	    "[-p name=value] [-r persecond] [-T seconds] path\n");
	exit(2);
}

/* The number that the option just met was given. */
static size_t
load_number(const char *option, size_t min, size_t max)
{
	const char *why;
	long long number;

	number = strtonum(optarg, (long long)min, (long long)max, &why);
	load_check(option, optarg, why);
	return (size_t)number;
}

/* Descriptors, memory and slots for the run; every slot takes a request. */
static void
load_prepare(struct load *l)
{
	struct rlimit limit;
	size_t i;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
		err(1, "setrlimit");
	if (l->n_slots + l->idle.n + LOAD_SPARE_FDS > limit.rlim_cur)
		errx(1, "%zu connections are more than the hard limit of %ju "
		    "descriptors allows: raise it (ulimit -H -n)",
		    l->n_slots + l->idle.n, (uintmax_t)limit.rlim_cur);
	if ((l->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		err(1, "epoll_create1");
	l->latency_us = calloc(l->n, sizeof *l->latency_us);
	l->slots = calloc(l->n_slots, sizeof *l->slots);
	if (l->latency_us == NULL || l->slots == NULL)
		err(1, "calloc");
	STAILQ_INIT(&l->waiting);
	for (i = 0; i < l->n_slots; i++)
		load_take(l, &l->slots[i]);
}

/* Until all is answered, or time is up. */
static void
load_run(struct load *l, uint64_t end_ns)
{
	struct epoll_event events[LOAD_EVENTS];
	uint64_t now_ns;
	int i, n, timeout_ms;

	for (;;) {
		load_refill(l);
		now_ns = load_now_ns();
		if (l->ok + l->failed == l->n || now_ns >= end_ns)
			break;
		/* A busy listener tells nobody when it has room again. */
		timeout_ms = STAILQ_EMPTY(&l->waiting) ?
		    (int)((end_ns - now_ns) / 1000000) + 1 : 1;
		n = epoll_wait(l->epoll, events, LOAD_EVENTS, timeout_ms);
		if (n == -1 && errno != EINTR)
			err(1, "epoll_wait");
		for (i = 0; i < n; i++)
			load_event(l, events[i].data.ptr, events[i].events);
	}
	if (l->ok + l->failed < l->n)
		warnx("time is up: %zu requests not answered, %zu not asked",
		    l->asked - l->ok - l->failed, l->n - l->asked);
	l->failed = l->asked - l->ok;
}

/* Give the slot the next request, if there is one. */
static void
load_take(struct load *l, struct slot *s)
{
	if (l->asked == l->n)
		return;
	l->asked++;
	*s = (struct slot){ .fd = -1 };
	STAILQ_INSERT_TAIL(&l->waiting, s, next);
}

/* Connect the waiting slots, as many as the listener takes now. */
static void
load_refill(struct load *l)
{
	struct slot *s;

	while ((s = STAILQ_FIRST(&l->waiting)) != NULL &&
	    (l->pace == 0 || load_now_ns() >= l->next_ns)) {
		STAILQ_REMOVE_HEAD(&l->waiting, next);
		if (load_start(l, s) == -1) {
			STAILQ_INSERT_HEAD(&l->waiting, s, next);
			break;
		}
		if (l->pace != 0)
			l->next_ns = load_now_ns() +
			    UINT64_C(1000000000) / l->pace;
	}
}

/* Connect and send what goes.  Returns -1 if it is to be tried again. */
static int
load_start(struct load *l, struct slot *s)
{
	if (s->start_ns == 0)
		s->start_ns = load_now_ns();
	if ((s->fd = server_connect(&l->server)) == -1) {
		if (server_busy(errno) && s->retries < LOAD_RETRIES) {
			s->retries++;
			l->retries++;
			return -1;
		}
		load_finish(l, s, strerror(errno));
	} else if (load_send(l, s) == -1)
		load_finish(l, s, strerror(errno));
	else
		load_watch(l, s, EPOLL_CTL_ADD);
	return 0;
}

/* What epoll told of a connection. */
static void
load_event(struct load *l, struct slot *s, uint32_t events)
{
	if ((events & EPOLLOUT) != 0) {
		if (load_send(l, s) == -1) {
			load_finish(l, s, strerror(errno));
			return;
		}
		if (s->sent == l->ask.wire_len)
			load_watch(l, s, EPOLL_CTL_MOD);
	}
	if ((events & ~(uint32_t)EPOLLOUT) != 0)
		load_read(l, s, events);
}

/* Send what goes.  Returns -1 with errno set if no answer can come. */
static int
load_send(const struct load *l, struct slot *s)
{
	ssize_t n;

	while (s->sent < l->ask.wire_len) {
		n = send(s->fd, l->ask.wire + s->sent,
		    l->ask.wire_len - s->sent, MSG_NOSIGNAL);
		if (n >= 0)
			s->sent += (size_t)n;
		else if (errno == EPIPE || errno == ECONNRESET)
			/* It may have answered before it closed. */
			s->sent = l->ask.wire_len;
		else if (errno != EINTR)
			return errno == EAGAIN ? 0 : -1;
	}
	return 0;
}

/* Tell epoll what the slot waits for. */
static void
load_watch(const struct load *l, struct slot *s, int op)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP };

	event.data.ptr = s;
	if (s->sent < l->ask.wire_len)
		event.events |= EPOLLOUT;
	if (epoll_ctl(l->epoll, op, s->fd, &event) == -1)
		err(1, "epoll_ctl");
}

static void
load_examine(const struct load *l, struct slot *s, char *data, size_t len)
{
	if (l->ask.protocol == ASK_FASTCGI)
		frame_examine(&s->frame, &s->answer, &l->wanted, data, len);
	else
		answer_examine(&s->answer, &l->wanted, data, len);
}

/* What is wrong with an answer that is at its end, or NULL. */
static const char *
load_verdict(const struct load *l, const struct slot *s)
{
	if (l->ask.protocol == ASK_FASTCGI && !s->frame.ended)
		return "FastCGI did not end it, or with an error";
	return answer_verdict(&s->answer, &l->wanted);
}

/* Read once, or to the end if the server has closed already. */
static void
load_read(struct load *l, struct slot *s, uint32_t events)
{
	char *data = l->room + ANSWER_EXPECT_SIZE;
	ssize_t n;

	do {
		n = recv(s->fd, data, LOAD_READ_SIZE, 0);
		if (n > 0) {
			l->received += (uint64_t)n;
			load_examine(l, s, data, (size_t)n);
		}
	} while (n > 0 && (events & (EPOLLHUP | EPOLLRDHUP)) != 0);
	if (n == 0)
		load_finish(l, s, load_verdict(l, s));
	else if (n == -1 && errno != EAGAIN && errno != EINTR)
		load_finish(l, s, strerror(errno));
}

/* Count the answer, why being NULL for a right one; the slot goes on. */
static void
load_finish(struct load *l, struct slot *s, const char *why)
{
	uint64_t us = (load_now_ns() - s->start_ns) / 1000;

	if (s->fd != -1)
		close(s->fd);
	if (why == NULL)
		l->latency_us[l->ok++] =
		    us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
	else if (l->failed++ < LOAD_COMPLAINTS)
		answer_complain(&s->answer, why);
	load_take(l, s);
}

/* Print the line. */
static void
load_report(struct load *l, double seconds)
{
	struct rusage ru;
	double cpu_us;

	if (getrusage(RUSAGE_SELF, &ru) == -1)
		err(1, "getrusage");
	cpu_us = (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e6 +
	    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
	qsort(l->latency_us, l->ok, sizeof *l->latency_us, load_compare);
	printf("load requests=%zu ok=%zu failed=%zu seconds=%.3f rate=%.1f "
	    "bytes=%ju p50_us=%u p90_us=%u p99_us=%u max_us=%u retries=%zu "
	    "idle=%zu idle_lost=%zu cpu_us=%.1f\n", l->asked, l->ok, l->failed,
	    seconds, (double)l->ok / seconds, (uintmax_t)l->received,
	    load_percentile(l, 50), load_percentile(l, 90),
	    load_percentile(l, 99), load_percentile(l, 100), l->retries,
	    l->idle.n, idle_lost(&l->idle), cpu_us / (double)l->asked);
}

/* The latency that so many in a hundred do not exceed (nearest rank). */
static uint32_t
load_percentile(const struct load *l, unsigned int percent)
{
	size_t rank = (l->ok * percent + 99) / 100;

	return rank == 0 ? 0 : l->latency_us[rank - 1];
}

/* For qsort. */
static int
load_compare(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The monotonic clock, in nanoseconds. */
static uint64_t
load_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * UINT64_C(1000000000) +
	    (uint64_t)ts.tv_nsec;
}
