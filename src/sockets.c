/* SPDX-License-Identifier: ISC */
/*
 * sockets: the listening sockets of a configuration.
 *
 * Two configurations may share some: those of the same address. Caution: their
 * structures are then copies of each other, and only one of them is closed.
 *
 * A word of the configuration that means inherited sockets makes a listener of
 * each. An address that an inherited socket has already makes one of that, so
 * that one configuration does with a socket unit and without.
 */
#include "platform.h"

#include "sockets.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "allow.h"
#include "handover.h"
#include "inherit.h"
#include "listen.h"
#include "log.h"
#include "privs.h"
#include "settings.h"

/* Who may connect to Unix sockets: by default the programs' user and group. */
static int
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
	if (config->socket_owner != NULL) {
		if ((pw = getpwnam(config->socket_owner)) == NULL)
			return -1;
		access->uid = pw->pw_uid;
	}
	if (config->socket_group != NULL) {
		if ((gr = getgrnam(config->socket_group)) == NULL)
			return -1;
		access->gid = gr->gr_gid;
	}
	return 0;
}

/* Do two spellings mean one address? */
static bool
sockets_same(const char *one, const char *other)
{
	struct address a, b;

	if (strcmp(one, other) == 0)
		return true;
	if (inherit_is_word(one) || inherit_is_word(other))
		return false;
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
		if (kept != NULL && kept != s &&
		    sockets_find(kept, s->v[i].text) != NULL)
			continue;
		listen_retire(&s->v[i]);
		listen_close(&s->v[i]);
	}
	free(s->v);
	*s = (struct sockets){ .v = NULL };
}

/* ---- inherited ones ---- */

/* Is one of them this inherited socket? */
static bool
sockets_have(const struct sockets *s, const struct inherited *one)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->v[i].inherited && inherit_find(s->v[i].fd) == one)
			return true;
	return false;
}

/* Where it listens. False if that cannot be known. */
static bool
sockets_address(int fd, struct address *a)
{
	const struct sockaddr_un *sun = (const struct sockaddr_un *)&a->sa;

	*a = (struct address){ .kind = ADDRESS_INET,
	    .sa_len = sizeof a->sa };
	if (getsockname(fd, (struct sockaddr *)&a->sa, &a->sa_len) == -1)
		return false;
	if (a->sa.ss_family == AF_UNIX)
		a->kind = sun->sun_path[0] == '/' ? ADDRESS_PATH :
		    ADDRESS_ABSTRACT;
	return true;
}

/* Does it let in more than is good, and has `allow` no rules for that? */
static const char *
sockets_exposed(int fd, const struct config *config)
{
	const struct sockaddr_un *sun;
	struct address a;
	struct stat st;
	bool exposed;
	size_t i;

	if (!sockets_address(fd, &a))
		return "its address cannot be known";
	sun = (const struct sockaddr_un *)&a.sa;
	exposed = a.kind == ADDRESS_ABSTRACT || !address_is_local(&a) ||
	    (a.kind == ADDRESS_PATH && stat(sun->sun_path, &st) == 0 &&
	    (st.st_mode & S_IWOTH) != 0);
	for (i = 0; exposed && i < config->allow.n; i++)
		exposed = allow_is_address(config->allow.v[i]) !=
		    (a.kind == ADDRESS_INET);
	if (!exposed)
		return NULL;
	return a.kind == ADDRESS_INET ? "every machine that reaches its "
	    "address could run programs: name the front ends, as in "
	    "allow = { \"10.0.0.0/8\" }" :
	    "every user of this machine could run programs: name the front "
	    "end's, as in allow = { \"uid:www-data\" }, or set "
	    "SocketMode=0660 and SocketUser= in the socket unit";
}

/* Listen on an inherited socket. -1 after saying why not. */
static int
sockets_adopt(struct sockets *s, const struct inherited *one, const char *text)
{
	const char *why = listen_adopt(&s->v[s->n], one->fd, text);

	if (why != NULL) {
		log_errorx("cannot listen on %s, which the service manager "
		    "has handed over: %s", one->text, why);
		return -1;
	}
	s->n++;
	return 0;
}

