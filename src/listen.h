/* SPDX-License-Identifier: ISC */
/*
 * listen: listening sockets.
 */
#ifndef CGID_LISTEN_H
#define CGID_LISTEN_H

#include <sys/types.h>

#include <stdbool.h>

/* Who may connect to a Unix socket; -1 leaves an id as it is. */
struct listen_access {
	mode_t	mode;
	uid_t	uid;
	gid_t	gid;
};

struct listener {
	int	 fd;
	char	*text;		/* the address, as it was given */
	bool	 is_unix;
	bool	 inherited;	/* somebody else listens on it, too */
	char	*path;		/* to unlink at the end; NULL: none */
	dev_t	 dev;		/* if it still is this one */
	ino_t	 ino;
};

/*
 * Bind and listen, non-blocking and close-on-exec. A socket file that nobody
 * listens on any more is replaced; one in use is an error (EADDRINUSE).
 * -1 with errno on failure; EINVAL also for text that is no address.
 */
int	listen_open(struct listener *, const char *text,
	    const struct listen_access *);

/*
 * Listen on a copy of a socket that the service manager has opened and goes on
 * to listen on. NULL, or a phrase that says why it will not do; nothing is
 * open then.
 */
const char *listen_adopt(struct listener *, int fd, const char *text);

/*
 * Take the address away so that nobody connects any more: unlink the file and
 * refuse new connections. Those that wait can still be accepted. Over TCP those
 * that are being made join them in a moment; who comes later is not answered
 * until all copies of the descriptor are closed, and then told that nobody
 * listens. Caution: this lasts as long as the socket does, so it is not for one
 * that somebody else keeps to go on with; an inherited one is left alone.
 */
void	listen_retire(struct listener *);

/* Close our copy of the descriptor. */
void	listen_close(struct listener *);

/*
 * Accept one connection, non-blocking and close-on-exec. -1 with errno;
 * EAGAIN when none waits. A connection that died in the queue is passed over.
 */
int	listen_accept(const struct listener *);

/*
 * How many connections wait, to be accepted before it is closed. A retired
 * Unix socket gets no more of them; then this is only a large number. Who waits
 * at an inherited socket waits for whoever is started next: 0.
 */
unsigned listen_waiting(const struct listener *);

/*
 * The peer of a connection in words, for logs: "unix", or its address. The
 * address alone is what REMOTE_ADDR falls back on. There is room for "unix".
 */
void	listen_peer(const struct listener *, int fd, char *text, size_t size);

#endif
