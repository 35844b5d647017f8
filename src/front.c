/* SPDX-License-Identifier: ISC */
/*
 * front: the parameters that a web server makes of an HTTP request.
 *
 * Pure. A server is a table of rows, sent from the first to the last, and a
 * few habits with header fields. A row that has no value is not sent.
 * tests/e2e_request_as.sh compares all of it with the real servers.
 */
#include "platform.h"

#include "front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "normal.h"
#include "params.h"
#include "path.h"
#include "url.h"

enum front_value {
	FRONT_CONSTANT,		/* what the row says */
	FRONT_FIELDS,		/* not one, but all header fields */
	/* what the request says */
	FRONT_CONTENT_TYPE, FRONT_HTTPS, FRONT_METHOD, FRONT_PORT, FRONT_QUERY,
	FRONT_ROOT, FRONT_SCHEME, FRONT_SERVER_NAME, FRONT_TARGET,
	/* what front_values() makes of it */
	FRONT_FILE, FRONT_PATH, FRONT_PATH_INFO, FRONT_PATH_TRANSLATED,
	FRONT_PROXY, FRONT_QUERY_NORMAL, FRONT_SCRIPT_NAME,
	FRONT_TARGET_NORMAL,
	FRONT_N			/* no more rows */
};

struct front_row {
	const char		*name;
	enum front_value	 what;
	const char		*constant;
};

static const struct front_row front_nginx[] = {
	{ "REQUEST_METHOD", FRONT_METHOD, NULL },
	{ "REQUEST_URI", FRONT_TARGET, NULL },
	{ "QUERY_STRING", FRONT_QUERY, NULL },
	{ "CONTENT_TYPE", FRONT_CONTENT_TYPE, "" },
	{ "DOCUMENT_URI", FRONT_PATH, NULL },
	{ "DOCUMENT_ROOT", FRONT_ROOT, NULL },
	{ "SCGI", FRONT_CONSTANT, "1" },
	{ "SERVER_PROTOCOL", FRONT_CONSTANT, "HTTP/1.1" },
	{ "REQUEST_SCHEME", FRONT_SCHEME, NULL },
	{ "HTTPS", FRONT_HTTPS, NULL },
	{ "REMOTE_ADDR", FRONT_CONSTANT, "127.0.0.1" },
	{ "REMOTE_PORT", FRONT_CONSTANT, "40000" },
	{ "SERVER_PORT", FRONT_PORT, NULL },
	{ "SERVER_NAME", FRONT_SERVER_NAME, NULL },
	{ NULL, FRONT_FIELDS, NULL },
	{ NULL, FRONT_N, NULL }
};

