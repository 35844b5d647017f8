/* SPDX-License-Identifier: ISC */
/*
 * reply: the program's header block, and the canonical one made from it.
 *
 * RFC 3875 6; DESIGN 4. The program may end lines with LF or CRLF; what goes
 * to the front end is always `Status: NNN Reason` first, CRLF, an empty line.
 */
#ifndef CGID_REPLY_H
#define CGID_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"

/* How a mapping wants replies to look. */
struct reply_style {
	bool	http;		/* `HTTP/1.1 NNN Reason` instead of Status */
	bool	x_accel;	/* let X-Accel-* and X-Sendfile pass */
	bool	redirect_inside; /* local redirects become X-Accel-Redirect */
	bool	head;		/* the request was a HEAD */
};

/* A canonical header block. `head` is the caller's to free. */
struct reply {
	char	*head;
	size_t	 head_len;
	int	 status;
	bool	 no_body;	/* what the program writes next is dropped */
	bool	 chunked;	/* it writes the body in chunks (chunk.h) */
	bool	 has_length;	/* the program promised `length` bytes */
	uint64_t length;
};

/*
 * Look for the end of the header block, the first empty line. *seen is where
 * to go on looking; it starts at 0. Returns the length of the block with its
 * empty line, or 0 if it has not ended yet.
 */
size_t	reply_find_end(const char *bytes, size_t len, size_t *seen);

/*
 * Make the canonical block of a complete one. Fills `out`, or returns what is
 * wrong; *at is then the offset of the offending line.
 */
enum cause	reply_make(const char *block, size_t len,
    const struct reply_style *, struct reply *out, size_t *at);

/* The customary reason phrase of a status code, never NULL. */
const char	*reply_reason(int status);

/*
 * An answer of our own: a text/plain document that gives `why`, if that is
 * not NULL, with the lines of `fields` (each ending in CRLF, or "") in its header. Returns the
 * whole answer, NUL-terminated, for the caller to free, or NULL without memory.
 */
char	*reply_document(int status, const char *why, const char *fields,
    const struct reply_style *, size_t *len);

#endif
