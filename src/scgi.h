/* SPDX-License-Identifier: ISC */
/*
 * scgi: bytes to a request head, or the reason why not.
 *
 * The decoder is fed with whatever arrives, in pieces of any size, and does
 * no I/O. It implements the SCGI specification (python.ca, 2008-06-23) and
 * the netstring it is wrapped in. The header block is kept in one allocation
 * of the length that the client announced, after that length was checked.
 */
#ifndef CGID_SCGI_H
#define CGID_SCGI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"
#include "name.h"

/* More parameters than this are refused (431). */
#define SCGI_MAX_PARAMS	4096

enum scgi_result { SCGI_MORE, SCGI_DONE, SCGI_BAD };

/*
 * A parameter. `name` is upper case with '-' turned into '_' (RFC 3875 4.1),
 * NUL-terminated; `value` begins right behind that NUL, so that putting '='
 * there makes "name=value". A repeated parameter that no longer counts has
 * the name NULL.
 */
struct scgi_param {
	char	*name;
	char	*value;
	uint32_t name_len;
	uint8_t	 which;		/* of the known names: enum name */
	bool	 plain;		/* the name is what shells take for one */
	/* private: the next and the last of the same field, counted from 1 */
	uint16_t next, last;
	uint32_t hash;		/* of a name that is not known */
};

struct scgi {
	/* results, valid after SCGI_DONE; owned by the decoder */
	struct scgi_param	*params;	/* in order of arrival */
	size_t			 n_params;
	uint64_t		 content_length;	/* bytes of body to come */
	/* results, valid after SCGI_BAD */
	enum cause		 cause;
	/* private */
	enum { SCGI_LENGTH, SCGI_BLOCK, SCGI_COMMA, SCGI_END } state;
	size_t			 max_header, max_field;
	char			*block;
	size_t			 len, size;	/* of block: got, announced */
	int			 digits;
	char			*joined;	/* values put together */
	size_t			 joined_size;
	uint16_t		 known[NAME_COUNT];	/* where: from 1 */
};

/*
 * Begin. `max_header` bounds the block, `max_field` one name or value, joined
 * ones included.
 */
void	scgi_init(struct scgi *, size_t max_header, size_t max_field);

/*
 * Take bytes. *used is how many of them belonged to the head; what follows
 * is body. SCGI_BAD leaves the cause.
 */
enum scgi_result scgi_push(struct scgi *, const char *bytes, size_t len,
    size_t *used);

/*
 * The length of the body in its decimal spelling: CAUSE_NONE, or
 * CAUSE_BAD_LENGTH or CAUSE_HUGE_LENGTH.
 */
enum cause scgi_read_length(const char *digits, uint64_t *length);

/* Is it a field of the request (RFC 3875 4.1.18)? */
bool	scgi_is_field(const struct scgi_param *);

/* A parameter by its name, or NULL. */
struct scgi_param	*scgi_param(const struct scgi *, enum name);

/*
 * The value of a parameter, or NULL. An empty value is "". To look for one by the
 * letters of its name takes longer.
 */
const char	*scgi_get(const struct scgi *, enum name);
const char	*scgi_find(const struct scgi *, const char *name);

/* Give back what the decoder owns; harmless on a zeroed structure. */
void	scgi_free(struct scgi *);

#endif
