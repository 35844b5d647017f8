/* SPDX-License-Identifier: ISC */
/*
 * response: what a gateway's header block says, as a web server reads it.
 */
#ifndef CGID_RESPONSE_H
#define CGID_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct response {
	int		 status;	/* 200 to 599 */
	char		 reason[64];	/* printable; cut if it is longer */
	bool		 has_length;	/* the body is to have `length` bytes */
	uint64_t	 length;
};

/*
 * Read a complete header block, with its empty line. The status is that of
 * "HTTP/1.1 NNN Reason" or "Status: NNN Reason", else 302 with a Location,
 * else 200. NULL, or a phrase that says what is wrong: no line at all, a name
 * that is no token, a folded line, control characters, a status that no final
 * answer has.
 */
const char	*response_parse(const char *block, size_t len,
    struct response *);

#endif
