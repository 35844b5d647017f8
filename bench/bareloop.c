/* SPDX-License-Identifier: ISC */

/*
 * bareloop: the limit a gateway is measured against.  It starts a program,
 * reads its output through a pipe to the end, reaps it, and does nothing else.
 * The environment is as large as a request's.  It must never learn to do more:
 * what it leaves out is what a gateway costs.
 *
 * With -x it moves the output by splice to a socket that another process reads,
 * and with -b so many bytes from a socket to the program's input: the limit for
 * what is large.
 */

#define _GNU_SOURCE 1	/* pipe2, splice */

#include "spawn.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <bsd/stdlib.h>	/* strtonum */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	BARELOOP_PIECE = 1 << 20	/* spliced at once; a pipe's size */
};

struct bareloop {
	enum spawn_means	  means;
	char			**argv;
	const char		**envp;
	size_t			  body_len;	/* for each program */
	int			  moves;	/* output goes to a socket */
	int			  sink, source;	/* ends of sockets, or -1 */
};

/* What one copy of the loop has done, in memory shared with the first. */
struct tally {
	size_t	ok;
	size_t	failed;
	size_t	bytes;
};

static const char *const bareloop_env[] = {
	"PATH=/usr/local/bin:/usr/bin:/bin",
	"GATEWAY_INTERFACE=CGI/1.1",
	"SERVER_SOFTWARE=scgi-cgid/bench",
	"REDIRECT_STATUS=200",
	"REQUEST_METHOD=GET",
	"REQUEST_URI=/cgi-bin/hello?name=value",
	"QUERY_STRING=name=value",	/* -e replaces it */
	"SCRIPT_NAME=/cgi-bin/hello",
	"SCRIPT_FILENAME=/usr/lib/cgi-bin/hello",
	"DOCUMENT_URI=/cgi-bin/hello",
	"DOCUMENT_ROOT=/usr/share/nginx/html",
	"SCGI=1",
	"SERVER_PROTOCOL=HTTP/1.1",
	"REQUEST_SCHEME=http",
	"REMOTE_ADDR=127.0.0.1",
	"REMOTE_PORT=36576",
	"SERVER_ADDR=127.0.0.1",
	"SERVER_PORT=80",
	"SERVER_NAME=www.example.org",
	"HTTP_HOST=www.example.org",
	"HTTP_USER_AGENT=Mozilla/5.0 (X11; Linux x86_64) load/1",
	"HTTP_ACCEPT=text/html,application/xhtml+xml,*/*;q=0.8",
	"HTTP_ACCEPT_LANGUAGE=en-GB,en;q=0.5",
	"HTTP_ACCEPT_ENCODING=gzip, deflate",
	"HTTP_COOKIE=session=0123456789abcdef",
	NULL
};

static _Noreturn void	 bareloop_usage(void);
static void		 bareloop_options(struct bareloop *, int, char **,
			    size_t *, size_t *);
static size_t		 bareloop_number(const char *, size_t, const char *);
static void		 bareloop_variable(struct bareloop *, const char *);
static void		 bareloop_stdin(void);
static struct tally	*bareloop_tallies(size_t);
static pid_t		 bareloop_copy(struct bareloop *, size_t,
			    struct tally *);
static void		 bareloop_once(const struct bareloop *,
			    struct tally *);
static size_t		 bareloop_read(int);
static double		 bareloop_now(void);
static double		 bareloop_cpu(int);
static size_t		 bareloop_report(const struct tally *, size_t, double);