static const struct front_row front_apache[] = {
	{ "SCGI", FRONT_CONSTANT, "1" },
	{ "HTTPS", FRONT_HTTPS, NULL },
	{ NULL, FRONT_FIELDS, NULL },
	{ "PATH", FRONT_CONSTANT, "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	    "/usr/bin:/sbin:/bin" },
	{ "SERVER_SIGNATURE", FRONT_CONSTANT, "" },
	{ "SERVER_SOFTWARE", FRONT_CONSTANT, "Apache" },
	{ "SERVER_NAME", FRONT_SERVER_NAME, NULL },
	{ "SERVER_ADDR", FRONT_CONSTANT, "127.0.0.1" },
	{ "SERVER_PORT", FRONT_PORT, NULL },
	{ "REMOTE_ADDR", FRONT_CONSTANT, "127.0.0.1" },
	{ "DOCUMENT_ROOT", FRONT_ROOT, NULL },
	{ "REQUEST_SCHEME", FRONT_SCHEME, NULL },
	{ "CONTEXT_PREFIX", FRONT_CONSTANT, "" },
	{ "CONTEXT_DOCUMENT_ROOT", FRONT_ROOT, NULL },
	{ "SERVER_ADMIN", FRONT_CONSTANT, "[no address given]" },
	{ "SCRIPT_FILENAME", FRONT_PROXY, NULL },
	{ "REMOTE_PORT", FRONT_CONSTANT, "40000" },
	{ "SERVER_PROTOCOL", FRONT_CONSTANT, "HTTP/1.1" },
	{ "REQUEST_METHOD", FRONT_METHOD, NULL },
	{ "QUERY_STRING", FRONT_QUERY, NULL },
	{ "REQUEST_URI", FRONT_TARGET, NULL },
	{ "SCRIPT_NAME", FRONT_PATH, NULL },
	{ NULL, FRONT_N, NULL }
};

static const struct front_row front_lighttpd[] = {
	{ "QUERY_STRING", FRONT_QUERY_NORMAL, NULL },
	{ "REQUEST_URI", FRONT_TARGET, NULL },
	{ "REDIRECT_URI", FRONT_TARGET_NORMAL, NULL },
	{ "REDIRECT_STATUS", FRONT_CONSTANT, "200" },
	{ "SCRIPT_NAME", FRONT_SCRIPT_NAME, NULL },
	{ "PATH_INFO", FRONT_PATH_INFO, NULL },
	{ "PATH_TRANSLATED", FRONT_PATH_TRANSLATED, NULL },
	{ "SCRIPT_FILENAME", FRONT_FILE, NULL },
	{ "DOCUMENT_ROOT", FRONT_ROOT, NULL },
	{ "REQUEST_METHOD", FRONT_METHOD, NULL },
	{ "SERVER_PROTOCOL", FRONT_CONSTANT, "HTTP/1.1" },
	{ "SERVER_SOFTWARE", FRONT_CONSTANT, "lighttpd" },
	{ "GATEWAY_INTERFACE", FRONT_CONSTANT, "CGI/1.1" },
	{ "REQUEST_SCHEME", FRONT_SCHEME, NULL },
	{ "HTTPS", FRONT_HTTPS, NULL },
	{ "SERVER_PORT", FRONT_PORT, NULL },
	{ "SERVER_ADDR", FRONT_CONSTANT, "127.0.0.1" },
	{ "SERVER_NAME", FRONT_SERVER_NAME, NULL },
	{ "REMOTE_ADDR", FRONT_CONSTANT, "127.0.0.1" },
	{ "REMOTE_PORT", FRONT_CONSTANT, "40000" },
	{ NULL, FRONT_FIELDS, NULL },
	{ "SCGI", FRONT_CONSTANT, "1" },
	{ NULL, FRONT_N, NULL }
};

static const struct front {
	const char		*name;
	const struct front_row	*rows;
	const char		*root;
	struct field_habits	 habits;
} fronts[] = {
	[FRONT_NGINX] = { "nginx", front_nginx, "/usr/share/nginx/html",
	    { false, true, true, NULL, NULL, { NULL } } },
	[FRONT_APACHE] = { "apache", front_apache, "/var/www/html",
	    { false, true, false, ", ", ", ",
	    { "HTTP_AUTHORIZATION", "HTTP_CONTENT_LENGTH", "HTTP_PROXY" } } },
	[FRONT_LIGHTTPD] = { "lighttpd", front_lighttpd, "/var/www/html",
	    { true, false, false, "; ", ", ", { "HTTP_PROXY" } } },
};

bool
front_find(const char *name, enum front_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof fronts / sizeof fronts[0]; i++)
		if (strcmp(fronts[i].name, name) == 0) {
			*kind = (enum front_kind)i;
			return true;
		}
	return false;
}

/* Two strings put together; NULL without memory. */
static char *
front_join(const char *a, const char *b)
{
	char *joined;

	return asprintf(&joined, "%s%s", a, b) == -1 ? NULL : joined;
}

/* How much of the path is the script's name: all, or what the request says. */
static const char *
front_split(const struct front_request *r, const char *path, size_t *len)
{
	*len = strlen(path);
	if (r->script_name == NULL)
		return NULL;
	*len = strlen(r->script_name);
	while (*len > 0 && r->script_name[*len - 1] == '/')
		--*len;
	if (!path_leads(r->script_name, *len, path))
		return "the path does not begin with the script name";
	return NULL;
}

/* Is there a "%2F" in the path? */
static bool
front_hides_slash(const char *target)
{
	const char *found = strcasestr(target, "%2f");

	return found != NULL && found < strchrnul(target, '?');
}

