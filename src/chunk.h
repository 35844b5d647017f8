/* SPDX-License-Identifier: ISC */
/*
 * chunk: the chunked transfer coding, taken off a body (RFC 9112 7.1).
 */
#ifndef CGID_CHUNK_H
#define CGID_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"

/* The longest chunk-size line with its extensions, and the longest trailer. */
#define CHUNK_LINE_MAX	4096

/* Where the next byte belongs. */
enum chunk_state {
	CHUNK_SIZE,		/* the first digit of a size */
	CHUNK_DIGITS,		/* more of them */
	CHUNK_SPACE,		/* between the size and its extensions */
	CHUNK_EXTENSION,
	CHUNK_SIZE_LF,
	CHUNK_DATA,
	CHUNK_DATA_CR,
	CHUNK_DATA_LF,
	CHUNK_TRAILER,		/* the first byte of a trailer line, or CR */
	CHUNK_TRAILER_LINE,
	CHUNK_TRAILER_LF,
	CHUNK_LAST_LF,
	CHUNK_DONE,
	CHUNK_BAD,		/* a fault was found */
};

/* A zeroed one expects the first byte of a body. */
struct chunk {
	enum chunk_state	 state;
	uint64_t		 left;	/* the size, then bytes of data to come */
	size_t			 line;	/* bytes of this line, or of the trailer */
};

/*
 * Decode, in place: of the *len bytes of a body that come next, what is
 * content moves to the front, and *len becomes its length. Extensions,
 * trailer and what follows the end are dropped. CAUSE_NONE, or
 * CAUSE_BAD_CHUNK, after which *len is the content before the fault and *at
 * where the bad line begins among these bytes; each further push fails.
 */
enum cause	chunk_push(struct chunk *, char *bytes, size_t *len, size_t *at);

/* Has the last chunk been seen, with the end of its trailer? */
bool	chunk_is_done(const struct chunk *);

#endif
