/* SPDX-License-Identifier: ISC */
/*
 * map: which mapping and which file does this request mean.
 *
 * The front end's own split of the path is undone and made anew against our
 * mappings (DESIGN 3).
 * Invariant: script_name and path_info together are the path that came in
 * (RFC 3875 3.2), but for an index file's name.
 */
#include "platform.h"

#include "map.h"

#include <sys/stat.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "env.h"
#include "path.h"
#include "query.h"
#include "scgi.h"
#include "script.h"
#include "settings.h"
#include "token.h"

/* REQUEST_METHOD must be there, and be a token (RFC 3875 4.1.12). */
static enum cause
map_check_method(const char *method)
{
	size_t len = method != NULL ? strlen(method) : 0;

	if (len == 0)
		return CAUSE_NO_METHOD;
	return len <= 32 && token_is(method, len) ? CAUSE_NONE :
	    CAUSE_BAD_METHOD;
}

/* Two pieces of text as one; NULL without memory. */
static char *
map_join(const char *a, size_t a_len, const char *b, size_t b_len)
{
	char *text = malloc(a_len + b_len + 1);

	if (text != NULL)
		*(char *)mempcpy(mempcpy(text, a, a_len), b, b_len) = '\0';
	return text;
}

/* DESIGN 3.1: from what the front end sends to one decoded path. */
static enum cause
map_path(struct target *t, const struct scgi *head)
{
	const char *name = scgi_get(head, NAME_SCRIPT_NAME);
	const char *info = scgi_get(head, NAME_PATH_INFO);
	const char *uri = scgi_get(head, NAME_DOCUMENT_URI);
	enum cause cause;

	name = name != NULL ? name : "";
	info = info != NULL ? info : "";
	if (*name != '\0' || *info != '\0') {
		t->path = map_join(name, strlen(name), info, strlen(info));
	} else if (uri != NULL && *uri != '\0') {
		t->path = strdup(uri);
	} else if ((uri = scgi_get(head, NAME_REQUEST_URI)) != NULL) {
		t->path = malloc(strlen(uri) + 2);
		if (t->path != NULL &&
		    (cause = path_decode(uri, t->path)) != CAUSE_NONE) {
			t->path[0] = '\0';
			return cause;
		}
	} else {
		return CAUSE_NO_PATH;
	}
	if (t->path == NULL)
		return CAUSE_MEMORY;
	return path_verify(t->path);
}

/*
 * The host a request is for: the front end's SERVER_NAME, which the client
 * cannot choose, or else the Host field without its port.
 */
static size_t
map_host(const struct scgi *head, const char **host)
{
	const char *name = scgi_get(head, NAME_SERVER_NAME);

	if (name != NULL && *name != '\0' && strcmp(name, "_") != 0) {
		*host = name;
		return strlen(name);
	}
	if ((name = scgi_get(head, NAME_HTTP_HOST)) == NULL)
		name = "";
	*host = name;
	return env_host_len(name);
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

/*
 * The mapping is that of the path's plain spelling, so that what it demands
 * cannot be evaded by another one. If that matters, the plain path is taken;
 * if not, slashes and dots may be meant for the program.
 */
static enum cause
map_choose_plain(struct target *t, const struct config *config,
    const struct scgi *head)
{
	char *plain;

	if (path_is_plain(t->path)) {
		t->map = map_choose(config, head, t->path);
		return t->map != NULL ? CAUSE_NONE : CAUSE_NO_MAP;
	}
	if ((plain = malloc(strlen(t->path) + 1)) == NULL)
		return CAUSE_MEMORY;
	path_plain(t->path, plain);
	t->map = map_choose(config, head, plain);
	if (t->map == map_choose(config, head, t->path)) {
		free(plain);
	} else {
		free(t->path);
		t->path = plain;
	}
	return t->map != NULL ? CAUSE_NONE : CAUSE_NO_MAP;
}

/*
 * body-length = client: where nginx before 1.29.6 does not collect bodies, its
 * CONTENT_LENGTH is what it has at that moment, and the client's own field,
 * which it has checked, is what will come. A GET or HEAD may be nginx's own,
 * with the fields of the request that it comes from, but without its body.
 */
static void
map_length(const struct target *t, struct scgi *head)
{
	const char *value = scgi_get(head, NAME_HTTP_CONTENT_LENGTH);
	uint64_t length;

	if (t->map->set.body_length == BODY_LENGTH_CLIENT && value != NULL &&
	    !t->bodyless && scgi_read_length(value, &length) == CAUSE_NONE &&
	    length > head->content_length)
		head->content_length = length;
}

/* Is the request one that the mapping serves at all? */
static enum cause
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
		return CAUSE_METHOD;
	if (set->max_body > 0 &&
	    head->content_length > (uint64_t)set->max_body)
		return CAUSE_BODY_TOO_LARGE;
	for (i = 0; i < set->require.n; i++) {
		value = scgi_find(head, set->require.v[i]);
		if (value == NULL || *value == '\0')
			return CAUSE_REQUIRE;
	}
	return CAUSE_NONE;
}

static const char *
map_basename(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash != NULL ? slash + 1 : file;
}

