/* SPDX-License-Identifier: ISC */
/*
 * log: one line at a time, to stderr, syslog, a file or nowhere.
 *
 * There are two streams: messages (log_*) and access lines (log_access).
 * Everything that may come from outside is escaped here, in the one function
 * that writes; callers pass bytes as they are.
 *
 * A destination that does not take lines fast enough loses some, and is told
 * how many as soon as it takes them again; nobody waits for it. (syslog(3) is
 * the exception: it waits for its daemon.)
 */
#ifndef CGID_LOG_H
#define CGID_LOG_H

#include <stdarg.h>
#include <stddef.h>

enum log_stream { LOG_MESSAGES, LOG_REQUESTS };

/*
 * A line under construction. Text beyond its size is cut and marked; a line
 * is never split in two.
 */
struct log_line {
	char	text[3968];	/* with what is put before it, PIPE_BUF */
	size_t	len;
};

/* Is `where` a destination: stderr, syslog, none or an absolute file? */
int	log_is_destination(const char *where);

/*
 * Send a stream to `where`, which log_is_destination() accepts. Files are
 * opened for appending and created with mode 0640. -1 with errno on failure;
 * the stream then stays where it was. Before the first call both streams
 * go to stderr.
 */
int	log_open(enum log_stream, const char *where);

/*
 * The descriptor of a stream that goes to a file, and its counterpart in
 * another process: write to this one, which is the log's from here on. -1: the
 * stream goes elsewhere.
 */
int	log_descriptor(enum log_stream);
void	log_adopt(enum log_stream, int fd);

/* In a new process: what the parent has lost is the parent's to tell. */
void	log_forked(void);

/* Messages less urgent than `priority` (LOG_ERR .. LOG_DEBUG) are dropped. */
void	log_set_level(int priority);

/* Is anything written for messages of this priority? */
int	log_wants(int priority);

/* Is the stream of access lines written anywhere? */
int	log_wants_access(void);

/* log_warn and log_error add the reason that errno holds; the others do not. */
void	log_error(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_errorx(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_warnx(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_notice(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *, ...) __attribute__((format(printf, 1, 2)));

/* Write an error line and exit with `status`. Only start-up may call these. */
void	fatal(int status, const char *, ...)
	    __attribute__((noreturn, format(printf, 2, 3)));
void	fatalx(int status, const char *, ...)
	    __attribute__((noreturn, format(printf, 2, 3)));

/* Start a line, add formatted text, add ` key=value` with quotes if needed. */
void	log_line_start(struct log_line *, const char *);
void	log_line_add(struct log_line *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_line_value(struct log_line *, const char *key, const char *value);

/* Write a finished line to the stream of access lines. */
void	log_access(const struct log_line *);

#endif
