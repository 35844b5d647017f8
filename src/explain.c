/* SPDX-License-Identifier: ISC */
/*
 * explain: what would become of a request, said in advance.
 *
 * The request goes through the same functions as a real one, from the bytes
 * that nginx would send up to the environment. Nothing is run.
 */
#include "platform.h"

#include "explain.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "encode.h"
#include "env.h"
#include "front.h"
#include "inspect.h"
#include "launch.h"
#include "log.h"
#include "map.h"
#include "option.h"
#include "params.h"
#include "reply.h"
#include "scgi.h"
#include "settings.h"
#include "units.h"
#include "url.h"

#define EXPLAIN_LINE	"%-18s %s\n"

/* "NAME=value" as a parameter; of CONTENT_LENGTH, only the number is kept. */
static const char *
explain_add(struct params *params, const char *text, int64_t *length)
{
	const char *equals = strchr(text, '=');
	char *name;

	if (equals == NULL || equals == text)
		return "not of the form NAME=value";
	if ((name = strndup(text, (size_t)(equals - text))) == NULL)
		return "no memory";
	if (strcmp(name, "CONTENT_LENGTH") == 0) {
		free(name);
		return units_number(equals + 1, length);
	}
	params_set(params, name, equals + 1);
	free(name);
	return params->no_memory ? "no memory" : NULL;
}

/* A list of parameters to the request that the daemon would see. */
static const char *
explain_decode(const struct params *params, int64_t length,
    const struct config *config, struct scgi *head)
{
	struct encode_param *list = calloc(params->n + 1, sizeof *list);
	const char *why = "no memory";
	size_t i, len = 0, bad, used;
	char *bytes = NULL;

	scgi_init(head, (size_t)config->max_header, (size_t)config->max_field);
	for (i = 0; list != NULL && i < params->n; i++)
		list[i] = (struct encode_param){ params->list[i].name,
		    strlen(params->list[i].name), params->list[i].value,
		    strlen(params->list[i].value) };
	if (list != NULL)
		why = encode_head(&(struct encode_list){ list, params->n },
		    (uint64_t)length, (size_t)config->max_header, &bytes, &len,
		    &bad);
	if (why == NULL && scgi_push(head, bytes, len, &used) != SCGI_DONE)
		why = cause_phrase(head->cause);
	free(bytes);
	free(list);
	return why;
}

/* The question to a request head; a phrase if it cannot be asked. */
static const char *
explain_ask(const struct config *config, const char *request,
    char *const *extra, struct scgi *head, const char **offender)
{
	const char *target = strchr(request, ' '), *why;
	struct front_request ask = { .kind = FRONT_NGINX };
	struct params params = { .n = 0 }, fields = { .n = 0 };
	struct url url;
	char *method = NULL;
	int64_t length = 0;

	*offender = request;
	target = target != NULL ? target + strspn(target, " ") : request;
	if ((why = url_parse(target, &url)) != NULL)
		return why;
	method = target == request ? strdup("GET") :
	    strndup(request, strcspn(request, " "));
	ask.method = method;
	ask.url = &url;
	ask.fields = &fields;
	params_add(&fields, "Host", url.authority);
	why = method == NULL ? "no memory" : front_params(&ask, &params);
	for (; why == NULL && *extra != NULL; extra++) {
		*offender = *extra;
		why = explain_add(&params, *extra, &length);
	}
	if (why == NULL)
		why = explain_decode(&params, length, config, head);
	params_free(&params);
	params_free(&fields);
	url_free(&url);
	free(method);
	return why;
}

static void
explain_map(const struct mapping *map, const char *path)
{
	(void)printf("%-18s \"%s\"%s%s (%s:%d)\n", "mapping", map->title,
	    map->host != NULL ? " of host " : "",
	    map->host != NULL ? map->host : "", path, map->line);
}

/* Why not, in detail: what the phrase alone does not say. */
static void
explain_details(const struct config *config, const struct target *t,
    const struct scgi *head, enum cause cause)
{
	const struct mapping *map = t->map;
	const char *value;
	size_t i;

	if (cause == CAUSE_NO_MAP)
		for (i = 0; i < config->n_maps; i++)
			(void)printf("%-18s \"%s\"%s%s\n", "there is",
			    config->maps[i].title,
			    config->maps[i].host != NULL ? " of host " : "",
			    config->maps[i].host != NULL ?
			    config->maps[i].host : "");
	if (map == NULL)
		return;
	for (i = 0; cause == CAUSE_METHOD && i < map->set.methods.n; i++)
		(void)printf(EXPLAIN_LINE, "method allowed",
		    map->set.methods.v[i]);
	for (i = 0; cause == CAUSE_REQUIRE && i < map->set.require.n; i++) {
		value = scgi_get(head, map->set.require.v[i]);
		if (value == NULL || *value == '\0')
			(void)printf(EXPLAIN_LINE, "missing",
			    map->set.require.v[i]);
	}
	if (map->directory != NULL && cause != CAUSE_METHOD &&
	    cause != CAUSE_REQUIRE && cause != CAUSE_BODY_TOO_LARGE)
		(void)printf("%-18s %s%s\n", "looked for", map->directory,
		    t->path + map->prefix_len);
}

