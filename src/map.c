/* SPDX-License-Identifier: ISC */
/*
 * map: which mapping and which file does this request mean.
 *
 * The front end's own split of the path is undone and made anew against our
 * mappings (DESIGN 3). SCRIPT_FILENAME from the wire is never looked at.
 * Invariant: script_name and path_info together are the path that came in
 * (RFC 3875 3.2), but for an index file's name.
 */
#include "platform.h"

#include "map.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "path.h"
#include "scgi.h"
#include "settings.h"
#include "walk.h"

static int
map_refuse(struct target *t, int status, const char *why)
{
	t->status = status;
	t->why = why;
	return status;
}

static int
map_no_memory(struct target *t)
{
	return map_refuse(t, 503, "no memory");
}

/* REQUEST_METHOD must be there, and be a token (RFC 3875 4.1.12). */
static const char *
map_check_method(const char *method)
{
	if (method == NULL || *method == '\0')
		return "no REQUEST_METHOD";
	if (strlen(method) > 32 || method[strspn(method,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "!#$%&'*+-.^_`|~")] != '\0')
		return "bad REQUEST_METHOD";
	return NULL;
}

/* DESIGN 3.1: from what the front end sends to one decoded path. */
static int
map_path(struct target *t, const struct scgi *head)
{
	const char *name = scgi_get(head, "SCRIPT_NAME");
	const char *info = scgi_get(head, "PATH_INFO");
	const char *uri = scgi_get(head, "DOCUMENT_URI");
	const char *why;

	name = name != NULL ? name : "";
	info = info != NULL ? info : "";
	if (*name != '\0' || *info != '\0') {
		if (asprintf(&t->path, "%s%s", name, info) == -1)
			t->path = NULL;
	} else if (uri != NULL && *uri != '\0') {
		t->path = strdup(uri);
	} else if ((uri = scgi_get(head, "REQUEST_URI")) != NULL) {
		t->path = malloc(strlen(uri) + 2);
		if (t->path != NULL &&
		    (why = path_decode(uri, t->path)) != NULL) {
			t->path[0] = '\0';
			return map_refuse(t, 400, why);
		}
	} else {
		return map_refuse(t, 400, "no path: the front end sends "
		    "neither SCRIPT_NAME, DOCUMENT_URI nor REQUEST_URI");
	}
	if (t->path == NULL)
		return map_no_memory(t);
	if ((why = path_verify(t->path)) != NULL)
		return map_refuse(t, 400, why);
	return 0;
}

/*
 * The host a request is for: the front end's SERVER_NAME, which the client
 * cannot choose, or else the Host field without its port.
 */
static size_t
map_host(const struct scgi *head, const char **host)
{
	const char *name = scgi_get(head, "SERVER_NAME");

	if (name != NULL && *name != '\0' && strcmp(name, "_") != 0) {
		*host = name;
		return strlen(name);
	}
	if ((name = scgi_get(head, "HTTP_HOST")) == NULL)
		name = "";
	*host = name;
	return name[0] == '[' ? strcspn(name, "]") + 1 : strcspn(name, ":");
}

/* Mappings are sorted: the first that fits is the one. */
static const struct mapping *
map_choose(const struct config *config, const struct scgi *head,
    const char *path)
{
	const struct mapping *map;
	const char *host;
	size_t len = map_host(head, &host);

	for (map = config->maps; map < config->maps + config->n_maps; map++) {
		if (map->host != NULL && (strlen(map->host) != len ||
		    strncasecmp(map->host, host, len) != 0))
			continue;
		if (path_leads(map->prefix, map->prefix_len, path))
			return map;
	}
	return NULL;
}

/* Is the request one that the mapping serves at all? */
static int
map_admit(struct target *t, const struct scgi *head)
{
	const struct settings *set = &t->map->set;
	const char *value;
	bool listed = set->methods.n == 0;
	size_t i;

	for (i = 0; i < set->methods.n; i++)
		if (strcmp(set->methods.v[i], t->method) == 0)
			listed = true;
	if (!listed)
		return map_refuse(t, 405, "method not among the mapping's "
		    "methods");
	if (set->max_body > 0 &&
	    head->content_length > (uint64_t)set->max_body)
		return map_refuse(t, 413, "body larger than max-body");
	for (i = 0; i < set->require.n; i++) {
		value = scgi_get(head, set->require.v[i]);
		if (value == NULL || *value == '\0')
			return map_refuse(t, 403, "a variable that the "
			    "mapping requires is missing or empty");
	}
	return 0;
}

static const char *
map_basename(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash != NULL ? slash + 1 : file;
}

