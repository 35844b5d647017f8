/* SPDX-License-Identifier: ISC */
/*
 * sockets: the listening sockets of a configuration.
 *
 * Two configurations may share some: those of the same address. Caution: their
 * structures are then copies of each other, and only one of them is closed.
 */
#include "platform.h"

#include "sockets.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "listen.h"
#include "log.h"
#include "privs.h"
#include "settings.h"

/* Who may connect to Unix sockets: by default the programs' user and group. */
static void
sockets_access(const struct config *config, const struct privs *privs,
    struct listen_access *access)
{
	const struct passwd *pw;
	const struct group *gr;

	*access = (struct listen_access){
		.mode = (mode_t)config->socket_mode,
		.uid = privs->change ? privs->uid : (uid_t)-1,
		.gid = privs->change ? privs->gid : (gid_t)-1,
	};
	if (config->socket_owner != NULL &&
	    (pw = getpwnam(config->socket_owner)) != NULL)
		access->uid = pw->pw_uid;
	if (config->socket_group != NULL &&
	    (gr = getgrnam(config->socket_group)) != NULL)
		access->gid = gr->gr_gid;
}

/* Do two spellings mean one address? */
static bool
sockets_same(const char *one, const char *other)
{
	struct address a, b;

	if (strcmp(one, other) == 0)
		return true;
	return address_parse(one, &a) == NULL &&
	    address_parse(other, &b) == NULL && a.kind == b.kind &&
	    a.sa_len == b.sa_len && memcmp(&a.sa, &b.sa, a.sa_len) == 0;
}

const struct listener *
sockets_find(const struct sockets *s, const char *text)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (sockets_same(s->v[i].text, text))
			return &s->v[i];
	return NULL;
}

bool *
sockets_missing(const struct sockets *s, const struct sockets *kept)
{
	bool *missing = calloc(s->n + 1, sizeof *missing);
	size_t i;

	for (i = 0; missing != NULL && i < s->n; i++)
		missing[i] = sockets_find(kept, s->v[i].text) == NULL;
	return missing;
}

void
sockets_close(struct sockets *s, const struct sockets *kept)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (kept != NULL &&
		    sockets_find(kept, s->v[i].text) != NULL)
			continue;
		listen_retire(&s->v[i]);
		listen_close(&s->v[i]);
	}
	free(s->v);
	*s = (struct sockets){ .v = NULL };
}

int
sockets_open(struct sockets *s, const struct sockets *open,
    const struct config *config, const struct privs *privs)
{
	const struct listener *same;
	struct listen_access access;
	const char *text, *hint;

	sockets_access(config, privs, &access);
	*s = (struct sockets){ .v = calloc(config->listen.n, sizeof *s->v) };
	if (s->v == NULL)
		return -1;
	for (; s->n < config->listen.n; s->n++) {
		text = config->listen.v[s->n];
		if ((same = sockets_find(open, text)) != NULL) {
			s->v[s->n] = *same;
			continue;
		}
		if (listen_open(&s->v[s->n], text, &access) == 0)
			continue;
		hint = errno == EADDRINUSE ?
		    " (does another scgi-cgid run?)" : errno == ENOENT ?
		    " (the directory must exist)" : errno == EEXIST ?
		    " (a file that is no socket is in the way)" : "";
		log_error("cannot listen on %s%s", text, hint);
		sockets_close(s, open);
		return -1;
	}
	return 0;
}
