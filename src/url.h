/* SPDX-License-Identifier: ISC */
/*
 * url: what a request asks for, from the words of a command line.
 */
#ifndef CGID_URL_H
#define CGID_URL_H

#include <stdbool.h>

/* The parts of a URL; all strings are in one allocation. */
struct url {
	bool	 https;
	char	*host;		/* without port, [ ] around IPv6 */
	char	*authority;	/* with the port if it was given */
	const char *port;		/* as given, or "80", "443" */
	char	*target;	/* path and query, as in a request line */
	char	*query;		/* behind the '?', or "" */
	bool	 has_query;	/* there is a '?' */
	/* private */
	char	*text;
};

/*
 * "http://host:port/path?query", "https://…" or "/path?query", whose host is
 * localhost. A fragment is dropped. Returns NULL, or a phrase that says why
 * not; on success url_free() gives the parts back.
 */
const char	*url_parse(const char *text, struct url *);

/* Give back what the structure owns; harmless on a zeroed one. */
void	url_free(struct url *);

#endif
