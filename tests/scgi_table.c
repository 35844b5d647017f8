/* SPDX-License-Identifier: ISC */
/*
 * scgi_table: the rows of tests/scgi.table, for the tests and the corpus.
 *
 * A text is made bytes in two passes: macros and repetitions are written out,
 * then escapes become bytes and netstrings get their lengths.
 */
#include "platform.h"

#include "scgi_table.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IN_R	"SCGI\\01\\0REQUEST_METHOD\\0GET\\0REQUEST_URI\\0/t\\0"
#define OUT_R	"SCGI=1|REQUEST_METHOD=GET|REQUEST_URI=/t"

static const struct {
	const char	*macro, *in, *out;
} macros[] = {
	{ "\\R", IN_R, OUT_R },
	{ "\\M", "CONTENT_LENGTH\\00\\0" IN_R, "CONTENT_LENGTH=0|" OUT_R },
};

/* Where the repetition that begins before `p` ends; there may be some in it. */
static const char *
table_closing(const char *p)
{
	int depth = 1;

	for (; *p != '\0'; p++) {
		if (p[0] == '\\' && p[1] == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p;
	}
	errx(1, "scgi.table: a repetition without its end");
}

static void	table_expand(FILE *, const char *, const char *, int, int);

/* "N*text)": write text N times. Returns what follows. */
static const char *
table_repeat(FILE *to, const char *p, int is_in)
{
	char *text;
	const char *end;
	long i, n = strtol(p, &text, 10);

	if (n < 1 || *text++ != '*')
		errx(1, "scgi.table: not a repetition: %.20s", p);
	end = table_closing(text);
	for (i = 1; i <= n; i++)
		table_expand(to, text, end, is_in, (int)i);
	return end + 1;
}

/* First pass, from p to end; `count` is what stands for \#. */
static void
table_expand(FILE *to, const char *p, const char *end, int is_in, int count)
{
	size_t i;

	while (p < end) {
		for (i = 0; i < sizeof macros / sizeof macros[0]; i++)
			if (strncmp(p, macros[i].macro, 2) == 0)
				break;
		if (i < sizeof macros / sizeof macros[0]) {
			(void)fputs(is_in ? macros[i].in : macros[i].out, to);
			p += 2;
		} else if (strncmp(p, "\\(", 2) == 0) {
			p = table_repeat(to, p + 2, is_in);
		} else if (strncmp(p, "\\#", 2) == 0) {
			(void)fprintf(to, "%d", count);
			p += 2;
		} else {
			if (*p == '\\')		/* two characters at a time */
				(void)fputc(*p++, to);
			(void)fputc(*p++, to);
		}
	}
}

/* The byte that an escape stands for, *p being behind the backslash. */
static int
table_escape(const char **p)
{
	static const char from[] = "0tnr\\", to[] = "\0\t\n\r\\";
	const char *at;
	unsigned byte;

	if (**p == 'x' && sscanf(*p + 1, "%2x", &byte) == 1) {
		*p += 3;
		return (int)byte;
	}
	if (**p == '\0' || (at = strchr(from, **p)) == NULL)
		errx(1, "scgi.table: what is \\%s?", *p);
	(*p)++;
	return to[at - from];
}

/* Put "LENGTH:" before what stands behind `at`, and a comma at its end. */
static size_t
table_wrap(char *bytes, size_t at, size_t len)
{
	char prefix[24];
	size_t n = (size_t)snprintf(prefix, sizeof prefix, "%zu:", len - at);

	memmove(bytes + at + n, bytes + at, len - at);
	memcpy(bytes + at, prefix, n);
	bytes[len + n] = ',';
	return len + n + 1;
}

/* Second pass. A netstring takes few bytes more than it does in the text. */
static struct table_text
table_bytes(const char *p)
{
	size_t open[4], n = 0, len = 0;
	char *bytes = malloc(strlen(p) + 128);

	if (bytes == NULL)
		err(1, "scgi.table");
	while (*p != '\0') {
		if (strncmp(p, "\\[", 2) == 0 && n < 4) {
			open[n++] = len;
			p += 2;
		} else if (strncmp(p, "\\]", 2) == 0 && n > 0) {
			len = table_wrap(bytes, open[--n], len);
			p += 2;
		} else if (*p == '\\') {
			p++;
			bytes[len++] = (char)table_escape(&p);
		} else {
			bytes[len++] = *p++;
		}
	}
	bytes[len] = '\0';
	return (struct table_text){ bytes, len };
}

/* The first pass alone; the caller frees what it returns. */
static char *
table_plain(const char *text, int is_in)
{
	char *plain;
	size_t len;
	FILE *to = open_memstream(&plain, &len);

	if (to == NULL)
		err(1, "scgi.table");
	table_expand(to, text, text + strlen(text), is_in, 0);
	(void)fclose(to);
	return plain;
}

static struct table_text
table_text(const char *text)
{
	char *plain = table_plain(text, 1);
	struct table_text bytes = table_bytes(plain);

	free(plain);
	return bytes;
}

/* "NAME=value|NAME=value" */
static void
table_params(struct table_row *row, const char *text)
{
	char *plain = table_plain(text, 0), *rest = plain, *pair, *value;
	struct table_text *p;

	while ((pair = strsep(&rest, "|")) != NULL) {
		if ((value = strchr(pair, '=')) == NULL)
			errx(1, "scgi.table: %s: not a pair: %s",
			    row->name.bytes, pair);
		*value++ = '\0';
		p = reallocarray(row->params, 2 * (row->n_params + 1),
		    sizeof *p);
		if (p == NULL)
			err(1, "scgi.table");
		row->params = p;
		p[2 * row->n_params] = table_bytes(pair);
		p[2 * row->n_params++ + 1] = table_bytes(value);
	}
	free(plain);
}

static void
table_outcome(struct table_row *row, const char *text)
{
	int at = 0;

	if (strncmp(text, "accepted ", 9) == 0) {
		row->outcome = TABLE_ACCEPTED;
		table_params(row, text + 9);
	} else if (strcmp(text, "incomplete") == 0) {
		row->outcome = TABLE_INCOMPLETE;
	} else if (sscanf(text, "%d %n", &row->status, &at) == 1 && at == 4) {
		row->outcome = TABLE_REFUSED;
		row->reason = strdup(text + at);
	} else {
		errx(1, "scgi.table: %s: what is %s?", row->name.bytes, text);
	}
}

/* One line, of the row that was begun last. */
static void
table_line(struct table_row *row, const char *word, const char *text)
{
	if (strcmp(word, "in") == 0)
		row->in = table_text(text);
	else if (strcmp(word, "then") == 0)
		row->then = table_text(text);
	else if (strcmp(word, "out") == 0)
		table_outcome(row, text);
	else if (strcmp(word, "says") != 0)	/* the daemon, not the decoder */
		errx(1, "scgi.table: what is \"%s\"?", word);
}

struct table_row *
table_read(const char *path, size_t *n)
{
	struct table_row *rows = NULL;
	FILE *file = fopen(path, "r");
	char *line = NULL, *text, *word;
	size_t size = 0;

	if (file == NULL)
		err(1, "%s", path);
	for (*n = 0; getline(&line, &size, file) != -1;) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		text = line;
		word = strsep(&text, " ");
		text = text != NULL ? text + strspn(text, " ") : line + strlen(line);
		if (strcmp(word, "row") != 0) {
			table_line(&rows[*n - 1], word, text);
			continue;
		}
		rows = reallocarray(rows, *n + 1, sizeof *rows);
		rows[(*n)++] = (struct table_row){ .name = table_text(text) };
	}
	free(line);
	(void)fclose(file);
	return rows;
}

void
table_free(struct table_row *rows, size_t n)
{
	struct table_row *row;
	size_t i;

	for (row = rows; row < rows + n; row++) {
		free(row->name.bytes);
		free(row->in.bytes);
		free(row->then.bytes);
		free(row->reason);
		for (i = 0; i < 2 * row->n_params; i++)
			free(row->params[i].bytes);
		free(row->params);
	}
	free(rows);
}
