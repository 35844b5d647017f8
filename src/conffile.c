/* SPDX-License-Identifier: ISC */
/*
 * conffile: a configuration file as text that libconfuse reads right.
 *
 * Knows as much of the syntax as is needed to tell strings, comments and
 * braces apart; everything else is libconfuse's.
 */
#include "platform.h"

#include "conffile.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow.h"

#define CONFFILE_MAX	(4 << 20)	/* bytes; anything larger is a mistake */

/* The scanner: where it is, and what it is inside of. */
struct scan {
	struct conffile	*file;
	char		*p;
	char		*last;		/* character before, spaces apart */
	int		 depth;
	int		 open_line;	/* of the outermost open brace */
	int		 last_line;	/* of that character */
	unsigned	 marks;
};

static const char *
conffile_load(const char *path, char **text, int *line)
{
	const char *nul, *p;
	struct stat st;
	ssize_t n = -1;
	size_t len = 0;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return "cannot open";
	*text = NULL;
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if ((*text = malloc(CONFFILE_MAX + 1)) != NULL)
		while ((n = flow_read(fd, *text + len, CONFFILE_MAX - len)) > 0)
			len += (size_t)n;
	(void)close(fd);
	if (n != 0)
		return "cannot read";
	(*text)[len] = '\0';
	if (len == CONFFILE_MAX) {
		errno = EFBIG;
		return "cannot read";
	}
	if ((nul = memchr(*text, '\0', len)) == NULL)
		return NULL;
	for (*line = 1, p = *text; p < nul; p++)
		*line += *p == '\n';
	return "NUL byte in the file";
}

/* Step over a quoted string; it may have line ends and escapes in it. */
static const char *
conffile_string(struct scan *s, int *line)
{
	char quote = *s->p;

	*line = s->file->lines;
	for (s->p++; *s->p != quote; s->p++) {
		if (*s->p == '\\' && s->p[1] != '\0')
			s->p++;
		if (*s->p == '\0')
			return "string without its closing quote";
		if (*s->p == '\n')
			s->file->lines++;
	}
	return NULL;
}

/* Overwrite a comment with spaces, line ends apart. */
static const char *
conffile_comment(struct scan *s, int *line)
{
	int long_form = s->p[0] == '/' && s->p[1] == '*';

	*line = s->file->lines;
	for (int i = 0; i < 1 + long_form; i++)
		*s->p++ = ' ';
	for (; *s->p != '\0' && (long_form || *s->p != '\n'); s->p++) {
		if (long_form && s->p[0] == '*' && s->p[1] == '/') {
			s->p[0] = s->p[1] = ' ';
			s->p++;
			return NULL;
		}
		if (*s->p == '\n')
			s->file->lines++;
		else
			*s->p = ' ';
	}
	s->p--;
	return long_form ? "comment without its */" : NULL;
}

/*
 * Make the title that ends before here unlike any other: libconfuse throws
 * away a section when another of the same title comes, and two maps of one
 * prefix may well differ in their hosts.
 */
static const char *
conffile_mark(struct scan *s)
{
	char mark[16], *at = s->last;
	size_t len, n;

	if (at == NULL)
		return NULL;
	at += *at != '"' && *at != '\'';
	n = (size_t)snprintf(mark, sizeof mark, "%c%u", CONFFILE_MARK,
	    s->marks++);
	len = strlen(at);
	if ((size_t)(at - s->file->text) + len + n > CONFFILE_MAX) {
		errno = EFBIG;
		return "too many sections";
	}
	memmove(at + n, at, len + 1);
	memcpy(at, mark, n);
	s->p += n;
	return NULL;
}

static const char *
conffile_open(struct scan *s)
{
	bool is_list = s->last != NULL && *s->last == '=';
	int *lines;

	if (s->depth++ == 0) {
		s->open_line = s->file->lines;
		lines = reallocarray(s->file->section_line,
		    s->file->n_sections + 1, sizeof *lines);
		if (lines == NULL)
			return "no memory";
		s->file->section_line = lines;
		if (!is_list)
			lines[s->file->n_sections++] = s->last_line;
	}
	return is_list ? NULL : conffile_mark(s);
}

/* Does a comment begin here? Within a word, slashes are only slashes. */
static int
conffile_is_comment(const struct scan *s)
{
	char before = s->p > s->file->text ? s->p[-1] : ' ';

	if (*s->p == '#')
		return 1;
	return s->p[0] == '/' && (s->p[1] == '/' || s->p[1] == '*') &&
	    strchr(" \t\r\n{}(),=+\"'", before) != NULL;
}

static const char *
conffile_token(struct scan *s, int *line)
{
	const char *why = NULL;

	*line = s->file->lines;
	if (*s->p == '"' || *s->p == '\'')
		why = conffile_string(s, line);
	else if (conffile_is_comment(s))
		return conffile_comment(s, line);
	else if (*s->p == '{')
		why = conffile_open(s);
	else if (*s->p == '}' && --s->depth < 0)
		why = "\"}\" without a \"{\" before it";
	if (*s->p == '\n')
		s->file->lines++;
	else if (*s->p != ' ' && *s->p != '\t' && *s->p != '\r') {
		s->last = s->p;
		s->last_line = s->file->lines;
	}
	return why;
}

const char *
conffile_read(const char *path, struct conffile *file, int *line)
{
	struct scan s = { .file = file };
	const char *why;

	*file = (struct conffile){ .lines = 1 };
	*line = 0;
	why = conffile_load(path, &file->text, line);
	for (s.p = file->text; why == NULL && *s.p != '\0'; s.p++)
		why = conffile_token(&s, line);
	if (why == NULL && s.depth > 0) {
		*line = s.open_line;
		why = "brace that is opened here is never closed";
	}
	return why;
}

void
conffile_free(struct conffile *file)
{
	free(file->text);
	free(file->section_line);
	*file = (struct conffile){ .text = NULL };
}
