/* SPDX-License-Identifier: ISC */
/*
 * address: no row asks a name server; the one host name is localhost.
 */
#include "platform.h"

#include "address.h"

#include <sys/un.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>

#include "check_main.h"

#define TEN	"aaaaaaaaaa"
#define HUNDRED	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define UNRESOLVED "neither an address nor a host name that can be resolved"
#define PORT	"the port is not a number from 1 to 65535"

static const struct {
	const char	*name;
	const char	*text;
	int		 family;
	const char	*host;		/* path, name or number */
	unsigned	 port;
	bool		 local;
} good[] = {
	{ "path", "/run/s.sock", AF_UNIX, "/run/s.sock", 0, true },
	{ "path with unix:", "unix:/run/s.sock", AF_UNIX, "/run/s.sock", 0, true },
	{ "path with colons", "/run/a:b:c", AF_UNIX, "/run/a:b:c", 0, true },
	{ "longest path", "/" HUNDRED "aaaaaa", AF_UNIX, "/" HUNDRED "aaaaaa", 0, true },
	{ "abstract", "@cgid", AF_UNIX, "@cgid", 0, true },
	{ "abstract with a slash", "@/cgid", AF_UNIX, "@/cgid", 0, true },
	{ "IPv4", "127.0.0.1:4000", AF_INET, "127.0.0.1", 4000, true },
	{ "IPv4, no port", "127.0.0.1", AF_INET, "127.0.0.1", 6500, true },
	{ "IPv4, all of 127", "127.1.2.3:1", AF_INET, "127.1.2.3", 1, true },
	{ "IPv4, last port", "127.0.0.1:65535", AF_INET, "127.0.0.1", 65535, true },
	{ "IPv4, any", "0.0.0.0:4000", AF_INET, "0.0.0.0", 4000, false },
	{ "IPv4, other", "192.0.2.1:4000", AF_INET, "192.0.2.1", 4000, false },
	{ "IPv4, ends in 127", "10.0.0.127", AF_INET, "10.0.0.127", 6500, false },
	{ "IPv6", "[::1]:4000", AF_INET6, "::1", 4000, true },
	{ "IPv6, no port", "[::1]", AF_INET6, "::1", 6500, true },
	{ "IPv6, no brackets", "::1", AF_INET6, "::1", 6500, true },
	{ "IPv6, any", "[::]:4000", AF_INET6, "::", 4000, false },
	{ "IPv6, any, no brackets", "::", AF_INET6, "::", 6500, false },
	{ "IPv6, other", "2001:db8::1", AF_INET6, "2001:db8::1", 6500, false },
};

START_TEST(right)
{
	const char *name = good[_i].name;
	struct address a;
	const struct sockaddr_un *sun = (const struct sockaddr_un *)&a.sa;
	const struct sockaddr_in *sin = (const struct sockaddr_in *)&a.sa;
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)&a.sa;
	char text[128] = "";
	size_t len = strlen(good[_i].host);

	CHECK_TEXT(name, address_parse(good[_i].text, &a), NULL);
	CHECK_INT(name, a.sa.ss_family, good[_i].family);
	CHECK_INT(name, address_is_local(&a), good[_i].local);
	if (good[_i].family == AF_UNIX && good[_i].host[0] == '@') {
		CHECK_INT(name, a.kind, ADDRESS_ABSTRACT);
		CHECK_INT(name, a.sa_len,
		    offsetof(struct sockaddr_un, sun_path) + len);
		CHECK_INT(name, sun->sun_path[0], '\0');
		CHECK_INT(name, memcmp(sun->sun_path + 1, good[_i].host + 1,
		    len - 1), 0);
	} else if (good[_i].family == AF_UNIX) {
		CHECK_INT(name, a.kind, ADDRESS_PATH);
		CHECK_INT(name, a.sa_len,
		    offsetof(struct sockaddr_un, sun_path) + len + 1);
		CHECK_TEXT(name, sun->sun_path, good[_i].host);
	} else {
		CHECK_INT(name, a.kind, ADDRESS_INET);
		CHECK_INT(name, a.sa_len, good[_i].family == AF_INET ?
		    sizeof *sin : sizeof *sin6);
		CHECK_INT(name, ntohs(good[_i].family == AF_INET ?
		    sin->sin_port : sin6->sin6_port), good[_i].port);
		(void)inet_ntop(good[_i].family, good[_i].family == AF_INET ?
		    (const void *)&sin->sin_addr :
		    (const void *)&sin6->sin6_addr, text, sizeof text);
		CHECK_TEXT(name, text, good[_i].host);
	}
}
END_TEST

/* A name may mean either family, but this one means this machine. */
START_TEST(host_name)
{
	static const char *const texts[] = { "localhost:4000", "localhost" };
	struct address a;

	CHECK_TEXT(texts[_i], address_parse(texts[_i], &a), NULL);
	CHECK_INT(texts[_i], a.kind, ADDRESS_INET);
	CHECK_TRUE(texts[_i], address_is_local(&a));
	/* The port stands in the same place in both families. */
	CHECK_INT(texts[_i], ntohs(((struct sockaddr_in *)&a.sa)->sin_port),
	    _i == 0 ? 4000 : 6500);
}
END_TEST

static const struct {
	const char	*name;
	const char	*text;
	const char	*why;
} bad[] = {
	{ "empty", "", "empty address" },
	{ "unix: and nothing", "unix:", "unix: wants an absolute path" },
	{ "unix: and a relative path", "unix:s.sock", "unix: wants an absolute path" },
	{ "unix: and an abstract name", "unix:@x", "unix: wants an absolute path" },
	{ "slash alone", "/", "no name after the first character" },
	{ "@ alone", "@", "no name after the first character" },
	{ "path too long", "/" HUNDRED "aaaaaaa", "socket path longer than 107 bytes" },
	{ "path far too long", "/" HUNDRED HUNDRED HUNDRED, "socket path longer than 107 bytes" },
	{ "bracket not closed", "[::1", "no ] after the address" },
	{ "bracket not closed before the port", "[::1:6500", "no ] after the address" },
	{ "text after the bracket", "[::1]6500", "something other than :port after ]" },
	{ "nothing in brackets", "[]:6500", "no host before the port; 127.0.0.1 is this machine" },
	{ "port alone", ":6500", "no host before the port; 127.0.0.1 is this machine" },
	{ "host too long", HUNDRED HUNDRED HUNDRED, "host name too long" },
	{ "no port after the colon", "127.0.0.1:", PORT },
	{ "port zero", "127.0.0.1:0", PORT },
	{ "port too large", "127.0.0.1:65536", PORT },
	{ "port far too large", "127.0.0.1:99999999999999999999", PORT },
	{ "negative port", "127.0.0.1:-1", PORT },
	{ "port by name", "127.0.0.1:http", PORT },
	{ "no port after the bracket", "[::1]:", PORT },
	{ "port too large after the bracket", "[::1]:65536", PORT },
	{ "not hexadecimal", "[::g]:6500", UNRESOLVED },
	{ "IPv4 in brackets", "[127.0.0.1]:6500", UNRESOLVED },
	{ "two ports", "127.0.0.1:6500:7", UNRESOLVED },
};

START_TEST(wrong)
{
	struct address a;

	CHECK_TEXT(bad[_i].name, address_parse(bad[_i].text, &a), bad[_i].why);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("address");

	CHECK_ROWS(suite, right, good);
	CHECK_LOOP(suite, host_name, 2);
	CHECK_ROWS(suite, wrong, bad);
	return check_run(suite);
}
