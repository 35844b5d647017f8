/* SPDX-License-Identifier: ISC */
/*
 * address: where to listen, from the words of the configuration.
 */
#ifndef CGID_ADDRESS_H
#define CGID_ADDRESS_H

#include <sys/socket.h>

#include <stdbool.h>

#define ADDRESS_PORT	"6500"		/* where none is given */

enum address_kind { ADDRESS_PATH, ADDRESS_ABSTRACT, ADDRESS_INET };

struct address {
	enum address_kind	 kind;
	struct sockaddr_storage	 sa;
	socklen_t		 sa_len;
};

/*
 * "unix:/path" and "/path", "@name", "127.0.0.1:6500", "[::1]:6500", "::1",
 * "localhost:6500". A leading slash is a Unix socket, '@' an abstract one, a
 * colon inside brackets or more than one colon is IPv6, else IPv4 or a host
 * name, whose first address counts. NULL, or a phrase.
 */
const char	*address_parse(const char *text, struct address *);

/* Can only processes of this machine connect? */
bool	address_is_local(const struct address *);

#endif
