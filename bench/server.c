/* SPDX-License-Identifier: ISC */

/*
 * server: where the server under test listens, and how to connect to it
 * without waiting.  It knows no SCGI.
 */

#include "server.h"

#include <sys/un.h>

#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

const char *
server_unix(struct server *sv, const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof sun.sun_path)
		return "empty or too long";
	memcpy(sun.sun_path, path, len);
	/* The name of an abstract socket is as long as its address says. */
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	else
		len++;
	memcpy(&sv->addr, &sun, sizeof sun);
	sv->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return NULL;
}

const char *
server_tcp(struct server *sv, char *where)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	char *host = where, *port;
	size_t len;
	int code;

	if ((port = strrchr(where, ':')) == NULL || port == where)
		return "needs host:port";
	*port++ = '\0';
	len = strlen(host);
	if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		host++;
	}
	if ((code = getaddrinfo(host, port, &hints, &found)) != 0)
		return gai_strerror(code);
	memcpy(&sv->addr, found->ai_addr, found->ai_addrlen);
	sv->len = found->ai_addrlen;
	freeaddrinfo(found);
	return NULL;
}

int
server_connect(const struct server *sv)
{
	int error, fd;

	fd = socket(sv->addr.ss_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (const struct sockaddr *)&sv->addr, sv->len) == -1 &&
	    errno != EINPROGRESS) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

int
server_busy(int error)
{
	/* EAGAIN: a full Unix listener; the other: no local port is free. */
	return error == EAGAIN || error == EADDRNOTAVAIL;
}
