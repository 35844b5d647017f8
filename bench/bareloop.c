/* SPDX-License-Identifier: ISC */

/*
 * bareloop: the limit a gateway is measured against.  It starts a program
 * by vfork and execve, reads its output through a pipe to the end, reaps
 * it, and does nothing else.  The environment is as large as a request's.
 * It must never learn to do more: what it leaves out is what a gateway costs.
 */

#define _GNU_SOURCE 1	/* pipe2, vfork */

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <bsd/stdlib.h>	/* strtonum */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

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
	"QUERY_STRING=name=value",
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
static size_t		 bareloop_number(const char *, size_t, const char *);
static void		 bareloop_stdin(void);
static struct tally	*bareloop_tallies(size_t);
static pid_t		 bareloop_copy(size_t, char **, struct tally *);
static void		 bareloop_once(char **, struct tally *);
static pid_t		 bareloop_start(char **, int);
static size_t		 bareloop_read(int);
static double		 bareloop_now(void);
static double		 bareloop_cpu(int);
static size_t		 bareloop_report(const struct tally *, size_t, double);

int
main(int argc, char **argv)
{
	struct tally *tallies;
	size_t i, n = 1000, n_copies = 1;
	double start;
	int ch;

	while ((ch = getopt(argc, argv, "+j:n:")) != -1)
		switch (ch) {
		case 'j':
			n_copies = bareloop_number(optarg, 1024, "-j");
			break;
		case 'n':
			n = bareloop_number(optarg, 10000000, "-n");
			break;
		default:
			bareloop_usage();
		}
	argv += optind;
	if (argv[0] == NULL)
		bareloop_usage();

	bareloop_stdin();
	tallies = bareloop_tallies(n_copies);
	start = bareloop_now();
	for (i = 0; i < n_copies; i++)
		if (bareloop_copy(n / n_copies + (i < n % n_copies), argv,
		    &tallies[i]) == -1)
			err(1, "fork");
	while (wait(NULL) != -1 || errno == EINTR)
		;
	return bareloop_report(tallies, n_copies, bareloop_now() - start) == n
	    ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Say how to call the program, and leave. */
static _Noreturn void
bareloop_usage(void)
{
	fprintf(stderr, "usage: bareloop [-j copies] [-n runs] "
	    "program [argument ...]\n");
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

/* Fork one copy of the loop, which does n runs.  Returns as fork does. */
static pid_t
bareloop_copy(size_t n, char **argv, struct tally *tally)
{
	pid_t pid;

	if ((pid = fork()) != 0)
		return pid;
	/* An interrupted benchmark leaves nothing running behind it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		err(1, "prctl");
	while (n-- > 0)
		bareloop_once(argv, tally);
	_exit(0);
}

/* One run: start, read to the end, reap. */
static void
bareloop_once(char **argv, struct tally *tally)
{
	size_t len;
	int out[2], status;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) == -1)
		err(1, "pipe2");
	pid = bareloop_start(argv, out[1]);
	close(out[1]);
	len = bareloop_read(out[0]);
	close(out[0]);
	if (pid == -1 || waitpid(pid, &status, 0) == -1 || status != 0 ||
	    len == 0)
		tally->failed++;
	else
		tally->ok++;
	tally->bytes += len;
}

/*
 * Start the program with out as its standard output.  Returns as vfork does.
 * Caution: the child runs in our memory until it execs; it may only make
 * system calls and must store nothing.
 */
static pid_t
bareloop_start(char **argv, int out)
{
	pid_t pid;

	if ((pid = vfork()) != 0)
		return pid;
	if (dup2(out, STDOUT_FILENO) != -1)
		execve(argv[0], argv, (char *const *)bareloop_env);
	_exit(127);
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
