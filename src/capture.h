/* SPDX-License-Identifier: ISC */
/*
 * capture: a recorded request, decoded.
 */
#ifndef CGID_CAPTURE_H
#define CGID_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct feed;

struct capture {
	uint64_t	 content_length;
	uint64_t	 body_len;	/* what there is of it, and more */
	/* if it is no request: why, and the offset of the byte to blame */
	const char	*why;
	const char	*word;	/* as in the daemon's log, or body-cut */
	uint64_t	 at;
	bool		 has_head;	/* which is whole, if not the body */
	/* private: the head as it came */
	char		*head;
	size_t		 len, size, block;
};

/*
 * Decode. The reasons are those of the daemon, with limits wide enough for
 * any request; one with a body too short is none. -1 with errno if the bytes
 * could not be read. capture_free() in any case.
 */
int	capture_read(struct capture *, const struct feed *);

/*
 * Write names and values as they came and in their order, then the lengths;
 * not if it is no request. As JSON it is then said why.
 */
void	capture_text(const struct capture *, FILE *);
void	capture_json(const struct capture *, FILE *);

/*
 * Is this the value of the last parameter whose name the daemon would take for
 * `name`? The head must be whole.
 */
bool	capture_has(const struct capture *, const char *name,
	    const char *value);

/* Names and values alone, each line behind `prefix`. The head must be whole. */
void	capture_params(const struct capture *, const char *prefix, FILE *);

/* Give back what the structure owns. */
void	capture_free(struct capture *);

#endif
