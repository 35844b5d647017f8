/* SPDX-License-Identifier: ISC */
/*
 * inspect: what the mappings point at, looked at before a request does.
 *
 * What is found here can change before it matters; so it is told, and decides
 * nothing. Reads files, but runs and changes none.
 */
#include "platform.h"

#include "inspect.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "map.h"
#include "settings.h"
#include "walk.h"

/* Below a directory of scripts, look at so many files and levels. */
#define INSPECT_FILES	10000
#define INSPECT_DEPTH	4

struct inspection {
	const char		*path;
	const struct mapping	*map;
	unsigned		 faults;
};

static void __attribute__((format(printf, 3, 4)))
inspect_say(struct inspection *in, bool fault, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (fault)
		log_errorx("%s:%d: map \"%s\": %s", in->path, in->map->line,
		    in->map->title, text);
	else
		log_warnx("%s:%d: warning: map \"%s\": %s", in->path, in->map->line,
		    in->map->title, text);
	in->faults += fault;
}

/* "#!interpreter argument": is the interpreter there? */
static const char *
inspect_first_line(char *line, char text[INSPECT_TEXT])
{
	char *name = line + 2 + strspn(line + 2, " \t");
	struct stat st;

	line[strcspn(line, "\n")] = '\0';
	if (*line != '\0' && line[strlen(line) - 1] == '\r')
		return "its first line ends with a carriage return; convert "
		    "it, for example by sed -i 's/\\r$//'";
	name[strcspn(name, " \t")] = '\0';
	if (*name == '\0')
		return "no interpreter after #! in its first line";
	if (access(name, X_OK) == 0 && stat(name, &st) == 0) {
		if (S_ISREG(st.st_mode))
			return NULL;
		errno = EACCES;
	}
	(void)snprintf(text, INSPECT_TEXT, "its interpreter %s: %s", name,
	    strerror(errno));
	return text;
}

const char *
inspect_program(const char *file, char text[INSPECT_TEXT], bool *sure)
{
	char line[256];
	ssize_t n;
	int fd;

	*sure = true;
	if (access(file, X_OK) == -1)
		return strerror(errno);
	if ((fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) == -1) {
		*sure = false;
		return "it cannot be read, which a script must be";
	}
	n = read(fd, line, sizeof line - 1);
	(void)close(fd);
	if (n <= 0)
		return "it is empty";
	line[n] = '\0';
	if (line[0] == '#' && line[1] == '!')
		return inspect_first_line(line, text);
	if (n >= 4 && memcmp(line, "\177ELF", 4) == 0)
		return NULL;
	*sure = access("/proc/sys/fs/binfmt_misc/status", F_OK) == -1;
	return "neither a binary nor a script with #! in its first line";
}

static void
inspect_setid(struct inspection *in, const char *file, mode_t mode)
{
	if (in->map->set.no_new_privileges && (mode & (S_ISUID | S_ISGID)) != 0
	    && (mode & S_IXUSR) != 0)
		inspect_say(in, false, "%s is set%cid, which has no effect; "
		    "no-new-privileges = no lets it", file,
		    (mode & S_ISUID) != 0 ? 'u' : 'g');
}

static void
inspect_named(struct inspection *in, const char *option, const char *file)
{
	char text[INSPECT_TEXT];
	bool sure;
	const char *why = inspect_program(file, text, &sure);
	struct stat st;

	if (why != NULL)
		inspect_say(in, sure, "%s \"%s\" %s be run: %s", option,
		    file, sure ? "cannot" : "can perhaps not", why);
	else if (stat(file, &st) == 0)
		inspect_setid(in, file, st.st_mode);
}

/* A file that nobody may execute: data, unless it says that it is a script. */
static void
inspect_data(struct inspection *in, const char *file)
{
	char first[2] = "";
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd == -1)
		return;
	if (read(fd, first, 2) == 2 && memcmp(first, "#!", 2) == 0)
		inspect_say(in, false, "%s will not run: it begins with #!, "
		    "but is not executable; chmod +x it if it is a program",
		    file);
	(void)close(fd);
}

