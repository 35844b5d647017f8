/* SPDX-License-Identifier: ISC */
/*
 * explain: what would become of a request, said in advance.
 *
 * The request goes through the same functions as a real one, from the bytes
 * that nginx would send up to the environment. Nothing is run.
 */
#include "platform.h"

#include "explain.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
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
#include "value.h"

/* A request may be larger than the daemon takes: that is to be explained. */
#define EXPLAIN_HEADER	(16U << 20)

/* A line: what it is about, and text, in which nothing may end the line. */
static void __attribute__((format(printf, 2, 3)))
explain_say(const char *label, const char *fmt, ...)
{
	va_list ap;
	char *text, *p;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) == -1)
		text = NULL;
	va_end(ap);
	(void)printf("%-18s ", label);
	for (p = text; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			(void)printf("\\x%02x", (unsigned)*p);
		else
			(void)putchar(*p);
	(void)putchar('\n');
	free(text);
}

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

/*
 * A list of parameters to the request that the daemon would see. What the
 * decoder refuses is an answer, not a fault of the question: head->cause.
 */
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
		    (uint64_t)length, EXPLAIN_HEADER, &bytes, &len, &bad);
	if (why == NULL)
		(void)scgi_push(head, bytes, len, &used);
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
	explain_say("mapping", "\"%s\"%s%s (%s:%d)", map->title,
	    map->host != NULL ? " of host " : "",
	    map->host != NULL ? map->host : "", path, map->line);
}

/* The file that the front end names, and where such files may be. */
static void
explain_named(const struct mapping *map, const struct scgi *head)
{
	const char *file = scgi_get(head, NAME_SCRIPT_FILENAME);
	size_t i;

	explain_say("looked for", "%s", file != NULL ? file :
	    "nothing; ask with SCRIPT_FILENAME=/the/file");
	for (i = 0; i < map->script_filename.n; i++)
		explain_say("below", "%s", map->script_filename.v[i]);
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
			explain_say("there is", "\"%s\"%s%s",
			    config->maps[i].title,
			    config->maps[i].host != NULL ? " of host " : "",
			    config->maps[i].host != NULL ?
			    config->maps[i].host : "");
	if (map == NULL)
		return;
	for (i = 0; cause == CAUSE_METHOD && i < map->set.methods.n; i++)
		explain_say("method allowed", "%s", map->set.methods.v[i]);
	for (i = 0; cause == CAUSE_REQUIRE && i < map->set.require.n; i++) {
		value = scgi_find(head, map->set.require.v[i]);
		if (value == NULL || *value == '\0')
			explain_say("missing", "%s", map->set.require.v[i]);
	}
	if (cause == CAUSE_METHOD || cause == CAUSE_REQUIRE ||
	    cause == CAUSE_BODY_TOO_LARGE)
		return;
	if (map->directory != NULL)
		explain_say("looked for", "%s%s", map->directory,
		    t->path + map->prefix_len);
	else if (map->script_filename.n > 0)
		explain_named(map, head);
}

static int
explain_refusal(enum cause cause)
{
	explain_say("answer", "%d %s", cause_status(cause),
	    reply_reason(cause_status(cause)));
	if (cause_word(cause) != NULL)
		explain_say("reason", "%s", cause_word(cause));
	explain_say("why", "%s", cause_phrase(cause));
	return 1;
}

/* Whom programs run as: whoever this process is. */
static void
explain_user(void)
{
	const struct passwd *pw = getpwuid(geteuid());
	const struct group *gr = getgrgid(getegid());

	explain_say("user", "%s (%u), group %s (%u)",
	    pw != NULL ? pw->pw_name : "?", (unsigned)geteuid(),
	    gr != NULL ? gr->gr_name : "?", (unsigned)getegid());
}

/* The options of one place, but for lists and texts. */
static void
explain_options(const char *label, enum option_place place, const void *base)
{
	char value[64];
	size_t i;

	for (i = 0; i < option_count; i++)
		if (option_table[i].place == place &&
		    value_show(&option_table[i], base, value, sizeof value))
			explain_say(label, "%s = %s", option_table[i].name,
			    value);
}

static int
explain_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What is left out for want of `accept`. */
static void
explain_left_out(void *arg, const char *name)
{
	(void)arg;
	explain_say("left out", "%s; accept = { \"%s\" } in the mapping lets "
	    "it in", name, name);
}

/* Does a parameter get in as it is? */
static bool
explain_passes(char *const *env, const char *pair)
{
	while (*env != NULL && strcmp(*env, pair) != 0)
		env++;
	return *env != NULL;
}