const struct handler *
map_handler(const struct settings *set, const char *file)
{
	const char *name;
	size_t i, len, ext;

	if (set->handlers.n == 0)
		return NULL;
	name = map_basename(file);
	len = strlen(name);
	for (i = 0; i < set->handlers.n; i++) {
		ext = strlen(set->handlers.v[i].extension);
		if (len > ext && strcmp(name + len - ext,
		    set->handlers.v[i].extension) == 0)
			return &set->handlers.v[i];
	}
	return NULL;
}

/* A file below a directory: find it, and see if it may be run. */
static enum cause
map_script(struct target *t, const struct scgi *head,
    const struct handler **handler)
{
	struct script script;
	enum cause cause;

	cause = script_find(&script, t->map, head, t->path);
	t->file = script.file;
	t->script_name = script.name;
	t->path_info = script.path_info;
	if (cause != CAUSE_NONE)
		return cause;
	if (!S_ISREG(script.mode))
		return CAUSE_NOT_A_FILE;
	if ((script.mode & S_IWOTH) != 0)
		return CAUSE_WORLD_WRITABLE;
	t->setid = (script.mode & (S_ISUID | S_ISGID)) != 0;
	*handler = map_handler(&t->map->set, t->file);
	if (*handler == NULL && (script.mode & 0111) == 0)
		return CAUSE_NOT_EXECUTABLE;
	return CAUSE_NONE;
}

/* `program`: the rest of the path is its PATH_INFO. */
static enum cause
map_program(struct target *t)
{
	t->path_info = t->path + t->map->prefix_len;
	t->script_name = strndup(t->path, t->map->prefix_len);
	t->file = strdup(t->map->program);
	return t->script_name == NULL || t->file == NULL ? CAUSE_MEMORY : CAUSE_NONE;
}

/*
 * The words of an indexed query, where the mapping wants them (RFC 3875 4.4).
 * An interpreter gets none: it might take them for files of its own.
 */
static const char *
map_query(const struct target *t, const struct handler *handler,
    const struct scgi *head)
{
	if (!t->map->set.indexed_query || handler != NULL ||
	    query_is_for_interpreter(t->file) || !t->bodyless)
		return "";
	return env_query(head);
}

/* Handler and its arguments, file, arguments of the mapping, query. */
static enum cause
map_arguments(struct target *t, const struct handler *handler,
    const struct scgi *head)
{
	const struct strings *before, *after = &t->map->set.arguments;
	static const struct strings none = { NULL, 0 };
	const char *query = map_query(t, handler, head);
	size_t n = 0;

	before = handler != NULL ? &handler->arguments : &none;
	t->argv = malloc((before->n + after->n + 3 + QUERY_WORDS(query)) *
	    sizeof *t->argv);
	if (t->argv == NULL || (*query != '\0' &&
	    (t->words = malloc(QUERY_ROOM(query))) == NULL))
		return CAUSE_MEMORY;
	t->exec = t->file;
	if (handler != NULL)
		t->exec = t->argv[n++] = handler->program;
	if (before->n > 0)
		memcpy(t->argv + n, before->v, before->n * sizeof *t->argv);
	n += before->n;
	t->argv[n++] = t->file;
	if (after->n > 0)
		memcpy(t->argv + n, after->v, after->n * sizeof *t->argv);
	n += after->n;
	t->argc = n;
	if (t->words != NULL)
		t->argc += query_split(query, t->words, t->argv + n);
	t->argv[t->argc] = NULL;
	return CAUSE_NONE;
}

/* What the names of the file and of its directory say. */
static enum cause
map_names(struct target *t)
{
	const char *directory = t->map->set.working_directory;
	const char *name = map_basename(t->file);
	size_t len = (size_t)(name - t->file);

	t->nph = t->map->set.nph || strncmp(name, "nph-", 4) == 0;
	if (directory != NULL)
		t->directory = strdup(directory);
	else
		t->directory = map_join(t->file, len > 1 ? len - 1 : len, "", 0);
	return t->directory == NULL ? CAUSE_MEMORY : CAUSE_NONE;
}

enum cause
map_find(struct target *t, const struct config *config, struct scgi *head)
{
	const struct handler *handler = NULL;
	const char *method = scgi_get(head, NAME_REQUEST_METHOD);
	enum cause cause;

	*t = (struct target){ .path_info = "" };
	if ((cause = map_check_method(method)) != CAUSE_NONE)
		return cause;
	t->method = method;
	t->bodyless = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	if ((cause = map_path(t, head)) != CAUSE_NONE)
		return cause;
	if ((cause = map_choose_plain(t, config, head)) != CAUSE_NONE)
		return cause;
	map_length(t, head);
	if ((cause = map_admit(t, head)) != CAUSE_NONE)
		return cause;
	cause = t->map->program != NULL ? map_program(t) :
	    map_script(t, head, &handler);
	if (cause == CAUSE_NONE)
		cause = map_arguments(t, handler, head);
	return cause == CAUSE_NONE ? map_names(t) : cause;
}

void
map_free(struct target *t)
{
	free(t->path);
	free(t->script_name);
	free(t->file);
	free(t->argv);
	free(t->words);
	free(t->directory);
	*t = (struct target){ .map = NULL };
}
