/* SPDX-License-Identifier: ISC */
/*
 * log: one line at a time.
 *
 * Every line is put together in memory, escaped, and handed over by a single
 * write(2) of PIPE_BUF bytes at most, so that lines of several processes never
 * mix. A slow or failing destination must never stop a request.
 */
#include "platform.h"

#include "log.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum target { TARGET_STDERR, TARGET_JOURNAL, TARGET_SYSLOG, TARGET_FILE,
	TARGET_NONE };

static struct {
	enum target	target;
	int		fd;
	bool		own;	/* opened here, and not waiting if a pipe */
	mode_t		kind;	/* of file behind fd; 0: not known */
	unsigned	lost;	/* lines since the last that was taken */
	bool		torn;	/* the last one was taken in part */
} streams[] = {
	[LOG_MESSAGES] = { TARGET_STDERR, STDERR_FILENO, false, 0, 0, false },
	[LOG_REQUESTS] = { TARGET_STDERR, STDERR_FILENO, false, 0, 0, false },
};

static int level = LOG_INFO;

/* Does stderr lead to journald? It says so by device and inode. */
static int
log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	if (stream == NULL || sscanf(stream, "%llu:%llu", &dev, &ino) != 2 ||
	    fstat(STDERR_FILENO, &st) == -1)
		return 0;
	return st.st_dev == dev && st.st_ino == ino;
}

int
log_is_destination(const char *where)
{
	return where[0] == '/' || strcmp(where, "stderr") == 0 ||
	    strcmp(where, "syslog") == 0 || strcmp(where, "none") == 0;
}

/*
 * stderr, so that writing to it never waits. A socket is told so with each
 * call; a pipe or a terminal is opened once more for ourselves, because making
 * the one that others have as well non-blocking would be theirs to decide.
 */
