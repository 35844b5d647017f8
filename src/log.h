/* SPDX-License-Identifier: ISC */
/*
 * log: what is said, one line at a time.
 *
 * There are two streams: messages (log_*) and access lines (log_access). Where
 * they go, and what becomes of bytes from outside, sink.h says.
 */
#ifndef CGID_LOG_H
#define CGID_LOG_H

#include <stdbool.h>
#include <stdint.h>

struct combined;
struct facts;

enum log_stream { LOG_MESSAGES, LOG_REQUESTS };

/* Of access lines; in the order of the words of log-format. */
enum log_format { LOG_KV, LOG_JSON, LOG_COMBINED };

/* What a message is about; NULL: not known. It has to be said in the text. */
struct log_subject {
	const char	*id;		/* of the request */
	const char	*script;
	const char	*reason;	/* a word */
	unsigned	 most;		/* of a kind at a time; 0: the usual */
};

/* Is `where` a destination, see sink_is_place()? */
int	log_is_destination(const char *where);

/*
 * Send a stream to `where`, which log_is_destination() accepts. -1 with errno
 * on failure; the stream then stays where it was. Before the first call both
 * streams go to stderr.
 */
int	log_open(enum log_stream, const char *where);

/* The same of both; -1 with errno: both stay where they were. */
int	log_open_both(const char *messages, const char *requests);

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

/* How access lines are written. */
void	log_set_format(int format);

/*
 * From here on, of many messages of a kind only some are written, and how many
 * more there were is told later (flood.h). Messages that come from one place
 * in the source are of a kind, if their subjects have the same script and
 * reason. Asked not to limit any more, tells what is left to tell.
 */
void	log_limit(bool);

/*
 * Milliseconds until log_tell() has something to tell; -1: it has nothing. It
 * need not be called; the next message tells as well.
 */
int64_t	log_due(void);
void	log_tell(void);

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

/* Likewise, with what it is about, for those who sort messages by that. */
void	log_warn_about(const struct log_subject *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_warnx_about(const struct log_subject *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_notice_about(const struct log_subject *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));

/* Write an error line and exit with `status`. Only start-up may call these. */
void	fatal(int status, const char *, ...)
	    __attribute__((noreturn, format(printf, 2, 3)));
void	fatalx(int status, const char *, ...)
	    __attribute__((noreturn, format(printf, 2, 3)));

/* Write the line of a request, in the format that was set; never limited. */
void	log_access(int priority, const struct facts *,
	    const struct combined *);

#endif
