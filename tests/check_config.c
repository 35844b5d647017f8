/* SPDX-License-Identifier: ISC */
/*
 * config: good files. Every option is found where it belongs, in the unit of
 * struct config; what a map does not say it has from the top level.
 */
#include "platform.h"

#include "config.h"

#include <sys/types.h>

#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <syslog.h>

#include "check_main.h"
#include "log.h"

enum kind { TEXT, LIST, NUMBER, WORD, SWITCH };

#define GLOBAL(field)	offsetof(struct config, field)
#define MAP(field)	offsetof(struct mapping, field)
#define SET(field)	offsetof(struct settings, field)

/* An option, two ways to set it, and what these and nothing make of it. */
struct row {
	const char	*name;
	enum kind	 kind;
	size_t		 offset;
	const char	*initial;	/* NULL: none; list items by '|' */
	const char	*text, *value;
	const char	*other, *other_value;
};

static const struct row globals[] = {
{ "listen", LIST, GLOBAL(listen), "unix:" SOCKET_FILE, "{ \"/a\", \"127.0.0.1:1\" }", "/a|127.0.0.1:1", "{ \"[::1]\" }", "[::1]" },
{ "socket-mode", NUMBER, GLOBAL(socket_mode), "432", "0600", "384", "\"0660\"", "432" },
{ "workers", NUMBER, GLOBAL(workers), "0", "4", "4", "auto", "0" },
{ "requests-per-worker", NUMBER, GLOBAL(requests_per_worker), "1024", "1", "1", "65536", "65536" },
{ "max-processes", NUMBER, GLOBAL(max_processes), "64", "0", "0", "65536", "65536" },
{ "log", TEXT, GLOBAL(log), "stderr", "syslog", "syslog", "\"/var/log/x\"", "/var/log/x" },
{ "access-log", TEXT, GLOBAL(access_log), "stderr", "none", "none", "\"/var/log/y\"", "/var/log/y" },
{ "log-level", WORD, GLOBAL(log_level), "6", "error", "3", "debug", "7" },
{ "log-level", WORD, GLOBAL(log_level), "6", "warning", "4", "notice", "5" },
{ "log", TEXT, GLOBAL(log), "stderr", "journal", "journal", "\"journal:/run/x\"", "journal:/run/x" },
{ "log-format", WORD, GLOBAL(log_format), "0", "json", "1", "combined", "2" },
{ "pid-file", TEXT, GLOBAL(pid_file), NULL, "\"/run/x.pid\"", "/run/x.pid", "'/run/y'", "/run/y" },
{ "spool-directory", TEXT, GLOBAL(spool_directory), "/var/tmp", "\"/\"", "/", "\"/tmp\"", "/tmp" },
{ "header-timeout", NUMBER, GLOBAL(header_timeout), "10000", "250ms", "250", "1m", "60000" },
{ "linger-timeout", NUMBER, GLOBAL(linger_timeout), "2000", "3", "3000", "10s", "10000" },
{ "drain-timeout", NUMBER, GLOBAL(drain_timeout), "30000", "1h", "3600000", "0", "0" },
{ "max-header", NUMBER, GLOBAL(max_header), "262144", "64k", "65536", "1M", "1048576" },
{ "max-field", NUMBER, GLOBAL(max_field), "32768", "1000", "1000", "4k", "4096" },
};