static int
log_open_stderr(void)
{
	struct stat st;

	if (fstat(STDERR_FILENO, &st) == -1 ||
	    !(S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		return -1;
	return open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_APPEND |
	    O_CLOEXEC | O_NOCTTY);
}

static void
log_set(enum log_stream stream, enum target target, int fd, bool own)
{
	struct stat st;

	if (streams[stream].own)
		(void)close(streams[stream].fd);
	streams[stream].own = own;
	streams[stream].target = target;
	streams[stream].fd = fd;
	streams[stream].kind = fd != -1 && fstat(fd, &st) == 0 ?
	    st.st_mode : 0;
}

int
log_open(enum log_stream stream, const char *where)
{
	enum target target = TARGET_NONE;
	int fd = -1;
	bool own;

	if (where[0] == '/') {
		target = TARGET_FILE;
		fd = open(where, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
		    O_NOCTTY | O_NONBLOCK, 0640);	/* should it be a FIFO */
		if (fd == -1)
			return -1;
	} else if (strcmp(where, "syslog") == 0) {
		target = TARGET_SYSLOG;
		openlog("scgi-cgid", LOG_PID | LOG_NDELAY, LOG_DAEMON);
	} else if (strcmp(where, "stderr") == 0) {
		target = log_is_journal() ? TARGET_JOURNAL : TARGET_STDERR;
		fd = log_open_stderr();
	}
	own = fd != -1;
	if (!own && (target == TARGET_STDERR || target == TARGET_JOURNAL))
		fd = STDERR_FILENO;
	log_set(stream, target, fd, own);
	return 0;
}

int
log_descriptor(enum log_stream stream)
{
	return streams[stream].target == TARGET_FILE ? streams[stream].fd : -1;
}

void
log_adopt(enum log_stream stream, int fd)
{
	log_set(stream, TARGET_FILE, fd, true);
}

void
log_forked(void)
{
	streams[LOG_MESSAGES].lost = streams[LOG_REQUESTS].lost = 0;
}

void
log_set_level(int priority)
{
	level = priority;
}

int
log_wants(int priority)
{
	return priority <= level && streams[LOG_MESSAGES].target != TARGET_NONE;
}

int
log_wants_access(void)
{
	return streams[LOG_REQUESTS].target != TARGET_NONE;
}

/*
 * Characters that end a line, turn its direction or are not to be seen: what
 * follows them would look different from what it is.
 */
static bool
log_hides(unsigned code)
{
	static const struct { unsigned first, last; } ranges[] = {
		{ 0x80, 0x9f }, { 0x61c, 0x61c }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};
	size_t i;

	for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/* How many bytes the well-formed UTF-8 character at `p` has; 0 for none. */
static size_t
log_utf8(const unsigned char *p, size_t len)
{
	unsigned code;
	size_t n, i;

	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len ||
	    (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	code = p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	return log_hides(code) ? 0 : n;
}

/* How many bytes at `p` may stand in a line as they are; 0 for none. */
static size_t
log_plain(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	return p[0] >= 0x20 && p[0] < 0x7f ? 1 : log_utf8(p, len);
}

/*
 * Copy text, turning every byte that could forge a line or steer a terminal
 * into \xNN. Returns the length written.
 */
static size_t
log_escape(char *out, size_t size, const char *text, size_t len)
{
	size_t i, n, used = 0;

	for (i = 0; i < len; i += n) {
		if (used + 8 > size)
			return used + (size_t)snprintf(out + used, size - used,
			    "...");
		if ((n = log_plain(text + i, len - i)) > 0) {
			memcpy(out + used, text + i, n);
			used += n;
		} else {
			used += (size_t)snprintf(out + used, size - used,
			    "\\x%02x", (unsigned char)text[i]);
			n = 1;
		}
	}
	return used;
}

/* The time in RFC 3339 form with milliseconds, and a space. */
static size_t
log_stamp(char *out, size_t size)
{
	struct timespec ts;
	struct tm tm;
	char day[32], zone[8];

	(void)clock_gettime(CLOCK_REALTIME, &ts);
	(void)localtime_r(&ts.tv_sec, &tm);
	(void)strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)strftime(zone, sizeof zone, "%z", &tm);
	return (size_t)snprintf(out, size, "%s.%03ld%.3s:%s ", day,
	    ts.tv_nsec / 1000000, zone, zone + 3);
}

/*
 * Hand over bytes without waiting; what write(2) returns. Of a pipe that could
 * not be opened anew, poll(2) tells that it takes PIPE_BUF bytes. Before
 * log_open(), at the start, waiting does no harm.
 */
static ssize_t
log_put(enum log_stream stream, const char *bytes, size_t len)
{
	struct pollfd ready = { .fd = streams[stream].fd, .events = POLLOUT };
	mode_t kind = streams[stream].kind;

	if (S_ISSOCK(kind))
		return send(ready.fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (!streams[stream].own && kind != 0 && !S_ISREG(kind) &&
	    poll(&ready, 1, 0) != 1)
		return -1;
	return write(ready.fd, bytes, len);
}

/* Hand over a whole line, begun anew if the last one was taken in part. */
static bool
log_put_line(enum log_stream stream, const char *line, size_t len)
{
	ssize_t n;

	if (streams[stream].torn && log_put(stream, "\n", 1) != 1)
		return false;
	n = log_put(stream, line, len);
	streams[stream].torn = n > 0 && (size_t)n < len;
	return n == (ssize_t)len;
}

/* What stands before a line, by kind of target. */
static size_t
log_prefix(enum log_stream stream, int priority, char *out, size_t size)
{
	if (streams[stream].target == TARGET_JOURNAL)
		return (size_t)snprintf(out, size, "<%d>", priority);
	if (streams[stream].target == TARGET_FILE)
		return log_stamp(out, size);
	return (size_t)snprintf(out, size, "scgi-cgid: ");
}

/* Say how many lines were lost before this one. */
static bool
log_put_lost(enum log_stream stream)
{
	char text[128];
	size_t len;

	if (streams[stream].lost == 0)
		return true;
	len = log_prefix(stream, LOG_WARNING, text, sizeof text);
	len += (size_t)snprintf(text + len, sizeof text - len, "%u lines lost: "
	    "the log did not take them\n", streams[stream].lost);
	if (!log_put_line(stream, text, len))
		return false;
	streams[stream].lost = 0;
	return true;
}

/* The one writer: prefix, escape, one write. */
static void
log_write(enum log_stream stream, int priority, const char *text, size_t len)
{
	char out[PIPE_BUF];
	size_t used = 0;

	if (streams[stream].target == TARGET_NONE)
		return;
	if (streams[stream].target == TARGET_SYSLOG) {
		used = log_escape(out, sizeof out, text, len);
		syslog(priority, "%.*s", (int)used, out);
		return;
	}
	used = log_prefix(stream, priority, out, sizeof out);
	used += log_escape(out + used, sizeof out - used - 1, text, len);
	out[used++] = '\n';
	if (!log_put_lost(stream) || !log_put_line(stream, out, used))
		streams[stream].lost++;
}

/* Add text; a line that becomes too long is cut, and marked so. */
static void __attribute__((format(printf, 2, 0)))
log_line_vadd(struct log_line *line, const char *fmt, va_list ap)
{
	size_t room = sizeof line->text - line->len;
	int n = vsnprintf(line->text + line->len, room, fmt, ap);

	if (n < 0)
		return;
	line->len += (size_t)n < room ? (size_t)n : room - 1;
	if ((size_t)n >= room)
		memcpy(line->text + line->len - 3, "...", 3);
}

/* Format one message; `error` is an errno to explain, or 0. */
static void __attribute__((format(printf, 3, 0)))
log_message(int priority, int error, const char *fmt, va_list ap)
{
	struct log_line line = { .len = 0 };

	if (!log_wants(priority))
		return;
	log_line_vadd(&line, fmt, ap);
	if (error != 0)
		log_line_add(&line, ": %s", strerror(error));
	log_write(LOG_MESSAGES, priority, line.text, line.len);
}

#define LOG_FUNCTION(name, priority, error)				\
void									\
name(const char *fmt, ...)						\
{									\
	int saved = errno;						\
	va_list ap;							\
									\
	va_start(ap, fmt);						\
	log_message(priority, error, fmt, ap);				\
	va_end(ap);							\
	errno = saved;							\
}

LOG_FUNCTION(log_error, LOG_ERR, saved)
LOG_FUNCTION(log_errorx, LOG_ERR, 0)
LOG_FUNCTION(log_warn, LOG_WARNING, saved)
LOG_FUNCTION(log_warnx, LOG_WARNING, 0)
LOG_FUNCTION(log_notice, LOG_NOTICE, 0)
LOG_FUNCTION(log_info, LOG_INFO, 0)
LOG_FUNCTION(log_debug, LOG_DEBUG, 0)

void
fatal(int status, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_message(LOG_ERR, saved, fmt, ap);
	va_end(ap);
	exit(status);
}

void
fatalx(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_message(LOG_ERR, 0, fmt, ap);
	va_end(ap);
	exit(status);
}

void
log_line_start(struct log_line *line, const char *text)
{
	line->len = 0;
	line->text[0] = '\0';
	log_line_add(line, "%s", text);
}

void
log_line_add(struct log_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_line_vadd(line, fmt, ap);
	va_end(ap);
}

/* How much of a value fits into `most` bytes, as it will be written. */
static size_t
log_fitting(const char *value, size_t len, size_t most)
{
	size_t i, n, used = 0;

	for (i = 0; i < len; i += n) {
		n = log_plain(value + i, len - i);
		used += n == 0 ? 4 : value[i] == '"' || value[i] == '\\' ? 2 : n;
		if (used > most)
			return i;
		n += n == 0;
	}
	return len;
}

void
log_line_value(struct log_line *line, const char *key, const char *value)
{
	/* One value must not push out the rest. */
	size_t i, len = strlen(value), cut = log_fitting(value, len, 1024);

	log_line_add(line, " %s=", key);
	if (len > 0 && len == cut && strcspn(value, " \"\\=") == len) {
		log_line_add(line, "%s", value);
		return;
	}
	log_line_add(line, "\"");
	for (i = 0; i < cut; i++)
		log_line_add(line, "%s%c",
		    value[i] == '"' || value[i] == '\\' ? "\\" : "", value[i]);
	log_line_add(line, "%s\"", cut < len ? "..." : "");
}

void
log_access(const struct log_line *line)
{
	log_write(LOG_REQUESTS, LOG_INFO, line->text, line->len);
}
