/* SPDX-License-Identifier: ISC */
/*
 * inherit: sockets that the service manager has opened for us.
 *
 * As sd_listen_fds(3) documents the protocol. The descriptors handed over are
 * kept as they are and where they are, whatever the configuration uses of them
 * at the moment; who listens on one works with a copy. So a later
 * configuration, or a later binary in our place, finds them again.
 */
#include "platform.h"

#include "inherit.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "units.h"

#define INHERIT_FIRST	3		/* descriptor */
#define INHERIT_MAX	1024		/* more are a mistake */
#define INHERIT_UNNAMED	"unknown"	/* as systemd calls them */

static struct inherited *inherited;
static size_t n_inherited;

/* How many were handed over to this process; 0 if it is somebody else's. */
static int64_t
inherit_count(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	int64_t whose, n;

	if (pid == NULL || fds == NULL || units_number(pid, &whose) != NULL ||
	    whose != getpid())
		return 0;
	return units_number(fds, &n) == NULL && n <= INHERIT_MAX ? n : -1;
}

/* The names, one after the other; "unknown" where there are no more. */
static char *
inherit_name(const char **names)
{
	size_t len = strcspn(*names, ":");
	char *name = len > 0 ? strndup(*names, len) : strdup(INHERIT_UNNAMED);

	*names += len + ((*names)[len] == ':');
	return name;
}

/* What it is called in our listeners; no two are called the same. */
static char *
inherit_text(const char *name)
{
	unsigned before = 0;
	char *text;
	size_t i;
	int rc;

	for (i = 0; i < n_inherited; i++)
		before += strcmp(inherited[i].name, name) == 0;
	rc = before == 0 ? asprintf(&text, INHERIT_WORD ":%s", name) :
	    asprintf(&text, INHERIT_WORD ":%s:%u", name, before + 1);
	return rc == -1 ? NULL : text;
}

static int
inherit_take(int64_t n)
{
	const char *names = getenv("LISTEN_FDNAMES");
	struct inherited *one;

	if (names == NULL)
		names = "";
	if ((inherited = calloc((size_t)n, sizeof *inherited)) == NULL)
		return -1;
	while (n_inherited < (size_t)n) {
		one = &inherited[n_inherited];
		one->fd = INHERIT_FIRST + (int)n_inherited;
		if (fcntl(one->fd, F_SETFD, FD_CLOEXEC) == -1 ||
		    (one->name = inherit_name(&names)) == NULL ||
		    (one->text = inherit_text(one->name)) == NULL)
			return -1;
		n_inherited++;
	}
	return 0;
}

static void
inherit_forget_variables(void)
{
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
}

int
inherit_init(void)
{
	int64_t n = inherit_count();
	int rc = 0;

	if (n == -1) {
		log_errorx("LISTEN_FDS is no number of sockets: %s",
		    getenv("LISTEN_FDS"));
		rc = -1;
	} else if (n > 0 && inherit_take(n) == -1) {
		log_error("cannot take descriptor %zu of %lld that the service "
		    "manager promises", INHERIT_FIRST + n_inherited,
		    (long long)n);
		rc = -1;
	}
	inherit_forget_variables();
	return rc;
}

/* The names in one string, as they came. To be freed; NULL with errno. */
static char *
inherit_names(void)
{
	size_t i, size = 1;
	char *names, *end;

	for (i = 0; i < n_inherited; i++)
		size += strlen(inherited[i].name) + 1;
	if ((names = end = malloc(size)) == NULL)
		return NULL;
	*end = '\0';
	for (i = 0; i < n_inherited; i++) {
		if (i > 0)
			*end++ = ':';
		end = stpcpy(end, inherited[i].name);
	}
	return names;
}

int
inherit_restore(void)
{
	char number[32], *names;
	size_t i;
	int rc = 0;

	if (n_inherited == 0)
		return 0;
	if ((names = inherit_names()) == NULL)
		return -1;
	for (i = 0; i < n_inherited && rc == 0; i++)
		rc = fcntl(inherited[i].fd, F_SETFD, 0);
	if (rc == 0)
		rc = setenv("LISTEN_FDNAMES", names, 1);
	free(names);
	(void)snprintf(number, sizeof number, "%zu", n_inherited);
	if (rc == -1 || setenv("LISTEN_FDS", number, 1) == -1)
		return -1;
	(void)snprintf(number, sizeof number, "%d", (int)getpid());
	return setenv("LISTEN_PID", number, 1);
}

void
inherit_hold(void)
{
	size_t i;

	for (i = 0; i < n_inherited; i++)
		(void)fcntl(inherited[i].fd, F_SETFD, FD_CLOEXEC);
	inherit_forget_variables();
}

const struct inherited *
inherit_all(size_t *n)
{
	*n = n_inherited;
	return inherited;
}

const struct inherited *
inherit_find(int fd)
{
	struct stat ours, theirs;
	size_t i;

	if (n_inherited == 0 || fstat(fd, &ours) == -1)
		return NULL;
	for (i = 0; i < n_inherited; i++)
		if (fstat(inherited[i].fd, &theirs) == 0 &&
		    ours.st_dev == theirs.st_dev &&
		    ours.st_ino == theirs.st_ino)
			return &inherited[i];
	return NULL;
}

bool
inherit_is_word(const char *word)
{
	size_t len = strlen(INHERIT_WORD);

	return strncmp(word, INHERIT_WORD, len) == 0 &&
	    (word[len] == '\0' || word[len] == ':');
}

const char *
inherit_check(const char *word)
{
	const char *name = word + strlen(INHERIT_WORD);

	if (name[0] == '\0')
		return NULL;
	if (name[1] == '\0')
		return "no name after " INHERIT_WORD ":, which is what "
		    "FileDescriptorName= in the socket unit says";
	return strchr(name + 1, ':') == NULL ? NULL :
	    "a name has no colon in it";
}

bool
inherit_means(const char *word, const struct inherited *one)
{
	const char *name = word + strlen(INHERIT_WORD);

	return name[0] == '\0' || strcmp(name + 1, one->name) == 0;
}

void
inherit_forked(void)
{
	size_t i;

	for (i = 0; i < n_inherited; i++)
		(void)close(inherited[i].fd);
}