static const struct row settings[] = {
{ "arguments", LIST, SET(arguments), "", "{ \"-a\", \"b c\" }", "-a|b c", "{ x }", "x" },
{ "index", LIST, SET(index), "", "{ \"index.cgi\", \"index.pl\" }", "index.cgi|index.pl", "{ x }", "x" },
{ "setenv", LIST, SET(setenv), "", "{ \"A=1\", \"B=\", \"C=x=y\" }", "A=1|B=|C=x=y", "{ \"D=4\" }", "D=4" },
{ "passenv", LIST, SET(passenv), "", "{ \"CHECK_A\", \"CHECK_NONE\", \"CHECK_B\" }", "CHECK_A=1|CHECK_B=", "{ CHECK_B }", "CHECK_B=" },
{ "unsetenv", LIST, SET(unsetenv), "", "{ \"HTTP_X\" }", "HTTP_X", "{ \"A\", \"B\" }", "A|B" },
{ "accept", LIST, SET(accept), "", "{ \"GEO\", \"APP_*\" }", "GEO|APP_*", "{ \"X?\" }", "X?" },
{ "methods", LIST, SET(methods), "", "{ \"GET\", \"M-SEARCH\" }", "GET|M-SEARCH", "{ POST }", "POST" },
{ "require", LIST, SET(require), "", "{ \"REMOTE_USER\" }", "REMOTE_USER", "{ A, B }", "A|B" },
{ "working-directory", TEXT, SET(working_directory), NULL, "\"/\"", "/", "\"/tmp\"", "/tmp" },
{ "pass-authorization", SWITCH, SET(pass_authorization), "0", "yes", "1", "no", "0" },
{ "no-new-privileges", SWITCH, SET(no_new_privileges), "1", "no", "0", "yes", "1" },
{ "symlinks", WORD, SET(symlinks), "0", "beneath", "1", "follow", "0" },
{ "nph", SWITCH, SET(nph), "0", "on", "1", "off", "0" },
{ "x-accel", SWITCH, SET(x_accel), "0", "true", "1", "false", "0" },
{ "response", WORD, SET(response), "0", "http", "1", "status", "0" },
{ "local-redirect", WORD, SET(local_redirect), "0", "client", "1", "x-accel", "0" },
{ "reply", WORD, SET(reply), "0", "at-once", "1", "\"after-body\"", "0" },
{ "on-disconnect", WORD, SET(on_disconnect), "0", "finish", "1", "kill", "0" },
{ "body-length", WORD, SET(body_length), "0", "client", "1", "front-end", "0" },
{ "tcp-fin", WORD, SET(tcp_fin), "0", "gone", "1", "half-close", "0" },
{ "queue-length", NUMBER, SET(queue_length), "512", "0", "0", "1048576", "1048576" },
{ "queue-timeout", NUMBER, SET(queue_timeout), "30000", "250ms", "250", "0", "0" },
{ "body-timeout", NUMBER, SET(body_timeout), "60000", "5m", "300000", "0", "0" },
{ "output-timeout", NUMBER, SET(output_timeout), "60000", "1d", "86400000", "1ms", "1" },
{ "send-timeout", NUMBER, SET(send_timeout), "60000", "7", "7000", "8s", "8000" },
{ "max-runtime", NUMBER, SET(max_runtime), "0", "2h", "7200000", "1", "1000" },
{ "kill-grace", NUMBER, SET(kill_grace), "5000", "0", "0", "1m", "60000" },
{ "slow-request", NUMBER, SET(slow_request), "0", "250ms", "250", "7d", "604800000" },
{ "max-body", NUMBER, SET(max_body), "0", "2G", "2147483648", "1", "1" },
{ "max-response-header", NUMBER, SET(max_response_header), "65536", "16M", "16777216", "256", "256" },
};

#define TAIL	"map \"/x/\" { directory = \"/\" }\n"

static struct config *
read_text(const char *name, const char *text)
{
	struct config *config;
	FILE *file = fopen("row.conf", "w");

	ck_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
	config = config_read("row.conf");
	ck_assert_msg(config != NULL, "%s: refused:\n%s", name, text);
	return config;
}

/* What stands at an offset, as text. */
static const char *
found(const struct row *row, const void *base)
{
	static char text[1024];
	const char *at = (const char *)base + row->offset;
	const struct strings *list = (const void *)at;
	size_t i;

	switch (row->kind) {
	case TEXT:
		return *(char *const *)(const void *)at;
	case NUMBER:
		(void)sprintf(text, "%lld",
		    (long long)*(const int64_t *)(const void *)at);
		break;
	case WORD:
		(void)sprintf(text, "%d", *(const int *)(const void *)at);
		break;
	case SWITCH:
		(void)sprintf(text, "%d", *(const bool *)(const void *)at);
		break;
	case LIST:
		text[0] = '\0';
		for (i = 0; i < list->n; i++)
			(void)strcat(strcat(text, i > 0 ? "|" : ""),
			    list->v[i]);
		ck_assert(list->v == NULL || list->v[list->n] == NULL);
	}
	return text;
}

START_TEST(global)
{
	const struct row *row = &globals[_i];
	struct config *config;
	char text[512];

	config = read_text(row->name, TAIL);
	CHECK_TEXT(row->name, found(row, config), row->initial);
	config_free(config);
	(void)snprintf(text, sizeof text, "%s = %s\n" TAIL, row->name,
	    row->text);
	config = read_text(row->name, text);
	CHECK_TEXT(row->name, found(row, config), row->value);
	config_free(config);
	(void)snprintf(text, sizeof text, TAIL "%s = %s\n", row->name,
	    row->other);
	config = read_text(row->name, text);
	CHECK_TEXT(row->name, found(row, config), row->other_value);
	config_free(config);
}
END_TEST

