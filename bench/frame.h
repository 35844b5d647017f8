/* SPDX-License-Identifier: ISC */

/* frame: FastCGI records, as a server sends them, to the answer inside. */

#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>

struct answer;
struct wanted;

enum {
	FRAME_HEADER = 8		/* bytes that each record begins with */
};

/* All zero is a stream of which nothing has come yet. */
struct frame {
	unsigned char	header[FRAME_HEADER];
	size_t		header_len;
	size_t		left;		/* of the content */
	size_t		padding;
	int		ended;		/* the server said so, and no error */
	unsigned char	last[8];	/* content of the last record */
	size_t		last_len;
};

/* Take the next piece, and examine the answer in it, see answer_examine. */
void	frame_examine(struct frame *, struct answer *, const struct wanted *,
	    char *data, size_t len);

/*
 * Write one record without padding to room, which has FRAME_HEADER bytes and
 * len more.  Returns how many bytes that are.  len is 65535 at most.
 */
size_t	frame_write(char *room, int type, const char *content, size_t len);

#endif
