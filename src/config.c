/* SPDX-License-Identifier: ISC */
/*
 * config: the settings, one immutable structure.
 *
 * Made of a file in which nothing was found wrong. Invariant: a struct config
 * that is seen outside of this file is complete and does not change.
 */
#include "platform.h"

#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "option.h"
#include "schema.h"

/* Does the file say something of this option, be it an empty list? */
static bool
config_is_set(cfg_opt_t *opt)
{
	return cfg_opt_size(opt) > 0 || (opt->flags & CFGF_MODIFIED) != 0;
}

/* Store all values of an option, or its default. */
static int
config_store(const struct option_row *row, cfg_opt_t *opt, void *base)
{
	unsigned i, n = cfg_opt_size(opt);

	for (i = 0; i < n; i++)
		if (option_store(row, cfg_opt_getnstr(opt, i), base) == -1)
			return -1;
	if (!config_is_set(opt) && row->initial != NULL)
		return option_store(row, row->initial, base);
	return 0;
}

/* All options of a place, from one section, else from another, else defaults. */
static int
config_fill(enum option_place place, cfg_t *cfg, cfg_t *otherwise, void *base)
{
	cfg_opt_t *opt;
	size_t i;

	for (i = 0; i < option_count; i++) {
		if (option_table[i].place != place)
			continue;
		opt = cfg_getopt(cfg, option_table[i].name);
		if (otherwise != NULL && !config_is_set(opt))
			opt = cfg_getopt(otherwise, option_table[i].name);
		if (config_store(&option_table[i], opt, base) == -1)
			return -1;
	}
	return 0;
}

/* The handlers of a section, behind those already there. */
static int
config_fill_handlers(cfg_t *cfg, struct handlers *handlers)
{
	unsigned i, n = cfg_size(cfg, "handler");
	struct handler *v;
	cfg_t *sec;

	v = reallocarray(handlers->v, handlers->n + n + 1, sizeof *v);
	if (v == NULL)
		return -1;
	handlers->v = v;
	for (i = 0; i < n; i++) {
		sec = cfg_getnsec(cfg, "handler", i);
		v[handlers->n] = (struct handler){ .program = NULL };
		v[handlers->n].extension = strdup(cfg_title(sec));
		if (v[handlers->n++].extension == NULL ||
		    config_fill(OPTION_HANDLER, sec, NULL,
		    &v[handlers->n - 1]) == -1)
			return -1;
	}
	return 0;
}

static int
config_fill_settings(cfg_t *cfg, cfg_t *otherwise, struct settings *set)
{
	if (config_fill(OPTION_SETTING, cfg, otherwise, set) == -1 ||
	    config_fill_handlers(cfg, &set->handlers) == -1 ||
	    (otherwise != NULL &&
	    config_fill_handlers(otherwise, &set->handlers) == -1))
		return -1;
	return 0;
}

static int
config_fill_map(cfg_t *sec, cfg_t *top, struct mapping *map)
{
	const char *title = cfg_title(sec);

	map->line = sec->line;
	map->prefix_len = schema_prefix_len(title);
	if ((map->title = strdup(title)) == NULL ||
	    (map->prefix = strndup(title, map->prefix_len)) == NULL)
		return -1;
	if (config_fill(OPTION_MAP, sec, NULL, map) == -1)
		return -1;
	return config_fill_settings(sec, top, &map->set);
}

/* Longest prefix first; of equal ones, those with a host first. */
static int
config_compare(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	if (x->prefix_len != y->prefix_len)
		return x->prefix_len < y->prefix_len ? 1 : -1;
	return (x->host == NULL) - (y->host == NULL);
}

/* Everything was found right: make the structure. */
static struct config *
config_make(cfg_t *cfg)
{
	struct config *config = calloc(1, sizeof *config);
	unsigned i, n = cfg_size(cfg, "map");

	if (config == NULL)
		return NULL;
	if ((config->maps = calloc(n + 1, sizeof *config->maps)) == NULL ||
	    config_fill(OPTION_GLOBAL, cfg, NULL, config) == -1 ||
	    config_fill_settings(cfg, NULL, &config->defaults) == -1)
		goto fail;
	assert(config->log != NULL);	/* it has a default */
	if (config->access_log == NULL &&
	    (config->access_log = strdup(config->log)) == NULL)
		goto fail;
	for (i = 0; i < n; i++) {
		config->n_maps++;
		if (config_fill_map(cfg_getnsec(cfg, "map", i), cfg,
		    &config->maps[i]) == -1)
			goto fail;
	}
	qsort(config->maps, n, sizeof *config->maps, config_compare);
	return config;
fail:
	config_free(config);
	return NULL;
}

struct config *
config_read(const char *path)
{
	cfg_t *cfg = schema_parse(path);
	struct config *config = NULL;

	if (cfg != NULL && (config = config_make(cfg)) == NULL)
		log_error("%s", path);
	schema_free(cfg);
	return config;
}

/* Free the options of one place. */
static void
config_clear(enum option_place place, void *base)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_table[i].place == place)
			option_free(&option_table[i], base);
}

static void
config_clear_settings(struct settings *set)
{
	size_t i;

	for (i = 0; i < set->handlers.n; i++) {
		free(set->handlers.v[i].extension);
		config_clear(OPTION_HANDLER, &set->handlers.v[i]);
	}
	free(set->handlers.v);
	config_clear(OPTION_SETTING, set);
}

int64_t
config_longest_grace(const struct config *config)
{
	int64_t longest = 0;
	size_t i;

	for (i = 0; i < config->n_maps; i++)
		if (config->maps[i].set.kill_grace > longest)
			longest = config->maps[i].set.kill_grace;
	return longest;
}

void
config_free(struct config *config)
{
	size_t i;

	if (config == NULL)
		return;
	for (i = 0; i < config->n_maps; i++) {
		free(config->maps[i].title);
		free(config->maps[i].prefix);
		config_clear(OPTION_MAP, &config->maps[i]);
		config_clear_settings(&config->maps[i].set);
	}
	free(config->maps);
	config_clear_settings(&config->defaults);
	config_clear(OPTION_GLOBAL, config);
	free(config);
}
