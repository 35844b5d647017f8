/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "allow.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include "check_main.h"

#define NEITHER	"neither uid:NAME nor an address such as 10.0.0.0/8"
#define LENGTH	"the prefix length is not a number that fits"
#define BEHIND	"bits are set behind the prefix; write them as 0"

static const struct {
	const char	*text, *why;
} texts[] = {
	{ "uid:root", NULL },
	{ "uid:0", NULL },
	{ "uid:4294967294", NULL },
	{ "uid:4294967295", "not a user id" },
	{ "uid:no-such-user", "no such user" },
	{ "uid:", "no such user" },
	{ "uid:-1", "no such user" },
	{ "127.0.0.1", NULL },
	{ "10.0.0.0/8", NULL },
	{ "0.0.0.0/0", NULL },
	{ "255.255.255.255/32", NULL },
	{ "10.0.0.2/31", NULL },
	{ "10.0.0.1/31", BEHIND },
	{ "10.1.0.0/8", BEHIND },
	{ "1.0.0.0/0", BEHIND },
	{ "10.0.0.0/33", LENGTH },
	{ "10.0.0.0/", LENGTH },
	{ "10.0.0.0/-1", LENGTH },
	{ "10.0.0.0/8x", LENGTH },
	{ "10.0.0.0/255.0.0.0", LENGTH },
	{ "10.0.0", NEITHER },
	{ "10.0.0.256", NEITHER },
	{ "", NEITHER },
	{ "/8", NEITHER },
	{ "localhost", NEITHER },
	{ "127.0.0.1:80", NEITHER },
	{ "::1", NULL },
	{ "[::1]", NULL },
	{ "::/0", NULL },
	{ "fd00::/8", NULL },
	{ "[fd00::]/8", NULL },
	{ "fd00::1/128", NULL },
	{ "fd00::/129", LENGTH },
	{ "fd01::/8", BEHIND },
	{ "[::1", NEITHER },
	{ "[127.0.0.1]", NULL },
	{ "::g", NEITHER },
};

START_TEST(text)
{
	CHECK_TEXT(texts[_i].text, allow_check(texts[_i].text), texts[_i].why);
}
END_TEST

/* A connection over loopback, seen from the accepting side. */
static int
connection(const char *from)
{
	struct sockaddr_storage ss = { .ss_family = AF_INET }, own;
	struct sockaddr_in *sin = (struct sockaddr_in *)&ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&ss;
	socklen_t len = sizeof *sin;
	int fds[2], listener, client, fd;

	if (strcmp(from, "unix") == 0) {
		ck_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
		(void)close(fds[1]);
		return fds[0];
	}
	if (strchr(from, ':') != NULL) {
		ss.ss_family = AF_INET6;
		sin6->sin6_addr = in6addr_loopback;
		len = sizeof *sin6;
	} else
		sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(ss.ss_family, SOCK_STREAM, 0);
	client = socket(ss.ss_family, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&ss, len) == -1) {
		(void)close(listener);
		(void)close(client);
		return -1;			/* no IPv6 here */
	}
	ck_assert(listen(listener, 1) == 0);
	own = ss;
	ck_assert(getsockname(listener, (struct sockaddr *)&ss, &len) == 0);
	if (ss.ss_family == AF_INET)
		(void)inet_pton(AF_INET, from,
		    &((struct sockaddr_in *)&own)->sin_addr);
	ck_assert(bind(client, (struct sockaddr *)&own, len) == 0);
	ck_assert(connect(client, (struct sockaddr *)&ss, len) == 0);
	ck_assert((fd = accept(listener, NULL, NULL)) != -1);
	(void)close(client);
	(void)close(listener);
	return fd;
}

