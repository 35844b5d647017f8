/* SPDX-License-Identifier: ISC */
/*
 * handover: what a master hands to the binary that takes its place.
 *
 * Lines of words, in a file without a name. A version that finds a word it does
 * not know refuses all of it, as what it cannot understand would be lost.
 */
#include "platform.h"

#include "handover.h"

#include <bsd/stdlib.h>
#include <bsd/string.h>
#define LIBBSD_OPENBSD_VIS	/* else its header warns of strnvis() */
#include <bsd/vis.h>
#include <sys/mman.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inherit.h"

#define HANDOVER_FORMAT		"scgi-cgid-handover 1\n"
#define HANDOVER_WORDS		8

/* ---- the lists ---- */

/* Room for one more element, zeroed, at the end of a list of `n`. */
static void *
handover_add(void *listp, size_t *n, size_t size)
{
	void *list, *grown;
	char *added;

	memcpy(&list, listp, sizeof list);
	if ((grown = reallocarray(list, *n + 1, size)) == NULL)
		return NULL;
	memcpy(listp, &grown, sizeof grown);
	added = (char *)grown + (*n)++ * size;
	memset(added, 0, size);
	return added;
}

struct handed_worker *
handover_add_worker(struct handed_crew *c)
{
	return handover_add(&c->workers, &c->n_workers, sizeof *c->workers);
}

struct handed_crew *
handover_add_crew(struct handover *h)
{
	return handover_add(&h->crews, &h->n_crews, sizeof *h->crews);
}

struct listener *
handover_add_listener(struct handover *h)
{
	return handover_add(&h->listeners, &h->n_listeners,
	    sizeof *h->listeners);
}

void
handover_free(struct handover *h)
{
	size_t i;

	if (h == NULL)
		return;
	for (i = 0; i < h->n_listeners; i++) {
		free(h->listeners[i].text);
		free(h->listeners[i].path);
	}
	for (i = 0; i < h->n_crews; i++)
		free(h->crews[i].workers);
	free(h->listeners);
	free(h->crews);
	free(h->config);
	free(h->log);
	free(h->access_log);
	free(h->pid_file);
	free(h);
}

static void
handover_pass_one(int fd, bool pass)
{
	(void)fcntl(fd, F_SETFD, pass ? 0 : FD_CLOEXEC);
}

void
handover_pass(const struct handover *h, int fd, bool pass)
{
	size_t i, j;

	handover_pass_one(fd, pass);
	for (i = 0; i < h->n_listeners; i++)
		handover_pass_one(h->listeners[i].fd, pass);
	for (i = 0; i < h->n_crews; i++)
		for (j = 0; j < h->crews[i].n_workers; j++)
			handover_pass_one(h->crews[i].workers[j].leash, pass);
}

/* ---- writing ---- */

/* A string as one word, with a colon before it; NULL is a lone minus. */
static void
handover_put(FILE *f, const char *text)
{
	char word[8];

	(void)fputs(text == NULL ? " -" : " :", f);
	for (; text != NULL && *text != '\0'; text++) {
		(void)vis(word, (unsigned char)*text, VIS_WHITE | VIS_OCTAL,
		    (unsigned char)text[1]);
		(void)fputs(word, f);
	}
}

static void
handover_put_crew(FILE *f, const struct handed_crew *c)
{
	size_t i;

	(void)fprintf(f, "crew %d %lld %lld %lld %zu\n", c->stage,
	    (long long)c->patience_ms, (long long)c->drain_ms,
	    (long long)c->overdue_ms, c->n_listeners);
	for (i = 0; i < c->n_workers; i++)
		(void)fprintf(f, "worker %u %d %d\n", c->workers[i].number,
		    (int)c->workers[i].pid, c->workers[i].leash);
}

/* As signed numbers, because that is what strtonum(3) reads. */
static void
handover_put_all(FILE *f, const struct handover *h)
{
	size_t i;

	(void)fputs(HANDOVER_FORMAT "config", f);
	handover_put(f, h->config);
	(void)fprintf(f, "\nlog %d", h->log_level);
	handover_put(f, h->log);
	handover_put(f, h->access_log);
	(void)fputs("\npid-file", f);
	handover_put(f, h->pid_file);
	(void)fprintf(f, "\nnofile %lld %lld\n", (long long)h->nofile.rlim_cur,
	    (long long)h->nofile.rlim_max);
	for (i = 0; i < h->n_listeners; i++) {
		(void)fprintf(f, "listener %d %d %lld %lld",
		    h->listeners[i].fd, h->listeners[i].is_unix,
		    (long long)h->listeners[i].dev,
		    (long long)h->listeners[i].ino);
		handover_put(f, h->listeners[i].text);
		handover_put(f, h->listeners[i].path);
		(void)fputc('\n', f);
	}
	for (i = 0; i < h->n_crews; i++)
		handover_put_crew(f, &h->crews[i]);
}

int
handover_write(const struct handover *h)
{
	int fd = memfd_create("scgi-cgid-handover", MFD_CLOEXEC), copy = -1;
	FILE *f = NULL;
	bool good;

	if (fd == -1 || (copy = fcntl(fd, F_DUPFD_CLOEXEC, 3)) == -1 ||
	    (f = fdopen(copy, "w")) == NULL)
		goto fail;
	handover_put_all(f, h);
	good = ferror(f) == 0;
	copy = -1;
	if (fclose(f) == 0 && good)
		return fd;
fail:
	if (copy != -1)
		(void)close(copy);
	if (fd != -1)
		(void)close(fd);
	return -1;
}

/* ---- reading ---- */