/* Those that the word means. -1 after saying why not. */
static int
sockets_inherit(struct sockets *s, const struct sockets *open,
    const char *word)
{
	size_t i, n, found = 0;
	const struct inherited *all = inherit_all(&n);
	const struct listener *same;

	for (i = 0; i < n; i++) {
		if (!inherit_means(word, &all[i]))
			continue;
		found++;
		if (sockets_have(s, &all[i]))
			continue;
		if ((same = sockets_find(open, all[i].text)) != NULL)
			s->v[s->n++] = *same;
		else if (sockets_adopt(s, &all[i], all[i].text) == -1)
			return -1;
	}
	if (found > 0)
		return 0;
	if (n == 0)
		log_errorx("cannot listen on %s: the service manager has "
		    "handed over no socket: start the socket unit, or name "
		    "an address", word);
	else
		log_errorx("cannot listen on %s: the service manager has "
		    "handed over none of that name, but %s%s", word,
		    all[0].text, n > 1 ? " and others" : "");
	return -1;
}

/* The inherited socket that has this address, or NULL. */
static const struct inherited *
sockets_at(const char *text)
{
	size_t i, n;
	const struct inherited *all = inherit_all(&n);
	struct address wanted, has;

	if (n == 0 || address_parse(text, &wanted) != NULL)
		return NULL;
	for (i = 0; i < n; i++)
		if (sockets_address(all[i].fd, &has) &&
		    has.kind == wanted.kind && has.sa_len == wanted.sa_len &&
		    memcmp(&has.sa, &wanted.sa, has.sa_len) == 0)
			return &all[i];
	return NULL;
}

/*
 * Does this configuration, with its rules, suit the inherited ones? A socket
 * that nobody answers is worth a word.
 */
static int
sockets_check(const struct sockets *s, const struct config *config)
{
	size_t i, n;
	const struct inherited *all = inherit_all(&n);
	const char *why;

	for (i = 0; i < s->n; i++) {
		if (!s->v[i].inherited ||
		    (why = sockets_exposed(s->v[i].fd, config)) == NULL)
			continue;
		log_errorx("will not listen on %s, which the service manager "
		    "has handed over: %s", s->v[i].text, why);
		return -1;
	}
	for (i = 0; i < n; i++)
		if (!sockets_have(s, &all[i]))
			log_warnx("nobody answers on %s, which the service "
			    "manager has handed over: add it to listen, or "
			    "remove it from the socket unit", all[i].text);
	return 0;
}

/* ---- all of them ---- */

/* The socket of an address. -1 after saying why not. */
static int
sockets_open_one(struct sockets *s, const struct sockets *open,
    const struct listen_access *access, const char *text)
{
	const struct listener *same = sockets_find(open, text);
	const struct inherited *one;
	const char *hint;

	if (same != NULL) {
		s->v[s->n++] = *same;
		return 0;
	}
	if ((one = sockets_at(text)) != NULL)
		return sockets_have(s, one) ? 0 :
		    sockets_adopt(s, one, text);
	if (listen_open(&s->v[s->n], text, access) == 0) {
		s->n++;
		return 0;
	}
	hint = errno == EADDRINUSE ? " (does another scgi-cgid run?)" :
	    errno == ENOENT ? " (the directory must exist)" :
	    errno == EEXIST ? " (a file that is no socket is in the way)" : "";
	log_error("cannot listen on %s%s", text, hint);
	return -1;
}

int
sockets_open(struct sockets *s, const struct sockets *open,
    const struct config *config, const struct privs *privs)
{
	struct listen_access access;
	const char *text;
	size_t i, n;
	int rc = 0;

	*s = (struct sockets){ .v = NULL };
	if (sockets_access(config, privs, &access) == -1) {
		log_error("cannot find the owner of the sockets");
		return -1;
	}
	(void)inherit_all(&n);
	if ((s->v = calloc(config->listen.n + n, sizeof *s->v)) == NULL) {
		log_error("cannot open the sockets");
		return -1;
	}
	for (i = 0; i < config->listen.n && rc == 0; i++) {
		text = config->listen.v[i];
		rc = inherit_is_word(text) ?
		    sockets_inherit(s, open, text) :
		    sockets_open_one(s, open, &access, text);
	}
	if (rc == 0)
		rc = sockets_check(s, config);
	if (rc == -1)
		sockets_close(s, open);
	return rc;
}

int
sockets_hand_over(const struct sockets *s, struct handover *to)
{
	struct listener *l;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if ((l = handover_add_listener(to)) == NULL)
			return -1;
		*l = s->v[i];
		l->text = strdup(l->text);
		l->path = l->path == NULL ? NULL : strdup(l->path);
		if (l->text == NULL ||
		    (l->path == NULL && s->v[i].path != NULL))
			return -1;
	}
	return 0;
}