/* The interpreter for a file by its extension, or NULL. */
static const struct handler *
map_handler(const struct settings *set, const char *file)
{
	const char *name = map_basename(file);
	size_t i, len = strlen(name), ext;

	for (i = 0; i < set->handlers.n; i++) {
		ext = strlen(set->handlers.v[i].extension);
		if (len > ext && strcmp(name + len - ext,
		    set->handlers.v[i].extension) == 0)
			return &set->handlers.v[i];
	}
	return NULL;
}

/* `directory`: walk, and look at what was found. */
static int
map_script(struct target *t, const struct handler **handler)
{
	static char *none[] = { NULL };
	const struct mapping *map = t->map;
	const char *rest = t->path + map->prefix_len, *why;
	struct walk walk;
	int status, n;

	status = walk_find(map->directory, rest,
	    map->set.symlinks == SYMLINKS_BENEATH,
	    map->set.index.v != NULL ? map->set.index.v : none, &walk, &why);
	if (status != 0)
		return map_refuse(t, status, why);
	t->file = walk.file;
	t->path_info = walk.index != NULL ? "" : rest + walk.used;
	n = asprintf(&t->script_name, "%.*s%s%s",
	    (int)(map->prefix_len + walk.used), t->path,
	    walk.index != NULL && walk.used > 0 && rest[walk.used - 1] == '/' ?
	    "" : walk.index != NULL ? "/" : "",
	    walk.index != NULL ? walk.index : "");
	if (n == -1) {
		t->script_name = NULL;
		return map_no_memory(t);
	}
	if (!S_ISREG(walk.mode))
		return map_refuse(t, 403, "not a regular file");
	if ((walk.mode & S_IWOTH) != 0)
		return map_refuse(t, 403, "the script is writable by everyone "
		    "(chmod o-w it)");
	*handler = map_handler(&map->set, t->file);
	if (*handler == NULL && (walk.mode & 0111) == 0)
		return map_refuse(t, 403, "the script is not executable "
		    "(chmod +x it)");
	return 0;
}

/* `program`: the rest of the path is its PATH_INFO. */
static int
map_program(struct target *t)
{
	t->path_info = t->path + t->map->prefix_len;
	t->script_name = strndup(t->path, t->map->prefix_len);
	t->file = strdup(t->map->program);
	return t->script_name == NULL || t->file == NULL ? map_no_memory(t) : 0;
}

/* Handler and its arguments, file, arguments of the mapping. */
static int
map_arguments(struct target *t, const struct handler *handler)
{
	const struct strings *before, *after = &t->map->set.arguments;
	static const struct strings none = { NULL, 0 };
	size_t n = 0;

	before = handler != NULL ? &handler->arguments : &none;
	t->argv = calloc(before->n + after->n + 3, sizeof *t->argv);
	if (t->argv == NULL)
		return map_no_memory(t);
	t->exec = t->file;
	if (handler != NULL)
		t->exec = t->argv[n++] = handler->program;
	if (before->n > 0)
		memcpy(t->argv + n, before->v, before->n * sizeof *t->argv);
	n += before->n;
	t->argv[n++] = t->file;
	if (after->n > 0)
		memcpy(t->argv + n, after->v, after->n * sizeof *t->argv);
	return 0;
}

static int
map_directory(struct target *t)
{
	const char *directory = t->map->set.working_directory;
	size_t len = (size_t)(map_basename(t->file) - t->file);

	if (directory != NULL)
		t->directory = strdup(directory);
	else
		t->directory = strndup(t->file, len > 1 ? len - 1 : len);
	return t->directory == NULL ? map_no_memory(t) : 0;
}

int
map_find(struct target *t, const struct config *config,
    const struct scgi *head)
{
	const struct handler *handler = NULL;
	const char *method = scgi_get(head, "REQUEST_METHOD"), *why;

	*t = (struct target){ .path_info = "" };
	if ((why = map_check_method(method)) != NULL)
		return map_refuse(t, 400, why);
	t->method = method;
	if (map_path(t, head) != 0)
		return t->status;
	if ((t->map = map_choose(config, head, t->path)) == NULL)
		return map_refuse(t, 404, "no map for this path");
	if (map_admit(t, head) != 0 ||
	    (t->map->directory != NULL ? map_script(t, &handler) :
	    map_program(t)) != 0 ||
	    map_arguments(t, handler) != 0 || map_directory(t) != 0)
		return t->status;
	t->nph = t->map->set.nph ||
	    strncmp(map_basename(t->file), "nph-", 4) == 0;
	return 0;
}

void
map_free(struct target *t)
{
	free(t->path);
	free(t->script_name);
	free(t->file);
	free(t->argv);
	free(t->directory);
	*t = (struct target){ .map = NULL };
}