/* A word that was a string: false if it is none. */
static bool
handover_text(const char *word, char **text)
{
	if (strcmp(word, "-") == 0)
		return true;
	if (word[0] != ':' || (*text = malloc(strlen(word))) == NULL)
		return false;
	return strunvis(*text, word + 1) != -1;
}

static bool
handover_number(const char *word, long long min, long long max, long long *n)
{
	const char *why;

	*n = strtonum(word, min, max, &why);
	return why == NULL;
}

static bool
handover_get_config(struct handover *h, char *const words[])
{
	return handover_text(words[0], &h->config) && h->config != NULL;
}

static bool
handover_get_log(struct handover *h, char *const words[])
{
	long long level;

	if (!handover_number(words[0], 0, 7, &level))
		return false;
	h->log_level = (int)level;
	return handover_text(words[1], &h->log) &&
	    handover_text(words[2], &h->access_log);
}

static bool
handover_get_pid_file(struct handover *h, char *const words[])
{
	return handover_text(words[0], &h->pid_file);
}

static bool
handover_get_nofile(struct handover *h, char *const words[])
{
	long long soft, hard;

	if (!handover_number(words[0], LLONG_MIN, LLONG_MAX, &soft) ||
	    !handover_number(words[1], LLONG_MIN, LLONG_MAX, &hard))
		return false;
	h->nofile.rlim_cur = (rlim_t)soft;
	h->nofile.rlim_max = (rlim_t)hard;
	return true;
}

static bool
handover_get_listener(struct handover *h, char *const words[])
{
	struct listener *l = handover_add_listener(h);
	long long fd, is_unix, dev, ino;

	if (l == NULL || !handover_number(words[0], 3, INT_MAX, &fd) ||
	    !handover_number(words[1], 0, 1, &is_unix) ||
	    !handover_number(words[2], LLONG_MIN, LLONG_MAX, &dev) ||
	    !handover_number(words[3], LLONG_MIN, LLONG_MAX, &ino))
		return false;
	l->fd = (int)fd;
	l->is_unix = is_unix != 0;
	l->inherited = inherit_find(l->fd) != NULL;
	l->dev = (dev_t)dev;
	l->ino = (ino_t)ino;
	return handover_text(words[4], &l->text) && l->text != NULL &&
	    handover_text(words[5], &l->path);
}

static bool
handover_get_crew(struct handover *h, char *const words[])
{
	struct handed_crew *c = handover_add_crew(h);
	long long v[5];
	size_t i;

	for (i = 0; i < 5; i++)
		if (!handover_number(words[i], 0, LLONG_MAX, &v[i]))
			return false;
	if (c == NULL || v[0] > INT_MAX)
		return false;
	c->stage = (int)v[0];
	c->patience_ms = v[1];
	c->drain_ms = v[2];
	c->overdue_ms = v[3];
	c->n_listeners = (size_t)v[4];
	return true;
}

static bool
handover_get_worker(struct handover *h, char *const words[])
{
	struct handed_worker *w;
	long long number, pid, leash;

	if (h->n_crews == 0 ||
	    (w = handover_add_worker(&h->crews[h->n_crews - 1])) == NULL ||
	    !handover_number(words[0], 1, INT_MAX, &number) ||
	    !handover_number(words[1], 2, INT_MAX, &pid) ||
	    !handover_number(words[2], 3, INT_MAX, &leash))
		return false;
	*w = (struct handed_worker){ (unsigned)number, (pid_t)pid,
	    (int)leash };
	return true;
}

static const struct {
	const char	*word;
	size_t		 n;		/* of the words behind it */
	bool		(*get)(struct handover *, char *const words[]);
} handover_lines[] = {
	{ "config", 1, handover_get_config },
	{ "log", 3, handover_get_log },
	{ "pid-file", 1, handover_get_pid_file },
	{ "nofile", 2, handover_get_nofile },
	{ "listener", 6, handover_get_listener },
	{ "crew", 5, handover_get_crew },
	{ "worker", 3, handover_get_worker },
};

static bool
handover_get(struct handover *h, char *line)
{
	char *words[HANDOVER_WORDS], *word;
	size_t n = 0, i;

	line[strcspn(line, "\n")] = '\0';
	while ((word = strsep(&line, " ")) != NULL)
		if (n == HANDOVER_WORDS)
			return false;
		else
			words[n++] = word;
	for (i = 0; i < sizeof handover_lines / sizeof handover_lines[0]; i++)
		if (strcmp(words[0], handover_lines[i].word) == 0)
			return n == handover_lines[i].n + 1 &&
			    handover_lines[i].get(h, words + 1);
	return false;
}

static bool
handover_get_all(struct handover *h, FILE *f, const char **why)
{
	char *line = NULL;
	size_t size = 0;
	bool good;

	*why = "of another version";
	good = getline(&line, &size, f) != -1 &&
	    strcmp(line, HANDOVER_FORMAT) == 0;
	while (good && getline(&line, &size, f) != -1)
		good = handover_get(h, line);
	free(line);
	if (good && (h->config == NULL || h->n_crews == 0)) {
		*why = "incomplete";
		return false;
	}
	return good;
}

struct handover *
handover_read(int fd, const char **why)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	FILE *f = copy == -1 ? NULL : fdopen(copy, "r");
	struct handover *h = calloc(1, sizeof *h);

	*why = strerror(errno);
	if (f == NULL || h == NULL || fseek(f, 0, SEEK_SET) == -1 ||
	    !handover_get_all(h, f, why)) {
		handover_free(h);
		h = NULL;
	} else {
		*why = NULL;
	}
	if (f != NULL)
		(void)fclose(f);
	else if (copy != -1)
		(void)close(copy);
	return h;
}
