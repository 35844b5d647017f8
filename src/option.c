/* SPDX-License-Identifier: ISC */
/*
 * option: the table of all options of the configuration file.
 *
 * Checks that need the machine (does the directory exist?) are made here as
 * well, so that the parser can blame the very line.
 */
#include "platform.h"

#include "option.h"

#include <sys/stat.h>

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "address.h"
#include "allow.h"
#include "env.h"
#include "inherit.h"
#include "log.h"
#include "settings.h"
#include "units.h"

static const char *
check_absolute(const char *value)
{
	return value[0] == '/' ? NULL : "not an absolute path; begin with /";
}

static const char *
check_directory(const char *value)
{
	struct stat st;

	if (value[0] != '/')
		return check_absolute(value);
	if (stat(value, &st) == -1)
		return errno == ENOENT ? "no such directory; make it, or "
		    "correct the name" : strerror(errno);
	return S_ISDIR(st.st_mode) ? NULL : "not a directory";
}

/* Whoever reaches the socket may choose any file below. */
static const char *
check_root(const char *value)
{
	return *value == '/' && value[strspn(value, "/.")] == '\0' ?
	    "too much; name directories of scripts" : check_directory(value);
}

static const char *
check_program(const char *value)
{
	struct stat st;

	if (value[0] != '/')
		return check_absolute(value);
	if (stat(value, &st) == -1)
		return errno == ENOENT ? "no such file; install it, or "
		    "correct the name" : strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	if ((st.st_mode & 0111) == 0)
		return "not executable; chmod +x it, or name its interpreter "
		    "and give it in arguments";
	return (st.st_mode & S_IWOTH) != 0 ?
	    "writable by everyone; chmod o-w it" : NULL;
}

static const char *
check_user(const char *value)
{
	const struct passwd *pw = getpwnam(value);

	if (pw == NULL)
		return "no such user";
	return pw->pw_uid == 0 ?
	    "programs must not run as root; name another user" : NULL;
}

static const char *
check_owner(const char *value)
{
	return getpwnam(value) == NULL ? "no such user" : NULL;
}

static const char *
check_group(const char *value)
{
	return getgrnam(value) == NULL ? "no such group" : NULL;
}

static const char *
check_listen(const char *value)
{
	struct address a;

	return inherit_is_word(value) ? inherit_check(value) :
	    address_parse(value, &a);
}

static const char *
check_destination(const char *value)
{
	return log_is_destination(value) ? NULL :
	    "not one of stderr, journal, syslog, none or an absolute file name";
}