/* Why would a request for this file not find it? NULL: it would. */
static const char *
inspect_walk(const struct mapping *map, const char *file)
{
	static char *none[] = { NULL };
	size_t root = strlen(map->directory);
	enum cause cause;
	struct walk walk;

	if (map->set.symlinks != SYMLINKS_BENEATH)
		return NULL;
	cause = walk_find(map->directory, file + root, true, none, &walk);
	if (cause == CAUSE_NONE)
		free(walk.file);
	return cause_phrase(cause);
}

/* One file below a directory: is it a script that would run? */
static bool
inspect_script(struct inspection *in, const char *file, const struct stat *st)
{
	const struct handler *handler = map_handler(&in->map->set, file);
	char text[INSPECT_TEXT];
	const char *why;
	bool sure = true;

	if (handler == NULL && (st->st_mode & 0111) == 0) {
		inspect_data(in, file);
		return false;
	}
	if ((st->st_mode & S_IWOTH) != 0)
		why = "it is writable by everyone; chmod o-w it";
	else if ((why = inspect_walk(in->map, file)) != NULL)
		;
	else if (handler != NULL)
		why = access(file, R_OK) == -1 ? strerror(errno) : NULL;
	else
		why = inspect_program(file, text, &sure);
	if (why != NULL)
		inspect_say(in, false, "%s %s run: %s", file,
		    sure ? "will not" : "may not", why);
	inspect_setid(in, file, st->st_mode);
	return why == NULL || !sure;
}

/* Shall this entry of a directory be looked into? */
static bool
inspect_enters(const FTSENT *entry)
{
	return entry->fts_level == 0 || (entry->fts_name[0] != '.' &&
	    entry->fts_level <= INSPECT_DEPTH);
}

/* Can a directory be entered? */
static bool
inspect_entry(struct inspection *in, const char *option, const char *directory)
{
	if (access(directory, X_OK) == 0)
		return true;
	inspect_say(in, true, "%s \"%s\" cannot be entered: %s", option,
	    directory, strerror(errno));
	return false;
}

static void
inspect_directory(struct inspection *in, const char *directory)
{
	char *const roots[] = { in->map->directory, NULL };
	unsigned seen = 0, good = 0;
	bool whole = access(directory, R_OK) == 0;
	FTSENT *entry;
	FTS *fts;

	if (!inspect_entry(in, "directory", directory))
		return;
	if ((fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL)) == NULL)
		return;
	while ((entry = fts_read(fts)) != NULL && ++seen <= INSPECT_FILES) {
		if (entry->fts_info == FTS_D && !inspect_enters(entry)) {
			whole = whole && entry->fts_name[0] == '.';
			(void)fts_set(fts, entry, FTS_SKIP);
		} else if (entry->fts_info == FTS_F &&
		    entry->fts_name[0] != '.') {
			good += inspect_script(in, entry->fts_path,
			    entry->fts_statp);
		}
	}
	(void)fts_close(fts);
	if (good == 0 && whole && seen <= INSPECT_FILES)
		inspect_say(in, false, "nothing in %s can be run; chmod +x the "
		    "programs, or name a handler for them", directory);
}

static void
inspect_map(struct inspection *in)
{
	const struct settings *set = &in->map->set;
	const char *directory = set->working_directory;
	size_t i;

	if (in->map->program != NULL)
		inspect_named(in, "program", in->map->program);
	else if (in->map->directory != NULL)
		inspect_directory(in, in->map->directory);
	for (i = 0; i < in->map->script_filename.n; i++)
		(void)inspect_entry(in, "script-filename",
		    in->map->script_filename.v[i]);
	for (i = 0; i < set->handlers.n; i++)
		inspect_named(in, "the program of handler",
		    set->handlers.v[i].program);
	if (directory != NULL)
		(void)inspect_entry(in, "working-directory", directory);
}

unsigned
inspect_config(const struct config *config, const char *path)
{
	struct inspection in = { .path = path };
	size_t i;

	if (access(config->spool_directory, W_OK | X_OK) == -1) {
		log_error("%s: spool-directory \"%s\" cannot be written to by "
		    "the programs' user; name another", path,
		    config->spool_directory);
		in.faults++;
	}
	for (i = 0; i < config->n_maps; i++) {
		in.map = &config->maps[i];
		inspect_map(&in);
	}
	return in.faults;
}
