/* SPDX-License-Identifier: ISC */
/*
 * notify: tell the service manager how we are.
 *
 * Datagrams to a Unix socket, as sd_notify(3) documents the protocol. Each has
 * a socket of its own: they are rare, and there is no descriptor to look after.
 * Must never block: a service manager that does not listen is its own trouble.
 */
#include "platform.h"

#include "notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "units.h"

#define NOTIFY_SIZE	1024		/* of a datagram, at most */

static char *notify_socket;		/* NULL: nobody asks */
static int64_t notify_usec;		/* 0: no watchdog */

/* The time that is given to us, not to a process that has started us. */
static int64_t
notify_read_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	int64_t number, whose;

	if (usec == NULL || units_number(usec, &number) != NULL)
		return 0;
	if (pid != NULL && (units_number(pid, &whose) != NULL ||
	    whose != getpid()))
		return 0;
	return number;
}

void
notify_hold(void)
{
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
}

void
notify_init(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path != NULL && (path[0] == '/' || path[0] == '@') &&
	    (notify_socket = strdup(path)) == NULL)
		log_warn("cannot tell the service manager anything");
	if (notify_socket != NULL)
		notify_usec = notify_read_watchdog();
	notify_hold();
}

int
notify_restore(void)
{
	char text[32];

	if (notify_socket == NULL)
		return 0;
	if (setenv("NOTIFY_SOCKET", notify_socket, 1) == -1)
		return -1;
	if (notify_usec == 0)
		return 0;
	(void)snprintf(text, sizeof text, "%lld", (long long)notify_usec);
	if (setenv("WATCHDOG_USEC", text, 1) == -1)
		return -1;
	(void)snprintf(text, sizeof text, "%d", (int)getpid());
	return setenv("WATCHDOG_PID", text, 1);
}

bool
notify_is_wanted(void)
{
	return notify_socket != NULL;
}

int64_t
notify_watchdog_ms(void)
{
	return notify_usec / 1000;
}

/* One datagram. -1 with errno. */
static int
notify_write(const char *text, size_t len)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t path_len = strlen(notify_socket);
	socklen_t sun_len;
	ssize_t n;
	int fd, saved;

	if (path_len >= sizeof sun.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(sun.sun_path, notify_socket, path_len + 1);
	sun_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    path_len);
	if (sun.sun_path[0] == '@')
		sun.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	n = sendto(fd, text, len, MSG_NOSIGNAL, (struct sockaddr *)&sun,
	    sun_len);
	saved = errno;
	(void)close(fd);
	errno = saved;
	return n == -1 ? -1 : 0;
}

void
notify_send(const char *format, ...)
{
	static bool complained;
	char text[NOTIFY_SIZE];
	va_list ap;
	int len;

	if (notify_socket == NULL)
		return;
	va_start(ap, format);
	len = vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	if (len < 0)
		return;
	if ((size_t)len >= sizeof text)
		len = sizeof text - 1;
	if (notify_write(text, (size_t)len) == 0) {
		complained = false;
	} else if (!complained) {
		complained = true;
		log_warn("cannot tell the service manager at %s",
		    notify_socket);
	}
}
