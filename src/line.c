/* SPDX-License-Identifier: ISC */
/*
 * line: a line of the log under construction.
 *
 * Invariant: there is a NUL behind the text.
 */
#include "platform.h"

#include "line.h"

#include <stdio.h>
#include <string.h>

void
line_start(struct line *line, const char *text)
{
	line->len = 0;
	line->text[0] = '\0';
	line_put(line, text, strlen(text));
}

/* It became too long by what came last. */
static void
line_cut(struct line *line)
{
	line->len = sizeof line->text - 1;
	memcpy(line->text + line->len - 3, "...", 4);
}

void
line_vadd(struct line *line, const char *fmt, va_list ap)
{
	size_t room = sizeof line->text - line->len;
	int n = vsnprintf(line->text + line->len, room, fmt, ap);

	if (n < 0)
		return;
	if ((size_t)n >= room)
		line_cut(line);
	else
		line->len += (size_t)n;
}

void
line_add(struct line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_vadd(line, fmt, ap);
	va_end(ap);
}

void
line_put(struct line *line, const char *bytes, size_t len)
{
	size_t room = sizeof line->text - line->len;

	memcpy(line->text + line->len, bytes, len < room ? len : room - 1);
	if (len >= room) {
		line_cut(line);
	} else {
		line->len += len;
		line->text[line->len] = '\0';
	}
}