static int
explain_refusal(enum cause cause)
{
	(void)printf("%-18s %d %s\n", "answer", cause_status(cause),
	    reply_reason(cause_status(cause)));
	if (cause_word(cause) != NULL)
		(void)printf(EXPLAIN_LINE, "reason", cause_word(cause));
	(void)printf(EXPLAIN_LINE, "why", cause_phrase(cause));
	return 1;
}

/* Whom programs run as: whoever this process is. */
static void
explain_user(void)
{
	const struct passwd *pw = getpwuid(geteuid());
	const struct group *gr = getgrgid(getegid());

	(void)printf("%-18s %s (%u), group %s (%u)\n", "user",
	    pw != NULL ? pw->pw_name : "?", (unsigned)geteuid(),
	    gr != NULL ? gr->gr_name : "?", (unsigned)getegid());
}

/* The settings that hold for the mapping, but for lists. */
static void
explain_settings(const struct settings *set)
{
	char value[64];
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_table[i].place == OPTION_SETTING &&
		    option_show(&option_table[i], set, value, sizeof value))
			(void)printf("%-18s %s = %s\n", "setting",
			    option_table[i].name, value);
}

static int
explain_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
explain_left_out(void *arg, const char *name)
{
	(void)arg;
	(void)printf("%-18s %s; accept = { \"%s\" } in the mapping lets it in\n",
	    "left out", name, name);
}

static int
explain_environment(struct scgi *head, const struct target *t)
{
	struct env env = { .v = NULL };
	size_t i, n = 0;

	if (launch_env(&env, head, t, "127.0.0.1", explain_left_out,
	    NULL) == -1)
		return explain_refusal(CAUSE_MEMORY);
	while (env.v[n] != NULL)
		n++;
	qsort(env.v, n, sizeof *env.v, explain_compare);
	for (i = 0; i < n; i++)
		(void)printf(EXPLAIN_LINE, "environment", env.v[i]);
	env_free(&env);
	return 0;
}

/* A program would be started: how? */
static int
explain_run(struct scgi *head, const struct target *t)
{
	char text[512];
	const char *why = inspect_program(t->exec, text, sizeof text);
	size_t i;

	(void)printf(EXPLAIN_LINE, "script", t->file);
	(void)printf(EXPLAIN_LINE, "program", t->exec);
	if (why != NULL)
		(void)printf("%-18s it cannot be run: %s\n", "but", why);
	for (i = 0; i < t->argc; i++)
		(void)printf("%-18s %s\n", "argument", t->argv[i]);
	(void)printf(EXPLAIN_LINE, "working directory", t->directory);
	explain_user();
	(void)printf(EXPLAIN_LINE, "output", t->nph ?
	    "passed on as it is (non-parsed header)" :
	    "a header block that is checked, and a body");
	explain_settings(&t->map->set);
	return explain_environment(head, t) != 0 || why != NULL;
}

int
explain(const struct config *config, const char *path, const char *request,
    char *const *extra)
{
	const char *why, *offender;
	struct target target;
	struct scgi head = { .block = NULL };
	enum cause cause;
	int answer;

	if ((why = explain_ask(config, request, extra, &head, &offender)) !=
	    NULL) {
		log_errorx("cannot explain \"%s\": %s", offender, why);
		scgi_free(&head);
		return -1;
	}
	cause = map_find(&target, config, &head);
	(void)printf(EXPLAIN_LINE, "request", request);
	if (target.path != NULL)
		(void)printf(EXPLAIN_LINE, "path", target.path);
	if (target.map != NULL)
		explain_map(target.map, path);
	if (cause != CAUSE_NONE) {
		answer = explain_refusal(cause);
		explain_details(config, &target, &head, cause);
	} else {
		answer = explain_run(&head, &target);
	}
	map_free(&target);
	scgi_free(&head);
	return answer;
}
