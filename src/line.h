/* SPDX-License-Identifier: ISC */
/*
 * line: a line of the log under construction.
 *
 * Text beyond its size is cut and marked; a line is never split in two. Bytes
 * stand in it as they come: escaping is for the one who writes it.
 */
#ifndef CGID_LINE_H
#define CGID_LINE_H

#include <stdarg.h>
#include <stddef.h>

struct line {
	char	text[3968];	/* with what is put before it, PIPE_BUF */
	size_t	len;
};

/* Begin with this text. */
void	line_start(struct line *, const char *text);

/* Add formatted text. */
void	line_add(struct line *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	line_vadd(struct line *, const char *fmt, va_list)
	    __attribute__((format(printf, 2, 0)));

/* Add bytes, which may be any. */
void	line_put(struct line *, const char *bytes, size_t len);

#endif
