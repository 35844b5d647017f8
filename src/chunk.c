/* SPDX-License-Identifier: ISC */
/*
 * chunk: the chunked transfer coding, taken off a body (RFC 9112 7.1).
 *
 * Pure. Framing goes byte by byte through one state machine, data is moved in
 * runs. Only what the grammar has is taken: a line ends in CRLF, never in LF
 * alone, since whoever writes the latter does not mean to write chunks.
 * Invariant: what is written never overtakes what is read.
 */
#include "platform.h"

#include "chunk.h"

#include <string.h>

#include "units.h"

/* A byte of the size, or the first one behind it. False: it cannot be. */
static bool
chunk_size(struct chunk *chunk, char c)
{
	int digit = units_hex(c);

	if (digit >= 0) {
		if (chunk->left > (UINT64_MAX >> 5))
			return false;
		chunk->left = chunk->left * 16 + (uint64_t)digit;
		chunk->state = CHUNK_DIGITS;
		return true;
	}
	if (chunk->state == CHUNK_SIZE)
		return false;			/* no digit at all */
	if (c == '\r')
		chunk->state = CHUNK_SIZE_LF;
	else if (c == ';')
		chunk->state = CHUNK_EXTENSION;
	else if (c == ' ' || c == '\t')
		chunk->state = CHUNK_SPACE;
	else
		return false;
	return true;
}

/* The bytes of a line that nobody looks at, up to its CR. */
static bool
chunk_skip(struct chunk *chunk, char c, enum chunk_state more,
    enum chunk_state end)
{
	chunk->state = c == '\r' ? end : more;
	return c != '\n';
}

/* The LF of a size line, or that behind the data: a new line begins. */
static bool
chunk_begin(struct chunk *chunk, char c, enum chunk_state next)
{
	if (c != '\n')
		return false;
	chunk->state = next;
	chunk->line = 0;
	return true;
}

/* Exactly this byte, and on to the next state. */
static bool
chunk_expect(struct chunk *chunk, char c, char want, enum chunk_state next)
{
	chunk->state = next;
	return c == want;
}

/* Take one byte that is framing. False: it cannot stand there. */
static bool
chunk_byte(struct chunk *chunk, char c)
{
	if (++chunk->line > CHUNK_LINE_MAX)
		return false;
	switch (chunk->state) {
	case CHUNK_SIZE:
	case CHUNK_DIGITS:
		return chunk_size(chunk, c);
	case CHUNK_SPACE:
		if (c == ' ' || c == '\t')
			return true;
		return units_hex(c) < 0 && chunk_size(chunk, c);
	case CHUNK_EXTENSION:
		return chunk_skip(chunk, c, CHUNK_EXTENSION, CHUNK_SIZE_LF);
	case CHUNK_SIZE_LF:
		return chunk_begin(chunk, c, chunk->left > 0 ? CHUNK_DATA :
		    CHUNK_TRAILER);
	case CHUNK_DATA_CR:
		return chunk_expect(chunk, c, '\r', CHUNK_DATA_LF);
	case CHUNK_DATA_LF:
		return chunk_begin(chunk, c, CHUNK_SIZE);
	case CHUNK_TRAILER:
		return chunk_skip(chunk, c, CHUNK_TRAILER_LINE, CHUNK_LAST_LF);
	case CHUNK_TRAILER_LINE:
		return chunk_skip(chunk, c, CHUNK_TRAILER_LINE, CHUNK_TRAILER_LF);
	case CHUNK_TRAILER_LF:
		return chunk_expect(chunk, c, '\n', CHUNK_TRAILER);
	case CHUNK_LAST_LF:
		return chunk_expect(chunk, c, '\n', CHUNK_DONE);
	default:			/* data, or behind a fault */
		return false;
	}
}

enum cause
chunk_push(struct chunk *chunk, char *bytes, size_t *len, size_t *at)
{
	char *to = bytes;
	size_t i = 0, n;

	while (i < *len && chunk->state != CHUNK_DONE) {
		if (chunk->state != CHUNK_DATA) {
			if (!chunk_byte(chunk, bytes[i++])) {
				*at = i > chunk->line ? i - chunk->line : 0;
				*len = (size_t)(to - bytes);
				chunk->state = CHUNK_BAD;
				return CAUSE_BAD_CHUNK;
			}
			continue;
		}
		n = *len - i < chunk->left ? *len - i : (size_t)chunk->left;
		memmove(to, bytes + i, n);
		to += n;
		i += n;
		if ((chunk->left -= n) == 0)
			chunk->state = CHUNK_DATA_CR;
	}
	*len = (size_t)(to - bytes);
	return CAUSE_NONE;
}

bool
chunk_is_done(const struct chunk *chunk)
{
	return chunk->state == CHUNK_DONE;
}