int
main(int argc, char **argv)
{
	struct bareloop loop = { .sink = -1, .source = -1 };
	struct tally *tallies;
	size_t i, n = 1000, n_copies = 1;
	double start;

	bareloop_options(&loop, argc, argv, &n, &n_copies);
	bareloop_stdin();
	tallies = bareloop_tallies(n_copies);
	start = bareloop_now();
	for (i = 0; i < n_copies; i++)
		if (bareloop_copy(&loop, n / n_copies + (i < n % n_copies),
		    &tallies[i]) == -1)
			err(1, "fork");
	while (wait(NULL) != -1 || errno == EINTR)
		;
	return bareloop_report(tallies, n_copies, bareloop_now() - start) == n
	    ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
bareloop_options(struct bareloop *loop, int argc, char **argv, size_t *n,
    size_t *n_copies)
{
	int ch;

	while ((ch = getopt(argc, argv, "+b:e:j:m:n:x")) != -1)
		switch (ch) {
		case 'b':
			loop->body_len = bareloop_number(optarg, 1 << 30, "-b");
			break;
		case 'e':
			bareloop_variable(loop, optarg);
			break;
		case 'j':
			*n_copies = bareloop_number(optarg, 1024, "-j");
			break;
		case 'm':
			if (spawn_means(optarg, &loop->means) == -1)
				errx(2, "-m %s: is none of vfork, "
				    "posix_spawn, clone3", optarg);
			break;
		case 'n':
			*n = bareloop_number(optarg, 10000000, "-n");
			break;
		case 'x':
			loop->moves = 1;
			break;
		default:
			bareloop_usage();
		}
	loop->argv = argv + optind;
	if (loop->argv[0] == NULL)
		bareloop_usage();
	if (loop->envp == NULL)
		bareloop_variable(loop, NULL);
}

/* One more in the environment, or instead of the one of that name, or none. */
static void
bareloop_variable(struct bareloop *loop, const char *text)
{
	static const char *list[256];
	static size_t n;
	size_t i, len;

	for (; loop->envp == NULL && bareloop_env[n] != NULL; n++)
		list[n] = bareloop_env[n];
	loop->envp = list;
	if (text == NULL)
		return;
	len = strcspn(text, "=") + 1;
	for (i = 0; i < n && strncmp(list[i], text, len) != 0; i++)
		;
	if (i + 1 == sizeof list / sizeof list[0])
		errx(2, "-e %s: too many", text);
	list[i] = text;
	n += i == n;
}

/* Say how to call the program, and leave. */
static _Noreturn void
bareloop_usage(void)
{
	fprintf(stderr, "usage: bareloop [-m vfork | posix_spawn | clone3] "
	    "[-j copies] [-n runs] [-x]\n                [-b bodybytes] "
	    "[-e name=value] program [argument ...]\n");
	exit(2);
}

/* The number an option was given, from 1 to max. */
static size_t
bareloop_number(const char *text, size_t max, const char *option)
{
	const char *why;
	long long number;

	number = strtonum(text, 1, (long long)max, &why);
	if (why != NULL)
		errx(2, "%s %s: %s", option, text, why);
	return (size_t)number;
}

/* Give the programs the input of a request without a body. */
static void
bareloop_stdin(void)
{
	int fd;

	if ((fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) == -1)
		err(1, "/dev/null");
	if (dup2(fd, STDIN_FILENO) == -1)
		err(1, "dup2");
	if (fd != STDIN_FILENO)
		close(fd);
}

/* Memory, zeroed, that the copies and the first process share. */
static struct tally *
bareloop_tallies(size_t n)
{
	void *room;

	room = mmap(NULL, n * sizeof(struct tally), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		err(1, "mmap");
	return room;
}

/* Another process, at the other end of a socket of which we get ours. */
static int
bareloop_peer(int reads)
{
	static char room[256 * 1024];
	int ends[2];
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		err(1, "socketpair");
	switch (fork()) {
	case -1:
		err(1, "fork");
	case 0:
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
			err(1, "prctl");
		close(ends[0]);
		do
			n = reads ? read(ends[1], room, sizeof room) :
			    send(ends[1], room, sizeof room, MSG_NOSIGNAL);
		while (n > 0 || (n == -1 && errno == EINTR));
		_exit(0);
	default:
		close(ends[1]);
		return ends[0];
	}
}

/* Fork one copy of the loop, which does n runs.  Returns as fork does. */
static pid_t
bareloop_copy(struct bareloop *loop, size_t n, struct tally *tally)
{
	pid_t pid;

	if ((pid = fork()) != 0)
		return pid;
	/* An interrupted benchmark leaves nothing running behind it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		err(1, "prctl");
	if (loop->moves)
		loop->sink = bareloop_peer(1);
	if (loop->body_len > 0)
		loop->source = bareloop_peer(0);
	while (n-- > 0)
		bareloop_once(loop, tally);
	/* What was moved is not done with before it has been read. */
	close(loop->sink);
	close(loop->source);
	while (wait(NULL) != -1 || errno == EINTR)
		;
	_exit(0);
}

/* Move up to len bytes; returns how many there were. */
static size_t
bareloop_move(int from, int to, size_t len)
{
	size_t moved = 0;
	ssize_t n = 1;

	while (moved < len && n > 0) {
		n = splice(from, NULL, to, NULL, len - moved < BARELOOP_PIECE ?
		    len - moved : BARELOOP_PIECE, SPLICE_F_MOVE);
		if (n > 0)
			moved += (size_t)n;
	}
	return moved;
}

/* A pipe, as large as it may be where much is moved. */
static void
bareloop_pipe(const struct bareloop *loop, int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(1, "pipe2");
	if (loop->moves || loop->body_len > 0)
		(void)fcntl(ends[1], F_SETPIPE_SZ, BARELOOP_PIECE);
}

/* One run: start, move what is large, read to the end, reap. */
static void
bareloop_once(const struct bareloop *loop, struct tally *tally)
{
	int in[2] = { STDIN_FILENO, -1 }, out[2], status;
	size_t len;
	pid_t pid;

	bareloop_pipe(loop, out);
	if (loop->body_len > 0)
		bareloop_pipe(loop, in);
	pid = spawn_start(loop->means, loop->argv, loop->envp, in[0], out[1]);
	close(out[1]);
	if (loop->body_len > 0) {
		close(in[0]);
		if (bareloop_move(loop->source, in[1], loop->body_len) !=
		    loop->body_len)
			warnx("the program did not take it all");
		close(in[1]);
	}
	len = loop->moves ? bareloop_move(out[0], loop->sink, SIZE_MAX) :
	    bareloop_read(out[0]);
	close(out[0]);
	if (pid == -1 || waitpid(pid, &status, 0) == -1 || status != 0 ||
	    len == 0)
		tally->failed++;
	else
		tally->ok++;
	tally->bytes += len;
}

/* Read to the end of file.  Returns the number of bytes. */
static size_t
bareloop_read(int fd)
{
	static char room[65536];
	size_t len = 0;
	ssize_t n;

	while ((n = read(fd, room, sizeof room)) > 0 ||
	    (n == -1 && errno == EINTR))
		if (n > 0)
			len += (size_t)n;
	return len;
}

/* Seconds on the monotonic clock. */
static double
bareloop_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Processor time, user and system, in microseconds; who as in getrusage. */
static double
bareloop_cpu(int who)
{
	struct rusage ru;

	if (getrusage(who, &ru) == -1)
		err(1, "getrusage");
	return (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1e6 +
	    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

/* Print the line.  Returns the number of runs that went well. */
static size_t
bareloop_report(const struct tally *tallies, size_t n, double seconds)
{
	struct tally sum = { .ok = 0 };
	size_t i, runs;
	double cpu;

	for (i = 0; i < n; i++) {
		sum.ok += tallies[i].ok;
		sum.failed += tallies[i].failed;
		sum.bytes += tallies[i].bytes;
	}
	runs = sum.ok + sum.failed;
	/* The copies are reaped: their time and their programs' is here. */
	cpu = bareloop_cpu(RUSAGE_SELF) + bareloop_cpu(RUSAGE_CHILDREN);
	printf("bareloop requests=%zu ok=%zu failed=%zu seconds=%.3f "
	    "rate=%.1f bytes=%zu copies=%zu cpu_us=%.1f\n", runs, sum.ok,
	    sum.failed, seconds, (double)sum.ok / seconds, sum.bytes, n,
	    runs == 0 ? 0 : cpu / (double)runs);
	return sum.ok;
}
