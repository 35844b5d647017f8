/* SPDX-License-Identifier: ISC */
/*
 * sink: where lines go, and the one writer.
 *
 * Every line is put together in memory, escaped, and handed over by a single
 * write(2) of PIPE_BUF bytes at most, so that lines of several processes never
 * mix. A slow or failing destination must never stop a request.
 */
#include "platform.h"

#include "sink.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <bsd/string.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "journal.h"
#include "safe.h"
#include "stamp.h"

/* The path in "journal:/path", or that of "journal"; NULL: it is neither. */
static const char *
sink_journal(const char *where)
{
	if (strcmp(where, "journal") == 0)
		return JOURNAL_SOCKET;
	return strncmp(where, "journal:/", 9) == 0 &&
	    strlen(where + 8) < sizeof ((struct sink *)0)->path ?
	    where + 8 : NULL;
}

bool
sink_is_place(const char *where)
{
	return where[0] == '/' || strcmp(where, "stderr") == 0 ||
	    strcmp(where, "syslog") == 0 || strcmp(where, "none") == 0 ||
	    sink_journal(where) != NULL;
}

/*
 * stderr, so that writing to it never waits. A socket is told so with each
 * call; a pipe or a terminal is opened once more for ourselves, because making
 * the one that others have as well non-blocking would be theirs to decide.
 */
static int
sink_open_stderr(void)
{
	struct stat st;

	if (fstat(STDERR_FILENO, &st) == -1 ||
	    !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return -1;
	return open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_APPEND |
	    O_CLOEXEC | O_NOCTTY);
}

/* The count of lost lines stays. */
void
sink_become(struct sink *s, struct sink next)
{
	struct stat st;

	if (s->own)
		(void)close(s->fd);
	next.own = next.fd != -1;
	if (next.fd == -1 &&
	    (next.kind == SINK_STDERR || next.kind == SINK_PRIORITY))
		next.fd = STDERR_FILENO;
	next.type = next.fd != -1 && fstat(next.fd, &st) == 0 ? st.st_mode : 0;
	next.lost = s->lost;
	*s = next;
}

void
sink_drop(struct sink *next)
{
	if (next->fd != -1)
		(void)close(next->fd);
	next->fd = -1;
}

int
sink_open(struct sink *next, const char *where)
{
	const char *journal = sink_journal(where);

	*next = (struct sink){ .kind = SINK_NONE, .fd = -1 };
	if (where[0] == '/') {
		next->kind = SINK_FILE;
		next->fd = open(where, O_WRONLY | O_APPEND | O_CREAT |
		    O_CLOEXEC | O_NOCTTY | O_NONBLOCK,	/* should it be a FIFO */
		    0640);
		if (next->fd == -1)
			return -1;
	} else if (strcmp(where, "syslog") == 0) {
		next->kind = SINK_SYSLOG;
		openlog("scgi-cgid", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	} else if (strcmp(where, "stderr") == 0) {
		next->kind = SINK_STDERR;
		if (journal_is_stderr()) {	/* with fields, if it can be */
			journal = JOURNAL_SOCKET;
			next->fd = journal_open(journal);
			next->kind = next->fd != -1 ? SINK_JOURNAL :
			    SINK_PRIORITY;
		}
		if (next->fd == -1)
			next->fd = sink_open_stderr();
	} else if (journal != NULL) {
		next->kind = SINK_JOURNAL;
		if ((next->fd = journal_open(journal)) == -1)
			return -1;
	}
	if (journal != NULL)
		(void)strlcpy(next->path, journal, sizeof next->path);
	return 0;
}

void
sink_adopt(struct sink *s, int fd)
{
	sink_become(s, (struct sink){ .kind = SINK_FILE, .fd = fd });
}

/*
 * Hand over bytes without waiting; what write(2) returns. Of a pipe that could
 * not be opened anew, poll(2) tells that it takes PIPE_BUF bytes. Before
 * sink_open(), at the start, waiting does no harm.
 */
static ssize_t
sink_put(const struct sink *s, const char *bytes, size_t len)
{
	struct pollfd ready = { .fd = s->fd, .events = POLLOUT };
	ssize_t n;

	if (S_ISSOCK(s->type))
		return send(s->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!s->own && s->type != 0 && !S_ISREG(s->type) &&
	    poll(&ready, 1, 0) != 1)
		return -1;
	do
		n = write(s->fd, bytes, len);
	while (n == -1 && errno == EINTR);
	return n;
}

/* Hand over a whole line, begun anew if the last one was taken in part. */
static bool
sink_put_line(struct sink *s, const char *line, size_t len)
{
	ssize_t n;

	if (s->torn && sink_put(s, "\n", 1) != 1)
		return false;
	n = sink_put(s, line, len);
	s->torn = n > 0 && (size_t)n < len;
	return n == (ssize_t)len;
}

/* What stands before a line, by kind of sink. */
static size_t
sink_prefix(const struct sink *s, const struct sink_line *line, char *out,
    size_t size)
{
	struct timespec now;
	char stamp[STAMP_SIZE];

	if (s->kind == SINK_PRIORITY)
		return (size_t)snprintf(out, size, "<%d>", line->priority);
	if (line->bare)
		return 0;
	if (s->kind == SINK_STDERR)
		return (size_t)snprintf(out, size, "scgi-cgid: ");
	(void)clock_gettime(CLOCK_REALTIME, &now);
	stamp_rfc3339(stamp, &now);
	return (size_t)snprintf(out, size, "%s ", stamp);
}

static bool
sink_put_entry(const struct sink *s, const struct sink_line *line,
    const char *text, size_t len)
{
	struct journal entry;

	journal_start(&entry, line->priority, text, len);
	if (line->facts != NULL)
		journal_facts(&entry, line->facts);
	return journal_send(s->fd, s->path, &entry);
}

/* Escape a line and hand it over; was it taken? */
static bool
sink_try(struct sink *s, const struct sink_line *line)
{
	char out[PIPE_BUF];
	size_t used = 0;

	if (s->kind != SINK_SYSLOG && s->kind != SINK_JOURNAL)
		used = sink_prefix(s, line, out, sizeof out);
	used += safe_escape(out + used, sizeof out - used - 1, line->text,
	    line->len);
	if (s->kind == SINK_SYSLOG) {
		syslog(line->priority, "%.*s", (int)used, out);
		return true;
	}
	if (s->kind == SINK_JOURNAL)
		return sink_put_entry(s, line, out, used);
	out[used++] = '\n';
	return sink_put_line(s, out, used);
}

/* Say how many lines were lost before this one. */
static bool
sink_tell_lost(struct sink *s)
{
	char text[64];
	struct sink_line line = { .priority = LOG_WARNING, .text = text };

	line.len = (size_t)snprintf(text, sizeof text,
	    "%u lines lost: the log did not take them", s->lost);
	if (!sink_try(s, &line))
		return false;
	s->lost = 0;
	return true;
}

void
sink_write(struct sink *s, const struct sink_line *line)
{
	if (s->kind == SINK_NONE)
		return;
	if ((s->lost > 0 && !line->bare && !sink_tell_lost(s)) ||
	    !sink_try(s, line))
		s->lost++;
}
