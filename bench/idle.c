/* SPDX-License-Identifier: ISC */

/*
 * idle: connections that are open beside the load, and say nothing.  Opening
 * them is no part of what is measured: where it must cost the server nothing
 * then, another process holds them.
 */

#include "idle.h"

#include <sys/socket.h>

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server.h"

enum {
	IDLE_RETRIES = 10000	/* a millisecond apart */
};

void
idle_open(struct idle *idle, const struct server *server)
{
	unsigned int retries = 0;
	size_t i;

	if ((idle->fds = calloc(idle->n + 1, sizeof *idle->fds)) == NULL)
		err(1, "calloc");
	for (i = 0; i < idle->n; i++)
		while ((idle->fds[i] = server_connect(server)) == -1) {
			if (!server_busy(errno) || retries++ == IDLE_RETRIES)
				err(1, "idle connection %zu", i + 1);
			poll(NULL, 0, 1);
		}
}

size_t
idle_lost(const struct idle *idle)
{
	size_t i, n_lost = 0;
	char byte;

	for (i = 0; i < idle->n; i++)
		if (recv(idle->fds[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) !=
		    -1 || errno != EAGAIN)
			n_lost++;
	return n_lost;
}

size_t
idle_hold(const struct idle *idle)
{
	size_t n_lost;
	char byte;

	printf("idle=%zu\n", idle->n);
	(void)fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	n_lost = idle_lost(idle);
	printf("idle_lost=%zu\n", n_lost);
	return n_lost;
}
