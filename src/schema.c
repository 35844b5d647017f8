/* SPDX-License-Identifier: ISC */
/*
 * schema: a configuration file, parsed by libconfuse and checked line by line.
 *
 * libconfuse parses; the table in option.c says what may stand where. Each
 * value is checked while its line is known, and all faults are told, not only
 * the first.
 */
#include "platform.h"

#include "schema.h"

#include <bsd/string.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "address.h"
#include "allow.h"
#include "conffile.h"
#include "inherit.h"
#include "log.h"
#include "option.h"
#include "path.h"
#include "units.h"

/* Where a single-valued option was set, to find it set twice. */
struct seen {
	const cfg_opt_t	*opt;
	int		 line;
};

/* libconfuse's callbacks take no argument of ours, so this is file-scope. */
static struct {
	const char	*path;
	struct conffile	 file;
	size_t		 sections;	/* top-level ones that are complete */
	int		 faults;
	char		 fault[1024];	/* the last one, and its line */
	int		 fault_line;
	struct seen	*seen;
	size_t		 n_seen;
	int		 exposed_line;	/* of a socket that needs `allow` */
	int		 mode_line;	/* of socket-mode, likewise */
} parse;

static void __attribute__((format(printf, 2, 3)))
schema_fault(int line, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	/* libconfuse shows the last value of a list once more at its end. */
	if (parse.faults > 0 && line == parse.fault_line &&
	    strcmp(text, parse.fault) == 0)
		return;
	if (line > 0)
		log_errorx("%s:%d: %s", parse.path, line, text);
	else
		log_errorx("%s: %s", parse.path, text);
	(void)strlcpy(parse.fault, text, sizeof parse.fault);
	parse.fault_line = line;
	parse.faults++;
}

/* What libconfuse itself finds, with a remedy where we know one. */
static void __attribute__((format(printf, 2, 0)))
schema_syntax(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[512];
	const char *remedy = "";

	(void)vsnprintf(text, sizeof text, fmt, ap);
	if (strncmp(text, "no such option", 14) == 0)
		remedy = ": unknown here; see scgi-cgid.conf(5)";
	else if (strstr(text, "missing title") != NULL)
		remedy = ": write it as map \"/prefix/\" { ... }";
	else if (strstr(text, "equal sign") != NULL)
		remedy = ": write it as name = value";
	schema_fault(cfg != NULL ? cfg->line : 0, "%s%s", text, remedy);
}

static enum option_place
schema_place(cfg_t *cfg)
{
	if (strcmp(cfg_name(cfg), "map") == 0)
		return OPTION_MAP;
	return strcmp(cfg_name(cfg), "handler") == 0 ? OPTION_HANDLER :
	    OPTION_GLOBAL;
}

/* May an option of this row stand in a section of this place? */
static bool
schema_belongs(const struct option_row *row, enum option_place place)
{
	return row->place == place ||
	    (row->place == OPTION_SETTING && place != OPTION_HANDLER);
}

static const struct option_row *
schema_row(cfg_t *cfg, const char *name)
{
	enum option_place place = schema_place(cfg);
	size_t i;

	for (i = 0; i < option_count; i++)
		if (schema_belongs(&option_table[i], place) &&
		    strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	return NULL;
}

static void
schema_note_seen(cfg_t *cfg, const cfg_opt_t *opt)
{
	struct seen *seen;
	size_t i;

	for (i = 0; i < parse.n_seen; i++)
		if (parse.seen[i].opt == opt) {
			schema_fault(cfg->line, "%s: set twice, first on line "
			    "%d: remove one", cfg_opt_name((cfg_opt_t *)opt),
			    parse.seen[i].line);
			return;
		}
	seen = reallocarray(parse.seen, parse.n_seen + 1, sizeof *seen);
	if (seen == NULL)
		return;
	seen[parse.n_seen++] = (struct seen){ opt, cfg->line };
	parse.seen = seen;
}

/* Are two values equal, up to the '=' of "NAME=value"? */
static bool
schema_same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return len == strcspn(b, "=") && strncmp(a, b, len) == 0;
}