/* At the top, in one map, in both: which of them does a map have? */
START_TEST(setting)
{
	const struct row *row = &settings[_i];
	struct config *config;
	char text[512];

	config = read_text(row->name, TAIL);
	CHECK_TEXT(row->name, found(row, &config->defaults), row->initial);
	CHECK_TEXT(row->name, found(row, &config->maps[0].set), row->initial);
	config_free(config);
	(void)snprintf(text, sizeof text, "map \"/y\" {\n directory = \"/\"\n"
	    " %s = %s\n}\n%s = %s\n" TAIL "map \"/zzz\" { program = \"%s\" }\n",
	    row->name, row->other, row->name, row->text, "/bin/sh");
	config = read_text(row->name, text);
	CHECK_INT(row->name, config->n_maps, 3);
	CHECK_TEXT(row->name, found(row, &config->defaults), row->value);
	CHECK_TEXT(row->name, config->maps[0].prefix, "/zzz");
	CHECK_TEXT(row->name, found(row, &config->maps[0].set), row->value);
	CHECK_TEXT(row->name, found(row, &config->maps[strcmp(
	    config->maps[1].prefix, "/y") == 0 ? 1 : 2].set),
	    row->other_value);
	CHECK_TEXT(row->name, found(row, &config->maps[strcmp(
	    config->maps[1].prefix, "/y") == 0 ? 2 : 1].set), row->value);
	config_free(config);
	(void)snprintf(text, sizeof text, "map \"/y\" {\n directory = \"/\"\n"
	    " %s = %s\n}\n", row->name, row->text);
	config = read_text(row->name, text);
	CHECK_TEXT(row->name, found(row, &config->defaults), row->initial);
	CHECK_TEXT(row->name, found(row, &config->maps[0].set), row->value);
	config_free(config);
}
END_TEST

/* At the top all programs are meant, in a map those of the map. */
START_TEST(two_meanings)
{
	struct config *config = read_text("max-processes",
	    "map \"/y\" {\n directory = \"/\"\n max-processes = 3\n}\n"
	    "max-processes = 7\n" TAIL);

	CHECK_INT("of all", config->max_processes, 7);
	CHECK_INT("its own", config->maps[strcmp(config->maps[0].prefix,
	    "/y") == 0 ? 0 : 1].max_processes, 3);
	CHECK_INT("none of its own", config->maps[strcmp(
	    config->maps[0].prefix, "/y") == 0 ? 1 : 0].max_processes, 0);
	config_free(config);
}
END_TEST

/* Users and groups of this machine. */
START_TEST(names)
{
	static const char *const options[] = { "socket-owner", "socket-group",
	    "user", "group" };
	static const size_t offsets[] = { GLOBAL(socket_owner),
	    GLOBAL(socket_group), GLOBAL(user), GLOBAL(group) };
	const struct row row = { .kind = TEXT, .offset = offsets[_i] };
	const struct passwd *pw = getpwuid(_i == 2 ? 65534 : 0);
	const struct group *gr = getgrgid(0);
	struct config *config = read_text(options[_i], TAIL);
	const char *name = _i % 2 == 0 ? (pw != NULL ? pw->pw_name : NULL) :
	    (gr != NULL ? gr->gr_name : NULL);
	char text[512];

	CHECK_TEXT(options[_i], found(&row, config), NULL);
	config_free(config);
	if (name == NULL)
		return;
	(void)snprintf(text, sizeof text, "%s = %s\n" TAIL, options[_i], name);
	config = read_text(options[_i], text);
	CHECK_TEXT(options[_i], found(&row, config), name);
	config_free(config);
}
END_TEST

/* All maps, "prefix host target|" in the order they are asked. */
static const struct {
	const char	*name;
	const char	*text;
	const char	*maps;
} sorts[] = {
	{ "one", "map \"/a/\" { directory = \"/\" }", "/a - /|" },
	{ "longest first", "map \"/\" { directory = \"/\" }\nmap \"/a\" { directory = \"/\" }\nmap \"/a/b/\" { directory = \"/\" }\n", "/a/b - /|/a - /| - /|" },
	{ "already sorted", "map \"/a/b\" { directory = \"/\" }\nmap \"/a\" { directory = \"/\" }\n", "/a/b - /|/a - /|" },
	{ "host first", "map \"/a\" { directory = \"/\" }\nmap \"/a/\" { directory = \"/tmp\" host = \"h\" }\n", "/a h /tmp|/a - /|" },
	{ "host first, same title", "map \"/a\" { directory = \"/\" }\nmap \"/a\" { directory = \"/tmp\" host = \"h\" }\n", "/a h /tmp|/a - /|" },
	{ "length before host", "map \"/a\" { directory = \"/\" host = \"h\" }\nmap \"/ab\" { directory = \"/\" }\n", "/ab - /|/a h /|" },
	{ "program", "map \"/git/\" { program = \"/bin/sh\" }", "/git - /bin/sh|" },
	{ "many slashes at the end", "map \"/a//\" { directory = \"/\" }", "/a - /|" },
	{ "no quotes", "map /a { directory = / }", "/a - /|" },
	{ "comments", "# x {\nmap \"/a\" { // y\n directory = \"/\" /* z } */ }\n# }", "/a - /|" },
};

