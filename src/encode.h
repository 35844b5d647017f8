/* SPDX-License-Identifier: ISC */
/*
 * encode: names and values to the head of an SCGI request.
 *
 * The counterpart of scgi: what is made here, scgi_push() takes. Only valid
 * requests can be made.
 */
#ifndef CGID_ENCODE_H
#define CGID_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/* A parameter; nothing needs to be NUL-terminated. */
struct encode_param {
	const char	*name;
	size_t		 name_len;
	const char	*value;
	size_t		 value_len;
};

/* Parameters in the order in which they are to be sent; borrowed. */
struct encode_list {
	const struct encode_param	*params;
	size_t				 n;
};

/*
 * Make a head: CONTENT_LENGTH first, then the list in its order, with SCGI=1
 * before it if the list has no SCGI. Refused are empty names, NULs, a
 * CONTENT_LENGTH in the list, an SCGI that is not 1, and a header block of
 * more than `max_header` bytes. Returns NULL; *head is then the caller's to
 * free and *len its length. Else a phrase that says why not, and *bad is the
 * index of the parameter that is to blame, or list->n.
 */
const char	*encode_head(const struct encode_list *,
    uint64_t content_length, size_t max_header, char **head, size_t *len,
    size_t *bad);

#endif
