/* SPDX-License-Identifier: ISC */
/*
 * address: where to listen, from the words of the configuration.
 *
 * Opens nothing; asks the resolver only for host names.
 */
#include "platform.h"

#include "address.h"

#include <sys/un.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "units.h"

/* A path, or an abstract name, whose '@' stands for the leading NUL. */
static const char *
address_unix(const char *text, struct address *a)
{
	struct sockaddr_un *sun = (struct sockaddr_un *)&a->sa;
	size_t len = strlen(text);

	if (len >= sizeof sun->sun_path)
		return "socket path longer than 107 bytes";
	if (len == 1)
		return "no name after the first character";
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path, text, len + 1);
	a->kind = ADDRESS_PATH;
	a->sa_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
	if (text[0] == '@') {
		sun->sun_path[0] = '\0';
		a->kind = ADDRESS_ABSTRACT;
		a->sa_len--;
	}
	return NULL;
}

/* Cut "host:port", "[host]:port", "[host]", "host" into two strings. */
static const char *
address_split(const char *text, char *host, size_t size, const char **port)
{
	const char *colon = strchr(text, ':'), *end = NULL;
	size_t len;

	*port = ADDRESS_PORT;
	if (text[0] == '[') {
		text++;
		if ((end = strchr(text, ']')) == NULL)
			return "no ] after the address";
		if (end[1] == ':')
			*port = end + 2;
		else if (end[1] != '\0')
			return "something other than :port after ]";
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		end = colon;
		*port = colon + 1;
	}
	len = end != NULL ? (size_t)(end - text) : strlen(text);
	if (len == 0)
		return "no host before the port; 127.0.0.1 is this machine";
	if (len >= size)
		return "host name too long";
	memcpy(host, text, len);
	host[len] = '\0';
	return NULL;
}

static const char *
address_inet(const char *text, struct address *a)
{
	struct addrinfo *found, hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	const char *port, *why;
	char host[256];
	int64_t number;

	if ((why = address_split(text, host, sizeof host, &port)) != NULL)
		return why;
	if (units_number(port, &number) != NULL || number < 1 || number > 65535)
		return "the port is not a number from 1 to 65535";
	if (text[0] == '[' || strchr(host, ':') != NULL) {
		hints.ai_family = AF_INET6;
		hints.ai_flags |= AI_NUMERICHOST;
	}
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return "neither an address nor a host name that can be resolved";
	a->kind = ADDRESS_INET;
	memcpy(&a->sa, found->ai_addr, found->ai_addrlen);
	a->sa_len = found->ai_addrlen;
	freeaddrinfo(found);
	return NULL;
}

const char *
address_parse(const char *text, struct address *a)
{
	memset(a, 0, sizeof *a);
	if (strncmp(text, "unix:", 5) == 0) {
		text += 5;
		if (text[0] != '/')
			return "unix: wants an absolute path";
	}
	if (text[0] == '/' || text[0] == '@')
		return address_unix(text, a);
	if (text[0] == '\0')
		return "empty address";
	return address_inet(text, a);
}

bool
address_is_local(const struct address *a)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)&a->sa;
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)&a->sa;

	if (a->kind != ADDRESS_INET)
		return true;
	if (a->sa.ss_family == AF_INET)
		return ntohl(sin->sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&sin6->sin6_addr);
}
