/* SPDX-License-Identifier: ISC */
/*
 * sink: where lines go, and the one writer.
 *
 * stderr, the journal, syslog, a file or nowhere. Everything that may come from
 * outside is escaped here; callers pass bytes as they are.
 *
 * A sink that does not take lines fast enough loses some, and is told how many
 * as soon as it takes them again; nobody waits for it. (syslog(3) is the
 * exception: it waits for its daemon.)
 */
#ifndef CGID_SINK_H
#define CGID_SINK_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

struct facts;

enum sink_kind {
	SINK_STDERR,
	SINK_PRIORITY,		/* stderr, which the journal reads: <N> */
	SINK_JOURNAL,		/* its native protocol */
	SINK_SYSLOG,
	SINK_FILE,
	SINK_NONE,
};

/* One that begins as { .fd = STDERR_FILENO } goes to stderr. */
struct sink {
	enum sink_kind	kind;
	int		fd;
	bool		own;	/* opened here, and not waiting if a pipe */
	mode_t		type;	/* of the file behind fd; 0: not known */
	char		path[108];	/* of the journal's socket */
	unsigned	lost;	/* lines since the last that was taken */
	bool		torn;	/* the last one was taken in part */
};

/*
 * Is `where` a place to write to: stderr, journal, journal:/path, syslog, none
 * or an absolute file?
 */
bool	sink_is_place(const char *where);

/*
 * Open `where`, which sink_is_place() accepts. Files are opened for appending
 * and created with mode 0640. -1 with errno on failure. What was opened, a
 * sink becomes, and writes there from then on; or it is dropped.
 */
int	sink_open(struct sink *next, const char *where);
void	sink_become(struct sink *, struct sink next);
void	sink_drop(struct sink *next);

/* Write to this file from here on; the descriptor is the sink's. */
void	sink_adopt(struct sink *, int fd);

/*
 * Write a line. A bare one is a record of a format that others read: nothing
 * is put before it, and what was lost is not said in its place. Facts, if
 * there are any, become fields where the sink has fields.
 */
struct sink_line {
	int			 priority;
	bool			 bare;
	const char		*text;
	size_t			 len;
	const struct facts	*facts;
};
void	sink_write(struct sink *, const struct sink_line *);

#endif
