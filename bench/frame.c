/* SPDX-License-Identifier: ISC */

/*
 * frame: FastCGI records, as a server sends them, to the answer inside.  One
 * request to a connection, number 1.  What programs say on standard error is
 * passed over.
 */

#include "frame.h"

#include <string.h>

#include "answer.h"

enum {
	FRAME_END_REQUEST = 3,
	FRAME_STDOUT = 6
};

/* A record's content, or a part of it, is here. */
static void
frame_content(struct frame *f, struct answer *a, const struct wanted *wanted,
    char *data, size_t len)
{
	size_t room = sizeof f->last - f->last_len;

	if (f->header[1] == FRAME_STDOUT)
		answer_examine(a, wanted, data, len);
	else if (room > 0) {
		memcpy(f->last + f->last_len, data, len < room ? len : room);
		f->last_len += len < room ? len : room;
	}
	f->left -= len;
	/* Application status, four bytes, and protocol status are to be 0. */
	if (f->left == 0 && f->header[1] == FRAME_END_REQUEST)
		f->ended = f->last_len >= 5 &&
		    memcmp(f->last, "\0\0\0\0\0", 5) == 0;
}

/* The header is whole: a record begins. */
static void
frame_begin(struct frame *f)
{
	f->left = (size_t)f->header[4] << 8 | f->header[5];
	f->padding = f->header[6];
	f->last_len = 0;
}

void
frame_examine(struct frame *f, struct answer *a, const struct wanted *wanted,
    char *data, size_t len)
{
	size_t n;

	while (len > 0) {
		if (f->header_len < FRAME_HEADER) {
			f->header[f->header_len++] = (unsigned char)*data;
			n = 1;
			if (f->header_len == FRAME_HEADER)
				frame_begin(f);
		} else if (f->left > 0) {
			n = len < f->left ? len : f->left;
			frame_content(f, a, wanted, data, n);
		} else {
			n = len < f->padding ? len : f->padding;
			f->padding -= n;
		}
		data += n;
		len -= n;
		if (f->header_len == FRAME_HEADER && f->left == 0 &&
		    f->padding == 0)
			f->header_len = 0;
	}
}

size_t
frame_write(char *room, int type, const char *content, size_t len)
{
	const unsigned char header[FRAME_HEADER] = { 1, (unsigned char)type,
	    0, 1, (unsigned char)(len >> 8), (unsigned char)len };

	memcpy(room, header, sizeof header);
	memcpy(room + sizeof header, content, len);
	return sizeof header + len;
}