/*
 * Who can connect to this address, whatever a mode says? NULL: those of this
 * machine, and for a Unix socket those that its mode lets in.
 */
static const char *
schema_exposed(const char *listen, bool *by_address)
{
	struct address a;

	*by_address = false;
	/* What was inherited is looked at when it is there: see sockets.c. */
	if (inherit_is_word(listen) || address_parse(listen, &a) != NULL)
		return NULL;
	*by_address = a.kind == ADDRESS_INET;
	if (a.kind == ADDRESS_ABSTRACT)
		return "every user of this machine could run programs: name "
		    "the front end's, as in allow = { \"uid:www-data\" }, or "
		    "listen on a socket with a path";
	return address_is_local(&a) ? NULL : "every machine that reaches this "
	    "address could run programs: name the front ends, as in "
	    "allow = { \"10.0.0.0/8\" }, or listen on 127.0.0.1, [::1] or a "
	    "Unix socket";
}

/* Keep the line of what may need `allow`, which may stand further down. */
static void
schema_note_exposed(int line, const char *option, const char *value)
{
	bool by_address;

	if (strcmp(option, "listen") == 0 &&
	    schema_exposed(value, &by_address) != NULL)
		parse.exposed_line = line;
	else if (strcmp(option, "socket-mode") == 0)
		parse.mode_line = line;
}

/* Has `allow` a rule of this kind? */
static bool
schema_allows(cfg_t *cfg, bool address)
{
	unsigned i;

	for (i = 0; i < cfg_size(cfg, "allow"); i++)
		if (allow_is_address(cfg_getnstr(cfg, "allow", i)) == address)
			return true;
	return false;
}

/* libconfuse has read one more value of an option. */
static int
schema_validate(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct option_row *row = schema_row(cfg, cfg_opt_name(opt));
	const char *value, *why;
	unsigned i, n = cfg_opt_size(opt);

	if (row == NULL || n == 0)
		return 0;
	value = cfg_opt_getnstr(opt, n - 1);
	if (!option_is_list(row))
		schema_note_seen(cfg, opt);
	for (i = 0; row->unique && i + 1 < n; i++)
		if (schema_same_name(cfg_opt_getnstr(opt, i), value))
			schema_fault(cfg->line, "%s \"%s\": listed twice: "
			    "remove one", row->name, value);
	if ((why = option_check(row, value)) != NULL)
		schema_fault(cfg->line, "%s \"%s\": %s", row->name, value, why);
	else
		schema_note_exposed(cfg->line, row->name, value);
	return 0;
}

/* The title of a section, its mark taken off. */
static const char *
schema_title(cfg_t *sec)
{
	sec->title[strcspn(sec->title, (char[]){ CONFFILE_MARK, '\0' })] = '\0';
	return sec->title;
}

/* A handler is complete: its extension and its program. */
static int
schema_validate_handler(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned i, last = cfg_opt_size(opt) - 1;
	cfg_t *sec = cfg_opt_getnsec(opt, last);
	const char *extension = schema_title(sec);

	for (i = 0; i < last; i++)
		if (strcmp(cfg_title(cfg_opt_getnsec(opt, i)), extension) == 0)
			schema_fault(sec->line, "handler \"%s\": set twice: "
			    "remove one", extension);
	if (schema_place(cfg) == OPTION_GLOBAL)
		parse.sections++;
	if (extension[0] != '.' || extension[1] == '\0' ||
	    strchr(extension, '/') != NULL)
		schema_fault(sec->line, "handler \"%s\": not an extension; "
		    "write it as handler \".pl\" { ... }", extension);
	if (cfg_size(sec, "program") == 0)
		schema_fault(sec->line, "handler \"%s\": no program: add "
		    "program = \"/path/of/interpreter\"", extension);
	return 0;
}

size_t
schema_prefix_len(const char *title)
{
	size_t len = strlen(title);

	while (len > 0 && title[len - 1] == '/')
		len--;
	return len;
}