/* What becomes of one that was asked about, if it is not simply passed on. */
static void
explain_pair(char *const *env, const char *pair, const struct target *t)
{
	static char *none[] = { NULL };
	char *const *own = t->map->set.setenv.v != NULL ?
	    t->map->set.setenv.v : none;

	if (strncmp(pair, "SCRIPT_FILENAME=", 16) == 0 &&
	    t->map->script_filename.n > 0)
		explain_say("chosen by", "%s", pair);
	else if (explain_passes(env, pair))
		return;
	else if (strncmp(pair, "SCRIPT_NAME=/", 13) == 0 ||
	    strncmp(pair, "PATH_INFO=/", 11) == 0)
		explain_say("path from", "%s; divided anew", pair);
	else if (env_lists(own, pair) || env_is_computed(pair) ||
	    env_lists(env, pair))
		explain_say("not used", "%s; the gateway sets it itself", pair);
	else
		explain_say("not passed", "%s", pair);
}

/* Of what was asked about, what does not get in, or not as it is. */
static void
explain_extra(char *const *env, char *const *extra, const struct target *t)
{
	char *pair, *p;

	for (; *extra != NULL; extra++) {
		if ((pair = strdup(*extra)) == NULL)
			continue;
		/* Its name, as the decoder folds it. */
		for (p = pair; *p != '=' && *p != '\0'; p++)
			*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
		explain_pair(env, pair, t);
		free(pair);
	}
}

static int
explain_environment(struct scgi *head, const struct target *t,
    char *const *extra)
{
	struct env env = { .v = NULL };
	size_t i, n = 0;

	if (launch_env(&env, head, t, "127.0.0.1", explain_left_out,
	    NULL) == -1)
		return explain_refusal(CAUSE_MEMORY);
	explain_extra(env.v, extra, t);
	while (env.v[n] != NULL)
		n++;
	qsort(env.v, n, sizeof *env.v, explain_compare);
	for (i = 0; i < n; i++)
		explain_say("environment", "%s", env.v[i]);
	env_free(&env);
	return 0;
}

/* What would keep the program from being started, and the answer then. */
static int
explain_obstacle(const struct target *t)
{
	char text[INSPECT_TEXT];
	const char *why;
	bool sure;

	if (access(t->directory, X_OK) == -1) {
		explain_say("but", "%s cannot be entered: %s", t->directory,
		    strerror(errno));
		return explain_refusal(CAUSE_WORKING_DIRECTORY);
	}
	if (t->exec != t->file && access(t->file, R_OK) == -1) {
		explain_say("but", "%s cannot read %s: %s", t->exec, t->file,
		    strerror(errno));
		return 1;		/* what it then says is its own affair */
	}
	if ((why = inspect_program(t->exec, text, &sure)) == NULL)
		return 0;
	explain_say("but", "it %s be run: %s", sure ? "cannot" :
	    "can perhaps not", why);
	if (!sure)
		return 0;
	return explain_refusal(access(t->exec, X_OK) == -1 ?
	    CAUSE_EXEC_DENIED : CAUSE_EXEC_FAILED);
}

/* A program would be started: how? */
static int
explain_run(const struct config *config, struct scgi *head,
    const struct target *t, char *const *extra)
{
	size_t i;
	int obstacle;

	explain_say("script", "%s", t->file);
	explain_say("program", "%s", t->exec);
	obstacle = explain_obstacle(t);
	for (i = 0; i < t->argc; i++)
		explain_say("argument", "%s", t->argv[i]);
	explain_say("working directory", "%s", t->directory);
	explain_user();
	explain_say("output", "%s", t->nph ?
	    "passed on as it is (non-parsed header)" :
	    "a header block that is checked, and a body");
	explain_options("of the mapping", OPTION_MAP, t->map);
	explain_options("setting", OPTION_SETTING, &t->map->set);
	explain_options("of all", OPTION_GLOBAL, config);
	return explain_environment(head, t, extra) != 0 || obstacle != 0;
}

int
explain(const struct config *config, const char *path, const char *request,
    char *const *extra)
{
	const char *why, *offender;
	struct target target = { .map = NULL };
	struct scgi head = { .block = NULL };
	enum cause cause;
	int answer;

	if ((why = explain_ask(config, request, extra, &head, &offender)) !=
	    NULL) {
		log_errorx("cannot explain: %s: \"%s\"", why, offender);
		scgi_free(&head);
		return -1;
	}
	cause = head.cause != CAUSE_NONE ? head.cause :
	    map_find(&target, config, &head);
	explain_say("request", "%s", request);
	if (target.path != NULL)
		explain_say("path", "%s", target.path);
	if (target.map != NULL)
		explain_map(target.map, path);
	if (cause != CAUSE_NONE) {
		answer = explain_refusal(cause);
		explain_details(config, &target, &head, cause);
	} else {
		answer = explain_run(config, &head, &target, extra);
	}
	map_free(&target);
	scgi_free(&head);
	return answer;
}
