/* SPDX-License-Identifier: ISC */
/*
 * encode: names and values to the head of an SCGI request.
 *
 * Pure. The block is measured before anything is allocated, and written once;
 * both go through the same function, so that they cannot disagree.
 */
#include "platform.h"

#include "encode.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits of the largest uint64_t, ':', ',' and the NUL of snprintf. */
#define ENCODE_FRAME	24

static bool
encode_is(const char *bytes, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(bytes, word, len) == 0;
}

/* Can this parameter be sent? *has_scgi becomes true at SCGI. */
static const char *
encode_verify(const struct encode_param *p, bool *has_scgi)
{
	if (p->name_len == 0)
		return "empty name";
	if (memchr(p->name, '\0', p->name_len) != NULL)
		return "NUL in a name";
	if (p->value_len > 0 && memchr(p->value, '\0', p->value_len) != NULL)
		return "NUL in a value";
	if (encode_is(p->name, p->name_len, "CONTENT_LENGTH"))
		return "CONTENT_LENGTH among the parameters";
	if (!encode_is(p->name, p->name_len, "SCGI"))
		return NULL;
	if (*has_scgi)
		return "SCGI twice";
	if (!encode_is(p->value, p->value_len, "1"))
		return "SCGI is not 1";
	*has_scgi = true;
	return NULL;
}

/* One parameter to `to`, or nowhere if that is NULL; the bytes it takes. */
static size_t
encode_put(char *to, const struct encode_param *p)
{
	if (to != NULL) {
		memcpy(to, p->name, p->name_len);
		to += p->name_len;
		*to++ = '\0';
		if (p->value_len > 0)
			memcpy(to, p->value, p->value_len);
		to[p->value_len] = '\0';
	}
	return p->name_len + p->value_len + 2;
}

/*
 * The whole block, likewise. Once it is larger than `max` its exact length
 * does not matter, and must not overflow.
 */
static size_t
encode_block(char *to, const struct encode_param first[2],
    const struct encode_list *list, size_t max)
{
	size_t i, len = 0;

	for (i = 0; i < 2; i++)
		if (first[i].name != NULL)
			len += encode_put(to != NULL ? to + len : NULL,
			    &first[i]);
	for (i = 0; i < list->n && len <= max; i++)
		len += encode_put(to != NULL ? to + len : NULL,
		    &list->params[i]);
	return len;
}

const char *
encode_head(const struct encode_list *list, uint64_t content_length,
    size_t max_header, char **head, size_t *len, size_t *bad)
{
	char digits[ENCODE_FRAME], *bytes;
	struct encode_param first[2] = {
		{ "CONTENT_LENGTH", 14, digits, 0 }, { NULL, 0, NULL, 0 },
	};
	bool has_scgi = false;
	const char *why;
	size_t block;
	int frame;

	for (*bad = 0; *bad < list->n; ++*bad) {
		why = encode_verify(&list->params[*bad], &has_scgi);
		if (why != NULL)
			return why;
	}
	if (content_length > INT64_MAX)
		return "CONTENT_LENGTH is too large";
	first[0].value_len = (size_t)snprintf(digits, sizeof digits,
	    "%" PRIu64, content_length);
	if (!has_scgi)
		first[1] = (struct encode_param){ "SCGI", 4, "1", 1 };
	block = encode_block(NULL, first, list, max_header);
	if (block > max_header)
		return "header block too large";
	if ((bytes = malloc(block + ENCODE_FRAME)) == NULL)
		return "no memory for the header block";
	frame = snprintf(bytes, ENCODE_FRAME, "%zu:", block);
	(void)encode_block(bytes + frame, first, list, max_header);
	*len = (size_t)frame + block;
	bytes[(*len)++] = ',';
	*head = bytes;
	return NULL;
}
