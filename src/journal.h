/* SPDX-License-Identifier: ISC */
/*
 * journal: lines with fields, by the native protocol of systemd's journal.
 *
 * A datagram to its socket is an entry: KEY=value for each field, one a line.
 */
#ifndef CGID_JOURNAL_H
#define CGID_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

struct facts;

/* Where it listens. */
#define JOURNAL_SOCKET	"/run/systemd/journal/socket"

/* An entry under construction. What has no room is left out. */
struct journal {
	char	bytes[16384];
	size_t	len;
};

/* Does stderr lead to the journal? (JOURNAL_STREAM, see systemd.exec(5)) */
bool	journal_is_stderr(void);

/*
 * A descriptor for journal_send(), if somebody listens at `path`; -1 with
 * errno. The caller owns it.
 */
int	journal_open(const char *path);

/* Begin with the message, which may be any bytes, and its priority. */
void	journal_start(struct journal *, int priority, const char *message,
	    size_t len);

/* Add the fields CGID_KEY; values as they are, cut after 2048 bytes. */
void	journal_facts(struct journal *, const struct facts *);

/*
 * Hand an entry over, without waiting; false if it was not taken. Who listens
 * at `path` may be another one by now than at journal_open().
 */
bool	journal_send(int fd, const char *path, const struct journal *);

#endif
