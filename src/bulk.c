/* SPDX-License-Identifier: ISC */
/*
 * bulk: the kernel's buffers that bulk passes through.
 *
 * A user has 64 MiB of pipes in all (pipe-user-pages-soft); when they are used
 * up all his pipes become tiny. So only some are ever made larger, of a fixed
 * number that the workers share.
 */
#include "platform.h"

#include "bulk.h"

#include <sys/socket.h>

#include <fcntl.h>

#define BULK_SIZE	(256 << 10)	/* bytes */
#define BULK_MOST	64		/* requests, of all workers */

static unsigned bulk_n_larger;		/* of this one */

void
bulk_enlarge(struct bulk *bulk, int pipe, int sock, unsigned workers)
{
	static const int size = BULK_SIZE;

	if (bulk->asked || bulk_n_larger * workers >= BULK_MOST)
		return;
	bulk->asked = true;
	/* A program may have made it as large itself. */
	if (fcntl(pipe, F_GETPIPE_SZ) >= size ||
	    fcntl(pipe, F_SETPIPE_SZ, size) == -1)
		return;
	bulk->larger = true;
	bulk_n_larger++;
	if (sock != -1)
		(void)setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &size,
		    sizeof size);
}

void
bulk_release(struct bulk *bulk)
{
	bulk_n_larger -= bulk->larger;
	*bulk = (struct bulk){ .asked = false };
}
