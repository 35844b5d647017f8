/* SPDX-License-Identifier: ISC */

/*
 * ask: the bytes of one request.  Order and content follow nginx with its
 * stock scgi_params: CONTENT_LENGTH first, then the parameters, then the header
 * fields, empty values sent.  They are written once for a whole run; nothing
 * here knows of connections.
 */

#include "ask.h"

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* Types of FastCGI records, and the most that one of ours has in it. */
enum {
	ASK_BEGIN_REQUEST = 1,
	ASK_PARAMS_RECORD = 4,
	ASK_STDIN = 5,
	ASK_RECORD = 32768
};

static const char *ask_param(struct ask *, const char *, const char *);

/* What depends on neither the path nor the body. */
static const struct param ask_fixed[] = {
	{ "DOCUMENT_ROOT",		"/usr/share/nginx/html" },
	{ "SCGI",			"1" },
	{ "SERVER_PROTOCOL",		"HTTP/1.1" },
	{ "REQUEST_SCHEME",		"http" },
	{ "REMOTE_ADDR",		"127.0.0.1" },
	{ "REMOTE_PORT",		"36576" },
	{ "SERVER_PORT",		"80" },
	{ "SERVER_NAME",		"www.example.org" },
	{ "HTTP_HOST",			"www.example.org" },
	{ "HTTP_USER_AGENT",		"Mozilla/5.0 (X11; Linux) load/1" },
	{ "HTTP_ACCEPT",		"text/html,application/xhtml+xml,*/*" },
	{ "HTTP_ACCEPT_LANGUAGE",	"en-GB,en;q=0.5" },
	{ "HTTP_ACCEPT_ENCODING",	"gzip, deflate" },
	{ "HTTP_COOKIE",		"session=0123456789abcdef" },
};

void
ask_stock(struct ask *a, char *path)
{
	static char length[24];
	const char *type = a->body_len > 0 ? "application/octet-stream" : "";
	char *uri, *query;
	size_t i;

	if ((uri = strdup(path)) == NULL)
		err(1, "strdup");
	if ((query = strchr(path, '?')) != NULL)
		*query++ = '\0';
	snprintf(length, sizeof length, "%zu", a->body_len);
	ask_param(a, "CONTENT_LENGTH", length);
	ask_param(a, "REQUEST_METHOD", a->body_len > 0 ? "POST" : "GET");
	ask_param(a, "REQUEST_URI", uri);
	ask_param(a, "QUERY_STRING", query != NULL ? query : "");
	ask_param(a, "CONTENT_TYPE", type);
	ask_param(a, "DOCUMENT_URI", path);
	for (i = 0; i < sizeof ask_fixed / sizeof ask_fixed[0]; i++)
		ask_param(a, ask_fixed[i].name, ask_fixed[i].value);
	if (a->body_len > 0) {
		ask_param(a, "HTTP_CONTENT_LENGTH", length);
		ask_param(a, "HTTP_CONTENT_TYPE", type);
	}
}

const char *
ask_extra(struct ask *a, char *text)
{
	char *equals;

	if ((equals = strchr(text, '=')) == NULL || equals == text)
		return "needs name=value";
	if (strncmp(text, "CONTENT_LENGTH=", 15) == 0)
		return "the length is that of the body";
	*equals = '\0';
	return ask_param(a, text, equals + 1);
}

/* Add a parameter at the end, or replace the value of a known one. */
static const char *
ask_param(struct ask *a, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < a->n_params; i++)
		if (strcmp(a->params[i].name, name) == 0)
			break;
	if (i == ASK_PARAMS)
		return "too many parameters";
	if (i == a->n_params)
		a->n_params++;
	a->params[i] = (struct param){ .name = name, .value = value };
	return NULL;
}

/* The byte of the body at this place. */
static char
ask_body(size_t at)
{
	return at % 64 == 63 ? '\n' : 'x';
}

static void
ask_scgi(const struct ask *a, FILE *out)
{
	size_t i, len = 0;

	for (i = 0; i < a->n_params; i++)
		len += strlen(a->params[i].name) + strlen(a->params[i].value) +
		    2;
	fprintf(out, "%zu:", len);
	for (i = 0; i < a->n_params; i++)
		fprintf(out, "%s%c%s%c", a->params[i].name, '\0',
		    a->params[i].value, '\0');
	fputc(',', out);
}

