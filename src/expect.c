/* SPDX-License-Identifier: ISC */
/*
 * expect: is an answer what it should be?
 *
 * Pure. Of a body as much is remembered as a text cut in two needs.
 */
#include "platform.h"

#include "expect.h"

#include <stdlib.h>
#include <string.h>

/* The length of one item, "NNN" or "Nxx"; 0 if it is neither. */
static size_t
expect_item(const char *item)
{
	if (item[0] < '1' || item[0] > '9')
		return 0;
	if (strncmp(item + 1, "xx", 2) == 0)
		return 3;
	return strspn(item, "0123456789") == 3 ? 3 : 0;
}

bool
expect_is_list(const char *list)
{
	do {
		if (expect_item(list) == 0)
			return false;
		list += 3;
	} while (*list++ == ',');
	return list[-1] == '\0';
}

bool
expect_status(const char *list, int status)
{
	const char *item = list;

	if (list == NULL)
		return status < 400;
	for (; ; item += 4) {
		if (item[1] == 'x' ? status / 100 == item[0] - '0' :
		    status == (int)strtol(item, NULL, 10))
			return true;
		if (item[3] == '\0')
			return false;
	}
}

int
expect_start(struct expect *e, const char *text)
{
	*e = (struct expect){ .text = text };
	if (text == NULL || *text == '\0')
		e->found = true;
	else if ((e->tail = malloc(2 * strlen(text))) == NULL)
		return -1;
	return 0;
}

/* Keep the last bytes of the tail and a piece, fewer than the text has. */
static void
expect_keep(struct expect *e, const char *bytes, size_t len)
{
	size_t most = strlen(e->text) - 1, drop;

	if (len >= most) {
		memcpy(e->tail, bytes + len - most, most);
		e->tail_len = most;
		return;
	}
	drop = e->tail_len + len > most ? e->tail_len + len - most : 0;
	memmove(e->tail, e->tail + drop, e->tail_len - drop);
	memcpy(e->tail + e->tail_len - drop, bytes, len);
	e->tail_len += len - drop;
}

void
expect_take(struct expect *e, const char *bytes, size_t len)
{
	size_t text_len, join;

	if (e->found)
		return;
	text_len = strlen(e->text);
	/* First where the tail and the beginning of the piece meet. */
	join = len < text_len - 1 ? len : text_len - 1;
	memcpy(e->tail + e->tail_len, bytes, join);
	if (memmem(e->tail, e->tail_len + join, e->text, text_len) != NULL ||
	    memmem(bytes, len, e->text, text_len) != NULL)
		e->found = true;
	else
		expect_keep(e, bytes, len);
}

void
expect_end(struct expect *e)
{
	free(e->tail);
	e->tail = NULL;
}
