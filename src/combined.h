/* SPDX-License-Identifier: ISC */
/*
 * combined: a request in the combined log format, as web servers write it.
 */
#ifndef CGID_COMBINED_H
#define CGID_COMBINED_H

#include <stdint.h>

struct line;

/* Borrowed; NULL: not known. */
struct combined {
	const char	*host;		/* the client */
	const char	*user;
	const char	*method, *uri, *protocol;
	const char	*referer, *agent;
	int		 status;	/* 0: nothing was sent */
	uint64_t	 bytes;		/* of the answer, without its header */
};

/*
 * Add: host - user [time] "method uri protocol" status bytes "referer" "agent".
 * What is not known is "-". Quotes, backslashes and bytes that are not
 * printable ASCII are \xNN, and so are spaces outside quotes and in the URI, so
 * that whoever splits the line finds its parts. A value that would be longer
 * than 1024 bytes is cut, and ends in three dots.
 */
void	combined_line(struct line *, const char *time, const struct combined *);

#endif
