/* SPDX-License-Identifier: ISC */

/*
 * work: a CGI program that does what its query says.
 *
 *     fill=N    writes a body of N bytes, the pattern of answer.h
 *     sink      reads its input to the end, and says how long it was
 *     nap=N     sleeps N milliseconds
 *     burn=N    uses the processor for N milliseconds
 */

#include <sys/types.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"

static char room[ANSWER_PERIOD * 1024];	/* whole periods */

static int
work_write(const char *data, size_t len)
{
	ssize_t n;

	for (; len > 0; len -= (size_t)n, data += n)
		if ((n = write(STDOUT_FILENO, data, len)) == -1) {
			if (errno != EINTR)
				return -1;
			n = 0;
		}
	return 0;
}

static int
work_say(const char *text)
{
	return work_write(text, strlen(text));
}

static int
work_fill(unsigned long len)
{
	size_t i, n;

	for (i = 0; i < sizeof room; i++)
		room[i] = answer_pattern(i);
	for (; len > 0; len -= n) {
		n = len < sizeof room ? len : sizeof room;
		if (work_write(room, n) == -1)
			return -1;
	}
	return 0;
}

static int
work_sink(void)
{
	unsigned long len = 0;
	char line[64];
	ssize_t n;

	while ((n = read(STDIN_FILENO, room, sizeof room)) > 0)
		len += (unsigned long)n;
	if (n == -1)
		return -1;
	(void)snprintf(line, sizeof line, "read %lu bytes\n", len);
	return work_say(line);
}

/* Until this process has used so much. */
static int
work_burn(unsigned long ms)
{
	struct timespec used;

	do
		if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == -1)
			return -1;
	while ((unsigned long)used.tv_sec * 1000 +
	    (unsigned long)used.tv_nsec / 1000000 < ms);
	return work_say("burnt\n");
}

int
main(void)
{
	const char *query = getenv("QUERY_STRING");
	unsigned long n;
	int rc;

	if (query == NULL || work_say("Content-Type: text/plain\r\n\r\n") == -1)
		return EXIT_FAILURE;
	n = strtoul(query + strcspn(query, "0123456789"), NULL, 10);
	if (strncmp(query, "fill=", 5) == 0)
		rc = work_fill(n);
	else if (strcmp(query, "sink") == 0)
		rc = work_sink();
	else if (strncmp(query, "nap=", 4) == 0)
		rc = poll(NULL, 0, (int)n) == -1 ? -1 : work_say("rested\n");
	else if (strncmp(query, "burn=", 5) == 0)
		rc = work_burn(n);
	else
		rc = -1;
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
