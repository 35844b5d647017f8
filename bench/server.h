/* SPDX-License-Identifier: ISC */

/* server: where the server under test listens. */

#ifndef SERVER_H
#define SERVER_H

#include <sys/socket.h>

/* len is 0 as long as no address has been given. */
struct server {
	struct sockaddr_storage	addr;
	socklen_t		len;
};

/*
 * A path, or an abstract name written with an `@'.  Returns NULL, or a
 * phrase that says what is wrong with it.
 */
const char *server_unix(struct server *, const char *path);

/*
 * HOST:PORT, an IPv6 address in brackets; the first address is taken if the
 * name has several.  The text is cut in pieces.  Returns as server_unix does.
 */
const char *server_tcp(struct server *, char *where);

/*
 * Returns a non-blocking, close-on-exec descriptor, connected or about to
 * be, owned by the caller; or -1 with errno set.
 */
int	server_connect(const struct server *);

/* Whether connect failed with this errno only for want of room just now. */
int	server_busy(int error);

#endif