/* Do two maps ask for the same requests? */
static bool
schema_same_map(cfg_t *a, cfg_t *b)
{
	const char *host_a = cfg_getstr(a, "host"), *host_b =
	    cfg_getstr(b, "host");
	size_t len = schema_prefix_len(cfg_title(a));

	if (len != schema_prefix_len(cfg_title(b)) ||
	    strncmp(cfg_title(a), cfg_title(b), len) != 0)
		return false;
	return host_a == NULL || host_b == NULL ? host_a == host_b :
	    strcasecmp(host_a, host_b) == 0;
}

/* A map is complete: what only shows when all of it is known. */
static int
schema_validate_map(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned i, last = cfg_opt_size(opt) - 1;
	cfg_t *sec = cfg_opt_getnsec(opt, last);
	const char *title = schema_title(sec);
	enum cause cause;
	int line = cfg->line;
	int targets = (cfg_size(sec, "directory") > 0) +
	    (cfg_size(sec, "program") > 0) +
	    (cfg_size(sec, "script-filename") > 0);

	if (parse.sections < parse.file.n_sections)
		line = parse.file.section_line[parse.sections++];
	sec->line = line;
	if ((cause = path_verify(title)) != CAUSE_NONE || strchr(title, '?') != NULL)
		schema_fault(line, "map \"%s\": %s: a prefix is the decoded "
		    "path of URLs, such as /cgi-bin/", title,
		    cause != CAUSE_NONE ? cause_phrase(cause) :
		    "question mark in the path");
	if (targets == 0)
		schema_fault(line, "map \"%s\": neither directory nor program "
		    "nor script-filename: add one of them", title);
	else if (targets > 1)
		schema_fault(line, "map \"%s\": more than one of directory, "
		    "program and script-filename: leave one of them", title);
	for (i = 0; i < last; i++)
		if (schema_same_map(cfg_opt_getnsec(opt, i), sec))
			schema_fault(line, "map \"%s\": the same prefix and "
			    "host as an earlier map: remove one", title);
	return 0;
}

/* The options of one place as libconfuse wants them, plus its sections. */
static cfg_opt_t *
schema_options(enum option_place place, cfg_opt_t *handler, cfg_opt_t *map)
{
	cfg_opt_t *opts = calloc(option_count + 3, sizeof *opts), *o = opts;
	size_t i;

	if (opts == NULL)
		return NULL;
	for (i = 0; i < option_count; i++) {
		if (!schema_belongs(&option_table[i], place))
			continue;
		if (option_is_list(&option_table[i]))
			*o++ = (cfg_opt_t)CFG_STR_LIST(option_table[i].name,
			    NULL, CFGF_NODEFAULT);
		else
			*o++ = (cfg_opt_t)CFG_STR(option_table[i].name, NULL,
			    CFGF_NODEFAULT);
	}
	if (handler != NULL)
		*o++ = (cfg_opt_t)CFG_SEC("handler", handler,
		    CFGF_MULTI | CFGF_TITLE);
	if (map != NULL)
		*o++ = (cfg_opt_t)CFG_SEC("map", map,
		    CFGF_MULTI | CFGF_TITLE);
	*o = (cfg_opt_t)CFG_END();
	return opts;
}

/* Have every option looked at while libconfuse still knows its line. */
static void
schema_watch(cfg_t *cfg)
{
	static const char *const prefixes[] = {
		[OPTION_GLOBAL] = "", [OPTION_MAP] = "map|",
		[OPTION_HANDLER] = "handler|", [OPTION_SETTING] = "map|handler|",
	};
	static const enum option_place places[] = {
		[OPTION_GLOBAL] = OPTION_GLOBAL, [OPTION_MAP] = OPTION_MAP,
		[OPTION_HANDLER] = OPTION_HANDLER,
		[OPTION_SETTING] = OPTION_HANDLER,
	};
	char name[80];
	size_t i, at;

	for (at = 0; at < sizeof places / sizeof places[0]; at++)
		for (i = 0; i < option_count; i++) {
			if (!schema_belongs(&option_table[i], places[at]))
				continue;
			(void)snprintf(name, sizeof name, "%s%s", prefixes[at],
			    option_table[i].name);
			(void)cfg_set_validate_func(cfg, name, schema_validate);
		}
	(void)cfg_set_validate_func(cfg, "handler", schema_validate_handler);
	(void)cfg_set_validate_func(cfg, "map|handler",
	    schema_validate_handler);
	(void)cfg_set_validate_func(cfg, "map", schema_validate_map);
}