START_TEST(sorted)
{
	struct config *config = read_text(sorts[_i].name, sorts[_i].text);
	const struct mapping *map;
	char text[512] = "";
	size_t i;

	for (i = 0; i < config->n_maps; i++) {
		map = &config->maps[i];
		CHECK_INT(sorts[_i].name, map->prefix_len,
		    strlen(map->prefix));
		CHECK_TRUE(sorts[_i].name, strncmp(map->title, map->prefix,
		    map->prefix_len) == 0);
		CHECK_TRUE(sorts[_i].name, strchr(map->title, '\1') == NULL);
		CHECK_TRUE(sorts[_i].name,
		    (map->directory == NULL) != (map->program == NULL));
		(void)snprintf(text + strlen(text), sizeof text - strlen(text),
		    "%s %s %s|", map->prefix, map->host != NULL ? map->host :
		    "-", map->directory != NULL ? map->directory :
		    map->program);
	}
	CHECK_TEXT(sorts[_i].name, text, sorts[_i].maps);
	config_free(config);
}
END_TEST

#define SH	"{ program = \"/bin/sh\" }\n"

/* The handlers of the one map, its own before those of the top level. */
static const struct {
	const char	*name;
	const char	*text;
	const char	*handlers, *defaults;
} handlers[] = {
	{ "none", "map \"/a\" { directory = \"/\" }", "", "" },
	{ "at the top", "handler \".pl\" " SH "map \"/a\" { directory = \"/\" }", ".pl /bin/sh|", ".pl /bin/sh|" },
	{ "at the top, behind", "map \"/a\" { directory = \"/\" }\nhandler \".pl\" " SH, ".pl /bin/sh|", ".pl /bin/sh|" },
	{ "in the map", "map \"/a\" { directory = \"/\"\nhandler \".pl\" " SH "}", ".pl /bin/sh|", "" },
	{ "merged", "handler \".pl\" " SH "map \"/a\" { directory = \"/\"\nhandler \".py\" " SH "}", ".py /bin/sh|.pl /bin/sh|", ".pl /bin/sh|" },
	{ "the map's wins", "handler \".pl\" " SH "map \"/a\" { directory = \"/\"\nhandler \".pl\" { program = \"/bin/cat\" arguments = { \"-u\", \"-n\" } }\n}", ".pl /bin/cat -u -n|.pl /bin/sh|", ".pl /bin/sh|" },
	{ "two in order", "handler \".a\" " SH "handler \".b\" " SH "map \"/a\" { directory = \"/\" }", ".a /bin/sh|.b /bin/sh|", ".a /bin/sh|.b /bin/sh|" },
	{ "arguments", "handler \".a\" { arguments = { \"x y\" } program = \"/bin/sh\" }\nmap \"/a\" { directory = \"/\" }", ".a /bin/sh x y|", ".a /bin/sh x y|" },
};

static const char *
handler_text(const struct handlers *all)
{
	static char text[512];
	size_t i, j;

	text[0] = '\0';
	for (i = 0; i < all->n; i++) {
		(void)strcat(strcat(strcat(text, all->v[i].extension), " "),
		    all->v[i].program);
		for (j = 0; j < all->v[i].arguments.n; j++)
			(void)strcat(strcat(text, " "),
			    all->v[i].arguments.v[j]);
		(void)strcat(text, "|");
	}
	return text;
}

START_TEST(merged)
{
	struct config *config = read_text(handlers[_i].name, handlers[_i].text);

	CHECK_TEXT(handlers[_i].name, handler_text(&config->maps[0].set.handlers),
	    handlers[_i].handlers);
	CHECK_TEXT(handlers[_i].name, handler_text(&config->defaults.handlers),
	    handlers[_i].defaults);
	config_free(config);
}
END_TEST

/* The access log goes where the log goes unless it is told otherwise. */
START_TEST(access_log)
{
	struct config *config = read_text("log", "log = none\n" TAIL);

	CHECK_TEXT("access-log follows", config->access_log, "none");
	config_free(config);
	config_free(NULL);
	CHECK_INT("error is a priority", LOG_ERR, 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("config");

	(void)setenv("CHECK_A", "1", 1);
	(void)setenv("CHECK_B", "", 1);
	(void)unsetenv("CHECK_NONE");
	CHECK_ROWS(suite, global, globals);
	CHECK_ROWS(suite, setting, settings);
	CHECK_LOOP(suite, two_meanings, 1);
	CHECK_LOOP(suite, names, 4);
	CHECK_ROWS(suite, sorted, sorts);
	CHECK_ROWS(suite, merged, handlers);
	CHECK_LOOP(suite, access_log, 1);
	return check_run_aside(suite);
}