/* A length in a FastCGI parameter. */
static void
ask_length(FILE *out, size_t len)
{
	if (len > 127) {
		fputc((int)(len >> 24 | 0x80), out);
		fputc((int)(len >> 16 & 0xff), out);
		fputc((int)(len >> 8 & 0xff), out);
	}
	fputc((int)(len & 0xff), out);
}

/* A stream of FastCGI: its records, and the empty one that ends it. */
static void
ask_stream(FILE *out, int type, const char *content, size_t len)
{
	char room[FRAME_HEADER + ASK_RECORD];
	size_t n;

	do {
		n = len < ASK_RECORD ? len : ASK_RECORD;
		fwrite(room, 1, frame_write(room, type, content, n), out);
		content += n;
		len -= n;
	} while (n > 0);
}

static void
ask_fastcgi(const struct ask *a, FILE *out)
{
	static const char responder[8] = { 0, 1 };
	char room[FRAME_HEADER + sizeof responder], *params;
	size_t i, len;
	FILE *list;

	fwrite(room, 1, frame_write(room, ASK_BEGIN_REQUEST, responder,
	    sizeof responder), out);
	if ((list = open_memstream(&params, &len)) == NULL)
		err(1, "open_memstream");
	for (i = 0; i < a->n_params; i++) {
		ask_length(list, strlen(a->params[i].name));
		ask_length(list, strlen(a->params[i].value));
		fprintf(list, "%s%s", a->params[i].name, a->params[i].value);
	}
	if (fclose(list) == EOF)
		err(1, "parameters");
	ask_stream(out, ASK_PARAMS_RECORD, params, len);
	free(params);
}

/* HTTP_ACCEPT_LANGUAGE is a field named Accept-Language. */
static void
ask_field(FILE *out, const char *name, const char *value)
{
	int first = 1;

	for (; *name != '\0'; name++) {
		fputc(*name == '_' ? '-' : first ? *name :
		    tolower((unsigned char)*name), out);
		first = *name == '_';
	}
	fprintf(out, ": %s\r\n", value);
}

static void
ask_http(const struct ask *a, FILE *out)
{
	const char *method = "GET", *target = "/";
	size_t i;

	for (i = 0; i < a->n_params; i++)
		if (strcmp(a->params[i].name, "REQUEST_METHOD") == 0)
			method = a->params[i].value;
		else if (strcmp(a->params[i].name, "REQUEST_URI") == 0)
			target = a->params[i].value;
	fprintf(out, "%s %s HTTP/1.0\r\n", method, target);
	for (i = 0; i < a->n_params; i++)
		if (strncmp(a->params[i].name, "HTTP_", 5) == 0)
			ask_field(out, a->params[i].name + 5,
			    a->params[i].value);
	fputs("\r\n", out);
}

void
ask_wire(struct ask *a)
{
	char piece[ASK_RECORD];
	size_t i, left, n;
	FILE *out;

	if ((out = open_memstream(&a->wire, &a->wire_len)) == NULL)
		err(1, "open_memstream");
	if (a->protocol == ASK_SCGI)
		ask_scgi(a, out);
	else if (a->protocol == ASK_FASTCGI)
		ask_fastcgi(a, out);
	else
		ask_http(a, out);
	/* A piece is as long as the lines of the body, many times. */
	for (i = 0; i < sizeof piece; i++)
		piece[i] = ask_body(i);
	for (left = a->body_len; left > 0; left -= n) {
		n = left < sizeof piece ? left : sizeof piece;
		if (a->protocol != ASK_FASTCGI)
			fwrite(piece, 1, n, out);
		else {
			char room[FRAME_HEADER + ASK_RECORD];

			fwrite(room, 1, frame_write(room, ASK_STDIN, piece, n),
			    out);
		}
	}
	if (a->protocol == ASK_FASTCGI)
		ask_stream(out, ASK_STDIN, "", 0);
	if (fclose(out) == EOF)
		err(1, "request");
}