/* Everything that lets in more than is good must have its rules. */
static void
schema_check_exposed(cfg_t *cfg)
{
	const char *value, *why;
	bool by_address;
	int64_t mode = 0;
	unsigned i;

	for (i = 0; i < cfg_size(cfg, "listen"); i++) {
		value = cfg_getnstr(cfg, "listen", i);
		why = schema_exposed(value, &by_address);
		if (why != NULL && !schema_allows(cfg, by_address))
			schema_fault(parse.exposed_line, "listen \"%s\": %s",
			    value, why);
	}
	value = cfg_getstr(cfg, "socket-mode");
	if (value != NULL && units_mode(value, &mode) == NULL &&
	    (mode & S_IWOTH) != 0 && !schema_allows(cfg, false))
		schema_fault(parse.mode_line, "socket-mode \"%s\": "
		    "everyone could connect and run programs: name the front "
		    "ends' users, as in allow = { \"uid:www-data\" }, or drop "
		    "the write bit for others", value);
}

/* What only shows when all of the file is known. */
static void
schema_check(cfg_t *cfg)
{
	int last = parse.file.lines;

	if (cfg_size(cfg, "listen") == 0 &&
	    (cfg_getopt(cfg, "listen")->flags & CFGF_MODIFIED) != 0)
		schema_fault(last, "listen: an empty list: name a socket, or "
		    "remove the line");
	schema_check_exposed(cfg);
	if (cfg_size(cfg, "map") == 0)
		schema_fault(last, "no map: nothing would be served; add "
		    "map \"/cgi-bin/\" { directory = \"/usr/lib/cgi-bin\" }");
}

/* Parse text that is known to have its quotes and braces in order. */
static cfg_t *
schema_parse_text(const char *text)
{
	cfg_opt_t *handler, *map = NULL, *top = NULL;
	cfg_t *cfg = NULL;

	if ((handler = schema_options(OPTION_HANDLER, NULL, NULL)) == NULL ||
	    (map = schema_options(OPTION_MAP, handler, NULL)) == NULL ||
	    (top = schema_options(OPTION_GLOBAL, handler, map)) == NULL ||
	    (cfg = cfg_init(top, CFGF_NONE)) == NULL) {
		schema_fault(0, "no memory");
		goto out;
	}
	(void)cfg_set_error_function(cfg, schema_syntax);
	schema_watch(cfg);
	if (cfg_parse_buf(cfg, text) != CFG_SUCCESS && parse.faults == 0)
		schema_fault(cfg->line, "syntax error");
	if (parse.faults == 0)
		schema_check(cfg);
out:
	free(top);
	free(map);
	free(handler);
	if (parse.faults > 0) {
		schema_free(cfg);
		cfg = NULL;
	}
	return cfg;
}

cfg_t *
schema_parse(const char *path)
{
	cfg_t *cfg = NULL;
	const char *why;
	int line;

	parse.path = path;
	parse.sections = 0;
	parse.faults = 0;
	parse.n_seen = 0;
	parse.exposed_line = parse.mode_line = 0;
	if ((why = conffile_read(path, &parse.file, &line)) == NULL)
		cfg = schema_parse_text(parse.file.text);
	else if (line == 0)
		schema_fault(0, "%s: %s", why, strerror(errno));
	else
		schema_fault(line, "%s", why);
	conffile_free(&parse.file);
	free(parse.seen);
	parse.seen = NULL;
	return cfg;
}

void
schema_free(cfg_t *cfg)
{
	if (cfg != NULL)
		(void)cfg_free(cfg);
}
