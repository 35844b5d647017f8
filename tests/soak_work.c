/* SPDX-License-Identifier: ISC */
/*
 * soak_work: the CGI program of the soak scenarios. Small and static, so that
 * what is measured is the gateway. What it does stands in the query:
 *
 *	(nothing)	answer
 *	cpu=20		use 20 ms of processor time, then answer
 *	sleep=60	sleep 60 ms, then answer
 *	gate		wait until someone opens the FIFO $GATE for writing
 *	early		begin the answer, then read the body, as git does
 *
 * An answer ends with a line "end", without which it has been cut. If $NOTE is
 * set, a line "PATH_INFO worker pid" is put there before anything else.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *
work_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? value : "";
}

/* One write of a short line: lines of others do not get into it. */
static void
work_note(const char *file)
{
	char line[256];
	int fd, len;

	len = snprintf(line, sizeof line, "%.100s %d %d\n",
	    work_env("PATH_INFO"), (int)getppid(), (int)getpid());
	if ((fd = open(file, O_WRONLY | O_APPEND | O_CLOEXEC)) == -1 ||
	    write(fd, line, (size_t)len) != len)
		exit(EXIT_FAILURE);
	(void)close(fd);
}

/* Processor time and not time on the clock: the same work on a busy machine. */
static void
work_burn(long ms)
{
	struct timespec ts;

	do
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < ms);
}

static void
work_sleep(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&ts, NULL);
}

static void
work_read_body(void)
{
	static char room[65536];

	while (read(STDIN_FILENO, room, sizeof room) > 0)
		;
}

int
main(void)
{
	const char *query = work_env("QUERY_STRING");

	if (*work_env("NOTE") != '\0')
		work_note(work_env("NOTE"));
	if (strncmp(query, "cpu=", 4) == 0)
		work_burn(strtol(query + 4, NULL, 10));
	else if (strncmp(query, "sleep=", 6) == 0)
		work_sleep(strtol(query + 6, NULL, 10));
	else if (strcmp(query, "gate") == 0)
		(void)open(work_env("GATE"), O_RDONLY | O_CLOEXEC);
	(void)printf("Content-Type: text/plain\r\n\r\n");
	if (strcmp(query, "early") == 0)
		(void)fflush(stdout);
	if (*work_env("CONTENT_LENGTH") != '\0')
		work_read_body();
	(void)printf("pid %d of worker %d\nend\n", (int)getpid(),
	    (int)getppid());
	return fflush(stdout) == EOF ? EXIT_FAILURE : EXIT_SUCCESS;
}