static const char *
check_method(const char *value)
{
	return value[0] != '\0' && value[strspn(value,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_")] == '\0' ? NULL :
	    "not a method; methods are written in capitals";
}

static const char *
check_name(const char *value)
{
	return value[0] != '\0' && value[strspn(value,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0' ? NULL :
	    "not a variable's name; capitals, digits and _ only";
}

static const char *
check_pattern(const char *value)
{
	if (value[0] == '\0' || value[strspn(value,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_*?")] != '\0')
		return "not a name or pattern; capitals, digits, _, * and ? "
		    "only";
	return env_is_steering(value) ? "never taken from the front end, as "
	    "it steers programs; use setenv" : NULL;
}

static const char *
check_own_name(const char *value)
{
	if (value[0] == '\0' || strchr(value, '=') != NULL)
		return "not a variable's name; give the name alone";
	return env_is_computed(value) ?
	    "the gateway itself computes this variable" : NULL;
}

static const char *
check_setenv(const char *value)
{
	size_t len = strcspn(value, "=");

	if (value[0] == '=' || value[len] == '\0')
		return "not of the form NAME=value";
	if (strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_") != len || (value[0] >= '0' && value[0] <= '9'))
		return "not a variable's name before the =; letters, digits "
		    "and _ only";
	return env_is_computed(value) ?
	    "the gateway itself computes this variable" : NULL;
}

static const char *
check_unsetenv(const char *value)
{
	return value[0] != '\0' && strchr(value, '=') == NULL ? NULL :
	    "not a variable's name; give the name alone";
}

static const char *
check_index(const char *value)
{
	return value[0] != '\0' && value[0] != '.' &&
	    strchr(value, '/') == NULL ? NULL :
	    "not a file name; no slash, no dot at the start";
}

static const char *
check_host(const char *value)
{
	return value[0] != '\0' && strpbrk(value, "/ ") == NULL ? NULL :
	    "not a host name";
}

#define GLOBAL(field)	OPTION_GLOBAL, offsetof(struct config, field)
#define SETTING(field)	OPTION_SETTING, offsetof(struct settings, field)
#define MAP(field)	OPTION_MAP, offsetof(struct mapping, field)
#define HANDLER(field)	OPTION_HANDLER, offsetof(struct handler, field)
#define DAYS(n)		((int64_t)(n) * 24 * 3600 * 1000)
#define SECONDS(n)	((int64_t)(n) * 1000)
#define ANY		0, 0, NULL

const struct option_row option_table[] = {
{ "listen", OPTION_LIST, GLOBAL(listen), "unix:" SOCKET_FILE, ANY, check_listen, true },
{ "allow", OPTION_LIST, GLOBAL(allow), NULL, ANY, allow_check, true },
{ "user", OPTION_TEXT, GLOBAL(user), NULL, ANY, check_user, false },
{ "group", OPTION_TEXT, GLOBAL(group), NULL, ANY, check_group, false },
{ "socket-mode", OPTION_MODE, GLOBAL(socket_mode), "0660", ANY, NULL, false },
{ "socket-owner", OPTION_TEXT, GLOBAL(socket_owner), NULL, ANY, check_owner, false },
{ "socket-group", OPTION_TEXT, GLOBAL(socket_group), NULL, ANY, check_group, false },
{ "workers", OPTION_NUMBER, GLOBAL(workers), "auto", 1, 1024, "auto", NULL, false },
{ "requests-per-worker", OPTION_NUMBER, GLOBAL(requests_per_worker), "1024", 1, 65536, NULL, NULL, false },
{ "max-processes", OPTION_NUMBER, GLOBAL(max_processes), "64", 0, 65536, NULL, NULL, false },
{ "log", OPTION_TEXT, GLOBAL(log), "stderr", ANY, check_destination, false },
{ "access-log", OPTION_TEXT, GLOBAL(access_log), NULL, ANY, check_destination, false },
{ "log-level", OPTION_WORD, GLOBAL(log_level), "info", 0, 0, "|||error|warning|notice|info|debug", NULL, false },
{ "log-format", OPTION_WORD, GLOBAL(log_format), "kv", 0, 0, "kv|json|combined", NULL, false },
{ "pid-file", OPTION_TEXT, GLOBAL(pid_file), NULL, ANY, check_absolute, false },
{ "spool-directory", OPTION_TEXT, GLOBAL(spool_directory), "/var/tmp", ANY, check_directory, false },
{ "header-timeout", OPTION_DURATION, GLOBAL(header_timeout), "10s", 10, DAYS(1), NULL, NULL, false },
{ "linger-timeout", OPTION_DURATION, GLOBAL(linger_timeout), "2s", 10, SECONDS(600), NULL, NULL, false },
{ "drain-timeout", OPTION_DURATION, GLOBAL(drain_timeout), "30s", 0, DAYS(7), NULL, NULL, false },
{ "max-header", OPTION_SIZE, GLOBAL(max_header), "256k", 1024, 1 << 20, NULL, NULL, false },
{ "max-field", OPTION_SIZE, GLOBAL(max_field), "32k", 256, 128 * 1024 - 4096, NULL, NULL, false },

{ "arguments", OPTION_LIST, SETTING(arguments), NULL, ANY, NULL, false },
{ "index", OPTION_LIST, SETTING(index), NULL, ANY, check_index, true },
{ "setenv", OPTION_LIST, SETTING(setenv), NULL, ANY, check_setenv, true },
{ "passenv", OPTION_INHERIT, SETTING(passenv), NULL, ANY, check_own_name, true },
{ "unsetenv", OPTION_LIST, SETTING(unsetenv), NULL, ANY, check_unsetenv, true },
{ "accept", OPTION_LIST, SETTING(accept), NULL, ANY, check_pattern, true },
{ "methods", OPTION_LIST, SETTING(methods), NULL, ANY, check_method, true },
{ "require", OPTION_LIST, SETTING(require), NULL, ANY, check_name, true },
{ "working-directory", OPTION_TEXT, SETTING(working_directory), NULL, ANY, check_directory, false },
{ "pass-authorization", OPTION_SWITCH, SETTING(pass_authorization), "no", ANY, NULL, false },
{ "indexed-query", OPTION_SWITCH, SETTING(indexed_query), "no", ANY, NULL, false },
{ "no-new-privileges", OPTION_SWITCH, SETTING(no_new_privileges), "yes", ANY, NULL, false },
{ "symlinks", OPTION_WORD, SETTING(symlinks), "follow", 0, 0, "follow|beneath", NULL, false },
{ "nph", OPTION_SWITCH, SETTING(nph), "no", ANY, NULL, false },
{ "x-accel", OPTION_SWITCH, SETTING(x_accel), "no", ANY, NULL, false },
{ "response", OPTION_WORD, SETTING(response), "status", 0, 0, "status|http", NULL, false },
{ "local-redirect", OPTION_WORD, SETTING(local_redirect), "x-accel", 0, 0, "x-accel|client", NULL, false },
{ "reply", OPTION_WORD, SETTING(reply), "after-body", 0, 0, "after-body|at-once", NULL, false },
{ "on-disconnect", OPTION_WORD, SETTING(on_disconnect), "kill", 0, 0, "kill|finish", NULL, false },
{ "request-body", OPTION_WORD, SETTING(request_body), "stream", 0, 0, "stream|spool", NULL, false },
{ "body-length", OPTION_WORD, SETTING(body_length), "front-end", 0, 0, "front-end|client", NULL, false },
{ "tcp-fin", OPTION_WORD, SETTING(tcp_fin), "half-close", 0, 0, "half-close|gone", NULL, false },
{ "error-body", OPTION_WORD, SETTING(error_body), "full", 0, 0, "full|brief", NULL, false },
{ "queue-length", OPTION_NUMBER, SETTING(queue_length), "512", 0, 1 << 20, NULL, NULL, false },
{ "queue-timeout", OPTION_DURATION, SETTING(queue_timeout), "30s", 0, DAYS(7), NULL, NULL, false },
{ "body-timeout", OPTION_DURATION, SETTING(body_timeout), "60s", 0, DAYS(7), NULL, NULL, false },
{ "output-timeout", OPTION_DURATION, SETTING(output_timeout), "60s", 0, DAYS(7), NULL, NULL, false },
{ "send-timeout", OPTION_DURATION, SETTING(send_timeout), "60s", 0, DAYS(7), NULL, NULL, false },
{ "max-runtime", OPTION_DURATION, SETTING(max_runtime), "0", 0, DAYS(7), NULL, NULL, false },
{ "kill-grace", OPTION_DURATION, SETTING(kill_grace), "5s", 0, SECONDS(600), NULL, NULL, false },
{ "slow-request", OPTION_DURATION, SETTING(slow_request), "0", 0, DAYS(7), NULL, NULL, false },
{ "max-body", OPTION_SIZE, SETTING(max_body), "0", 0, INT64_MAX, NULL, NULL, false },
{ "max-response-header", OPTION_SIZE, SETTING(max_response_header), "64k", 256, 16 << 20, NULL, NULL, false },

{ "host", OPTION_TEXT, MAP(host), NULL, ANY, check_host, false },
{ "directory", OPTION_TEXT, MAP(directory), NULL, ANY, check_directory, false },
{ "program", OPTION_TEXT, MAP(program), NULL, ANY, check_program, false },
{ "script-filename", OPTION_LIST, MAP(script_filename), NULL, ANY, check_root, true },
{ "max-processes", OPTION_NUMBER, MAP(max_processes), "0", 0, 65536, NULL, NULL, false },

{ "program", OPTION_TEXT, HANDLER(program), NULL, ANY, check_program, false },
{ "arguments", OPTION_LIST, HANDLER(arguments), NULL, ANY, NULL, false },
};

const size_t option_count = sizeof option_table / sizeof option_table[0];

/* The index of a word in "one|two|three", or -1. */
static int
option_word(const char *words, const char *text)
{
	size_t len = strlen(text);
	int i;

	for (i = 0; *words != '\0'; i++) {
		if (len > 0 && strcspn(words, "|") == len &&
		    strncmp(words, text, len) == 0)
			return i;
		words += strcspn(words, "|");
		words += *words == '|';
	}
	return -1;
}

static int
option_switch(const char *text)
{
	static const char *const words[] = { "no", "yes", "off", "on", "false",
	    "true", NULL };
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i % 2;
	return -1;
}

/* The value of an option whose value is a number of some kind. */
static const char *
option_number(const struct option_row *row, const char *text, int64_t *value)
{
	switch (row->kind) {
	case OPTION_DURATION:
		return units_duration(text, value);
	case OPTION_SIZE:
		return units_size(text, value);
	case OPTION_MODE:
		return units_mode(text, value);
	default:
		if (row->words != NULL && strcmp(text, row->words) == 0) {
			*value = 0;
			return NULL;
		}
		return units_number(text, value);
	}
}

/* A bound as a person writes it. */
static void
option_bound(const struct option_row *row, int64_t n, char *text, size_t size)
{
	if (row->kind == OPTION_DURATION || row->kind == OPTION_SIZE)
		units_show(n, row->kind == OPTION_DURATION, text, size);
	else
		(void)snprintf(text, size, "%lld", (long long)n);
}

static const char *
option_bounds(const struct option_row *row)
{
	static char text[80];
	char min[24], max[24];

	option_bound(row, row->min, min, sizeof min);
	option_bound(row, row->max, max, sizeof max);
	(void)snprintf(text, sizeof text, "out of range; from %s to %s", min,
	    max);
	return text;
}

const char *
option_check(const struct option_row *row, const char *text)
{
	static char phrase[160];
	const char *why = NULL;
	int64_t value = 0;

	switch (row->kind) {
	case OPTION_TEXT:
		if (*text == '\0')
			return "empty";
		/* FALLTHROUGH */
	case OPTION_LIST:
	case OPTION_INHERIT:
		break;
	case OPTION_WORD:
		if (option_word(row->words, text) != -1)
			break;
		(void)snprintf(phrase, sizeof phrase, "not one of %s",
		    row->words + strspn(row->words, "|"));
		return phrase;
	case OPTION_SWITCH:
		if (option_switch(text) == -1)
			return "neither yes nor no";
		break;
	default:
		if ((why = option_number(row, text, &value)) != NULL)
			return why;
		if (row->max > 0 && (value < row->min || value > row->max) &&
		    (row->words == NULL || strcmp(text, row->words) != 0))
			return option_bounds(row);
	}
	return row->check != NULL ? row->check(text) : NULL;
}

/* Add allocated text, or free it. NULL is a failure of the caller's. */
static int
option_append(struct strings *list, char *text)
{
	char **v = reallocarray(list->v, list->n + 2, sizeof *v);

	if (v != NULL)
		list->v = v;
	if (v == NULL || text == NULL) {
		free(text);
		return -1;
	}
	v[list->n++] = text;
	v[list->n] = NULL;
	return 0;
}

/* Add a variable of our environment, if there is one of that name. */
static int
option_inherit(struct strings *list, const char *name)
{
	const char *value = getenv(name);
	char *text;

	if (value == NULL)
		return 0;
	return asprintf(&text, "%s=%s", name, value) == -1 ? -1 :
	    option_append(list, text);
}

bool
option_is_list(const struct option_row *row)
{
	return row->kind == OPTION_LIST || row->kind == OPTION_INHERIT;
}

int
option_store(const struct option_row *row, const char *text, void *base)
{
	void *at = (char *)base + row->offset;
	int64_t value = 0;

	switch (row->kind) {
	case OPTION_TEXT:
		free(*(char **)at);
		return (*(char **)at = strdup(text)) == NULL ? -1 : 0;
	case OPTION_LIST:
		return option_append(at, strdup(text));
	case OPTION_INHERIT:
		return option_inherit(at, text);
	case OPTION_WORD:
		*(int *)at = option_word(row->words, text);
		return 0;
	case OPTION_SWITCH:
		*(bool *)at = option_switch(text) == 1;
		return 0;
	default:
		(void)option_number(row, text, &value);
		*(int64_t *)at = value;
		return 0;
	}
}

void
option_free(const struct option_row *row, void *base)
{
	void *at = (char *)base + row->offset;
	struct strings *list = at;
	size_t i;

	if (row->kind == OPTION_TEXT) {
		free(*(char **)at);
	} else if (option_is_list(row)) {
		for (i = 0; i < list->n; i++)
			free(list->v[i]);
		free(list->v);
	}
}