/* "me" stands for a rule of our own user id. */
static const struct {
	const char	*name, *from;
	bool		 allowed;
	const char	*rules[4];
} peers[] = {
	{ "no rules, unix", "unix", true, { NULL } },
	{ "no rules, IPv4", "127.0.0.1", true, { NULL } },
	{ "our own uid", "unix", true, { "me", NULL } },
	{ "somebody else's uid", "unix", false, { "uid:4242", NULL } },
	{ "one of two uids", "unix", true, { "uid:4242", "me", NULL } },
	{ "only addresses, unix", "unix", true, { "10.0.0.0/8", "fd00::/8", NULL } },
	{ "only uids, IPv4", "127.0.0.1", true, { "uid:4242", NULL } },
	{ "the address", "127.0.0.1", true, { "127.0.0.1", NULL } },
	{ "another address", "127.0.0.2", false, { "127.0.0.1", NULL } },
	{ "the second", "127.0.0.2", true, { "127.0.0.1", "127.0.0.2", NULL } },
	{ "/31, lower", "127.0.0.2", true, { "127.0.0.2/31", NULL } },
	{ "/31, upper", "127.0.0.3", true, { "127.0.0.2/31", NULL } },
	{ "/31, beyond", "127.0.0.4", false, { "127.0.0.2/31", NULL } },
	{ "/9, within", "127.127.0.1", true, { "127.0.0.0/9", NULL } },
	{ "/9, beyond", "127.128.0.1", false, { "127.0.0.0/9", NULL } },
	{ "/8", "127.200.1.1", true, { "127.0.0.0/8", NULL } },
	{ "/0", "127.0.0.1", true, { "0.0.0.0/0", NULL } },
	{ "IPv4 by IPv6's /0", "127.0.0.1", false, { "::/0", NULL } },
	{ "IPv6", "::1", true, { "::1", NULL } },
	{ "IPv6 by /127", "::1", true, { "::/127", NULL } },
	{ "IPv6, beyond", "::1", false, { "fd00::/8", NULL } },
	{ "IPv6 by /0", "::1", true, { "::/0", NULL } },
	{ "IPv6 by IPv4's /0", "::1", false, { "0.0.0.0/0", NULL } },
};

START_TEST(peer)
{
	const char *name = peers[_i].name;
	char me[32], who[32] = "nobody", *rules[4];
	struct allow allow;
	size_t i;
	int fd = connection(peers[_i].from);

	if (fd == -1)
		return;
	(void)snprintf(me, sizeof me, "uid:%u", (unsigned)getuid());
	for (i = 0; i < CHECK_COUNT(rules); i++)
		rules[i] = peers[_i].rules[i] == NULL ? NULL : strdup(
		    strcmp(peers[_i].rules[i], "me") == 0 ? me :
		    peers[_i].rules[i]);
	CHECK_INT(name, allow_make(&allow, rules), 0);
	CHECK_INT(name, allow_peer(&allow, fd, who, sizeof who),
	    peers[_i].allowed);
	CHECK_TEXT(name, who, !peers[_i].allowed &&
	    strcmp(peers[_i].from, "unix") == 0 ? me : "nobody");
	allow_free(&allow);
	for (i = 0; i < CHECK_COUNT(rules); i++)
		free(rules[i]);
	(void)close(fd);
}
END_TEST

/* What is not a connection is nobody. */
START_TEST(nobody)
{
	char root[] = "uid:0", *rules[] = { root, NULL }, who[32];
	struct allow allow;
	int fds[2];

	ck_assert(pipe(fds) == 0);
	CHECK_INT("pipe", allow_make(&allow, rules), 0);
	CHECK_TRUE("pipe", !allow_peer(&allow, fds[0], who, sizeof who));
	allow_free(&allow);
	CHECK_INT("no list", allow_make(&allow, NULL), 0);
	CHECK_TRUE("no list", allow_peer(&allow, fds[0], who, sizeof who));
	(void)close(fds[0]);
	(void)close(fds[1]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("allow");

	CHECK_ROWS(suite, text, texts);
	CHECK_ROWS(suite, peer, peers);
	CHECK_LOOP(suite, nobody, 1);
	return check_run(suite);
}