/* What is made of the decoded path and must not fail. */
static bool
front_path_values(const struct front_request *r, const char *root, size_t len,
    char *v[FRONT_N])
{
	const char *info = v[FRONT_PATH] + len;
	char *canonical = normal_apache(v[FRONT_PATH]);

	v[FRONT_SCRIPT_NAME] = strndup(v[FRONT_PATH], len);
	if (canonical != NULL)
		v[FRONT_PROXY] = front_join(r->gateway, canonical);
	free(canonical);
	if (v[FRONT_SCRIPT_NAME] != NULL)
		v[FRONT_FILE] = front_join(root,
		    len > 0 ? v[FRONT_SCRIPT_NAME] : "/");
	if (*info != '\0') {
		v[FRONT_PATH_INFO] = strdup(info);
		v[FRONT_PATH_TRANSLATED] = front_join(root, info);
		if (v[FRONT_PATH_INFO] == NULL ||
		    v[FRONT_PATH_TRANSLATED] == NULL)
			return false;
	}
	return v[FRONT_FILE] != NULL && v[FRONT_PROXY] != NULL;
}

/* Likewise, of the target as it came. */
static bool
front_target_values(const struct front_request *r, char *v[FRONT_N])
{
	char *target = normal_target(r->url->target);

	v[FRONT_QUERY_NORMAL] = normal_query(r->url->query);
	if (target == NULL || v[FRONT_QUERY_NORMAL] == NULL) {
		free(target);
		return false;
	}
	if (strcmp(target, r->url->target) != 0)
		v[FRONT_TARGET_NORMAL] = target;
	else
		free(target);
	return true;
}

/* Work out the values that are made of others. */
static const char *
front_values(const struct front_request *r, const char *root, char *v[FRONT_N])
{
	enum cause cause;
	const char *why;
	size_t len;

	if ((v[FRONT_PATH] = malloc(strlen(r->url->target) + 2)) == NULL)
		return "no memory for the parameters";
	if ((cause = path_decode(r->url->target, v[FRONT_PATH])) != CAUSE_NONE)
		return cause_phrase(cause);
	if ((why = front_split(r, v[FRONT_PATH], &len)) != NULL)
		return why;
	if (r->kind == FRONT_APACHE && front_hides_slash(r->url->target))
		return "Apache itself answers 404 to an encoded slash";
	if (!front_path_values(r, root, len, v) || !front_target_values(r, v))
		return "no memory for the parameters";
	return NULL;
}

/* The value of a row, or NULL: it is not sent. */
static const char *
front_value(const struct front_request *r, const struct front_row *row,
    const char *root, char *const made[FRONT_N])
{
	const char *type;

	switch (row->what) {
	case FRONT_CONSTANT:
		return row->constant;
	case FRONT_CONTENT_TYPE:
		type = field_get(r->fields, "Content-Type");
		return type != NULL ? type : "";
	case FRONT_HTTPS:
		return r->url->https ? "on" : NULL;
	case FRONT_METHOD:
		return r->method;
	case FRONT_PORT:
		return r->url->port;
	case FRONT_QUERY:
		return r->url->query;
	case FRONT_ROOT:
		return root;
	case FRONT_SCHEME:
		return r->url->https ? "https" : "http";
	case FRONT_SERVER_NAME:
		return r->url->host;
	case FRONT_TARGET:
		return r->url->target;
	default:
		return made[row->what];
	}
}

const char *
front_params(const struct front_request *r, struct params *out)
{
	const struct front *front = &fronts[r->kind];
	const char *root, *value, *why;
	const struct front_row *row;
	char *made[FRONT_N] = { NULL };
	size_t i;

	root = r->document_root != NULL ? r->document_root : front->root;
	if ((why = front_values(r, root, made)) == NULL)
		for (row = front->rows; row->what != FRONT_N; row++) {
			value = front_value(r, row, root, made);
			if (row->what == FRONT_FIELDS)
				field_params(r->fields, &front->habits, out);
			else if (value != NULL)
				params_add(out, row->name, value);
		}
	for (i = 0; i < FRONT_N; i++)
		free(made[i]);
	if (why == NULL && out->no_memory)
		return "no memory for the parameters";
	return why;
}
