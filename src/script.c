/* SPDX-License-Identifier: ISC */
/*
 * script: the file that a path means in a mapping, and where it splits the path.
 *
 * Below a directory, the path itself leads to the file. Where a mapping lists
 * directories for it, the front end names the file in SCRIPT_FILENAME, as it
 * does for FastCGI. Must never give a file that is not below one of them.
 * Invariant: name and path_info together are the path, but for an index file's
 * name.
 */
#include "platform.h"

#include "script.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "path.h"
#include "scgi.h"
#include "settings.h"
#include "walk.h"

/* Follow `rest` below a directory, by the rules of the mapping. */
static enum cause
script_walk(const struct mapping *map, const char *root, const char *rest,
    struct walk *walk)
{
	static char *none[] = { NULL };

	return walk_find(root, rest, map->set.symlinks == SYMLINKS_BENEATH,
	    map->set.index.v != NULL ? map->set.index.v : none, walk);
}

/* The name is so much of the path, and that of an index file. */
static enum cause
script_name(struct script *s, const char *path, size_t len, const char *index)
{
	size_t index_len = index != NULL ? strlen(index) : 0;
	char *to;

	if ((s->name = malloc(len + index_len + 2)) == NULL)
		return CAUSE_MEMORY;
	to = mempcpy(s->name, path, len);
	if (index != NULL) {
		if (len == 0 || path[len - 1] != '/')
			*to++ = '/';
		to = mempcpy(to, index, index_len);
	}
	*to = '\0';
	return CAUSE_NONE;
}

/* `directory`: the path leads there. */
static enum cause
script_below(struct script *s, const struct mapping *map, const char *path)
{
	const char *rest = path + map->prefix_len;
	struct walk walk;
	enum cause cause;

	cause = script_walk(map, map->directory, rest, &walk);
	if (cause != CAUSE_NONE)
		return cause;
	s->file = walk.file;
	s->mode = walk.mode;
	s->path_info = walk.index != NULL ? "" : rest + walk.used;
	return script_name(s, path, map->prefix_len + walk.used, walk.index);
}

/* What follows the longest of the directories that leads the file, or NULL. */
static const char *
script_root(const struct strings *roots, const char *file, const char **root)
{
	const char *rest = NULL;
	size_t i, len;

	for (i = 0; i < roots->n; i++) {
		len = strlen(roots->v[i]);
		while (len > 0 && roots->v[i][len - 1] == '/')
			len--;
		if (path_leads(roots->v[i], len, file) &&
		    (rest == NULL || file + len > rest)) {
			rest = file + len;
			*root = roots->v[i];
		}
	}
	return rest;
}

/* Where `end`, which begins with a slash, ends the path; NULL if it does not. */
static const char *
script_end(const char *path, const char *end)
{
	size_t len = strlen(path), end_len = strlen(end);

	if (*end != '/' || end_len > len ||
	    strcmp(path + len - end_len, end) != 0)
		return NULL;
	return path + len - end_len;
}

/*
 * `script-filename`: the front end names the file. What it names behind the
 * file must be the end of the path, too, and is PATH_INFO; if there is no such
 * thing, the front end's own PATH_INFO is.
 */
static enum cause
script_named(struct script *s, const struct mapping *map,
    const struct scgi *head, const char *path)
{
	const char *file = scgi_get(head, NAME_SCRIPT_FILENAME);
	const char *info = scgi_get(head, NAME_PATH_INFO), *rest, *root = NULL;
	struct walk walk;
	enum cause cause;

	if (file == NULL || *file != '/')
		return CAUSE_NO_SCRIPT_FILENAME;
	if ((cause = path_verify(file)) != CAUSE_NONE)
		return cause;
	if ((rest = script_root(&map->script_filename, file, &root)) == NULL) {
		s->file = strdup(file);		/* for the log */
		return CAUSE_OUTSIDE;
	}
	if ((cause = script_walk(map, root, rest, &walk)) != CAUSE_NONE)
		return cause;
	s->file = walk.file;
	s->mode = walk.mode;
	rest += walk.used;
	if (walk.index == NULL && *rest != '\0') {
		if ((s->path_info = script_end(path, rest)) == NULL)
			return CAUSE_NO_SCRIPT;
	} else if (info == NULL ||
	    (s->path_info = script_end(path, info)) == NULL) {
		s->path_info = path + strlen(path);
	}
	return script_name(s, path, (size_t)(s->path_info - path), walk.index);
}

enum cause
script_find(struct script *s, const struct mapping *map,
    const struct scgi *head, const char *path)
{
	enum cause cause;

	*s = (struct script){ .path_info = "" };
	cause = map->directory != NULL ? script_below(s, map, path) :
	    script_named(s, map, head, path);
	if (s->path_info == NULL)
		s->path_info = "";
	return cause;
}
