/* SPDX-License-Identifier: ISC */

/*
 * ask: the bytes of one SCGI request.  Order and content follow nginx with
 * its stock scgi_params: CONTENT_LENGTH first, then the parameters, then
 * the header fields, empty values sent.  They are written once for a whole
 * run; nothing here knows of connections.
 */

#include "ask.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void
ask_wire(struct ask *a)
{
	FILE *out;
	char *head;
	size_t i, head_len;

	if ((out = open_memstream(&head, &head_len)) == NULL)
		err(1, "open_memstream");
	for (i = 0; i < a->n_params; i++)
		fprintf(out, "%s%c%s%c", a->params[i].name, '\0',
		    a->params[i].value, '\0');
	if (fclose(out) == EOF)
		err(1, "header block");
	if ((out = open_memstream(&a->wire, &a->wire_len)) == NULL)
		err(1, "open_memstream");
	fprintf(out, "%zu:", head_len);
	fwrite(head, 1, head_len, out);
	fputc(',', out);
	for (i = 0; i < a->body_len; i++)
		fputc(i % 64 == 63 ? '\n' : 'x', out);
	if (fclose(out) == EOF)
		err(1, "request");
	free(head);
}
