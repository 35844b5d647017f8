/* SPDX-License-Identifier: ISC */
/*
 * allow: which peers may connect.
 *
 * SCGI has no passwords: who reaches the socket runs programs. A Unix peer is
 * known by its user id at the time of connect(2) (SO_PEERCRED), a TCP peer by
 * its address.
 */
#include "platform.h"

#include "allow.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "units.h"

struct allow_rule {
	sa_family_t	family;		/* AF_UNIX, AF_INET, AF_INET6 */
	uid_t		uid;
	unsigned char	address[16];	/* in network order, */
	unsigned	bits;		/* of which so many count */
};

static const char *
allow_parse_uid(const char *name, struct allow_rule *rule)
{
	const struct passwd *pw;
	int64_t number;

	rule->family = AF_UNIX;
	if (units_number(name, &number) == NULL) {
		if (number < 0 || number >= UINT_MAX)
			return "not a user id";
		rule->uid = (uid_t)number;
		return NULL;
	}
	if ((pw = getpwnam(name)) == NULL)
		return "no such user";
	rule->uid = pw->pw_uid;
	return NULL;
}

/* Is every bit behind the prefix zero, so that nobody expects it to count? */
static bool
allow_is_prefix(const struct allow_rule *rule, unsigned width)
{
	unsigned bit;

	for (bit = rule->bits; bit < width; bit++)
		if ((rule->address[bit / 8] & (0x80U >> bit % 8)) != 0)
			return false;
	return true;
}

static const char *
allow_parse_address(const char *text, struct allow_rule *rule)
{
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	char host[INET6_ADDRSTRLEN];
	int64_t bits;
	unsigned width;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	(void)snprintf(host, sizeof host, "%.*s", (int)len, text);
	rule->family = memchr(text, ':', len) != NULL ? AF_INET6 : AF_INET;
	width = rule->family == AF_INET6 ? 128 : 32;
	if (len >= sizeof host ||
	    inet_pton(rule->family, host, rule->address) != 1)
		return "neither uid:NAME nor an address such as 10.0.0.0/8";
	bits = width;
	if (slash != NULL && (units_number(slash + 1, &bits) != NULL ||
	    bits < 0 || bits > width))
		return "the prefix length is not a number that fits";
	rule->bits = (unsigned)bits;
	return allow_is_prefix(rule, width) ? NULL :
	    "bits are set behind the prefix; write them as 0";
}

static const char *
allow_parse(const char *text, struct allow_rule *rule)
{
	*rule = (struct allow_rule){ .family = AF_UNSPEC };
	return allow_is_address(text) ? allow_parse_address(text, rule) :
	    allow_parse_uid(text + 4, rule);
}

const char *
allow_check(const char *text)
{
	struct allow_rule rule;

	return allow_parse(text, &rule);
}

bool
allow_is_address(const char *text)
{
	return strncmp(text, "uid:", 4) != 0;
}

int
allow_make(struct allow *allow, char *const *list)
{
	size_t n = 0;

	*allow = (struct allow){ .v = NULL };
	while (list != NULL && list[n] != NULL)
		n++;
	if (n > 0 && (allow->v = calloc(n, sizeof *allow->v)) == NULL)
		return -1;
	/* A user may have been removed since: then nobody has the rule. */
	for (; allow->n < n; allow->n++)
		if (allow_parse(list[allow->n], &allow->v[allow->n]) != NULL)
			allow->v[allow->n].uid = (uid_t)-1;
	return 0;
}

void
allow_free(struct allow *allow)
{
	free(allow->v);
	*allow = (struct allow){ .v = NULL };
}

/* Who is it, in the form of a rule? */
static bool
allow_find_peer(int fd, struct allow_rule *peer)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof ss;
	struct ucred cred = { .uid = (uid_t)-1 };

	*peer = (struct allow_rule){ .uid = (uid_t)-1 };
	if (getpeername(fd, (struct sockaddr *)&ss, &len) == -1)
		return false;
	peer->family = ss.ss_family;
	len = sizeof cred;
	switch (ss.ss_family) {
	case AF_UNIX:
		if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1)
			return false;
		peer->uid = cred.uid;
		return peer->uid != (uid_t)-1;
	case AF_INET:
		memcpy(peer->address, &((struct sockaddr_in *)&ss)->sin_addr, 4);
		return true;
	case AF_INET6:
		memcpy(peer->address, &((struct sockaddr_in6 *)&ss)->sin6_addr,
		    16);
		return true;
	default:
		return false;
	}
}

/* Are the first bits of two addresses equal? */
static bool
allow_covers(const struct allow_rule *rule, const struct allow_rule *peer)
{
	unsigned whole = rule->bits / 8, rest = rule->bits % 8;

	if (memcmp(rule->address, peer->address, whole) != 0)
		return false;
	return rest == 0 || ((rule->address[whole] ^ peer->address[whole]) &
	    (0xff00U >> rest) & 0xffU) == 0;
}

bool
allow_peer(const struct allow *allow, int fd, char *who, size_t size)
{
	struct allow_rule peer;
	const struct allow_rule *rule;
	bool ruled = false;

	if (allow->n == 0)
		return true;
	if (!allow_find_peer(fd, &peer))
		return false;
	for (rule = allow->v; rule < allow->v + allow->n; rule++) {
		/* The two kinds of addresses are one kind of rule. */
		ruled = ruled || (rule->family == AF_UNIX) ==
		    (peer.family == AF_UNIX);
		if (rule->family == peer.family && (peer.family == AF_UNIX ?
		    rule->uid == peer.uid : allow_covers(rule, &peer)))
			return true;
	}
	if (ruled && peer.family == AF_UNIX)
		(void)snprintf(who, size, "uid:%u", (unsigned)peer.uid);
	return !ruled;
}
