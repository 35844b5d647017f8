/* SPDX-License-Identifier: ISC */
/*
 * leash: what ties a worker to its master.
 *
 * A pair of sockets. Its end tells the worker that the master is gone;
 * otherwise it carries single words, some with bytes or descriptors.
 */
#ifndef CGID_LEASH_H
#define CGID_LEASH_H

#include <stddef.h>

#define LEASH_BYTES	1024		/* with a word, at most */
#define LEASH_FDS	2

enum leash_word {
	LEASH_SILENT,		/* nothing was said */
	LEASH_GONE,		/* nobody holds the other end */
	LEASH_READY,		/* worker: I accept connections */
	LEASH_RETIRE,		/* master: others do; finish what you have. A
				   byte for each listener: 1 if it is closed for
				   good, so that who waits there is yours */
	LEASH_LOGS,		/* master: write to these from now on */
};

struct leash_message {
	unsigned char	bytes[LEASH_BYTES];
	size_t		n_bytes;
	int		fds[LEASH_FDS];	/* the receiver's to close; -1: none */
};

/* Both ends, close-on-exec and non-blocking. -1 with errno. */
int		leash_make(int ends[2]);

/* Say a word; the message may be NULL. -1 with errno. */
int		leash_tell(int end, enum leash_word,
		    const struct leash_message *);

/* Hear one. The message is always filled. */
enum leash_word	leash_hear(int end, struct leash_message *);

#endif
