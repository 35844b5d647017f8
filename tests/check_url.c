/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "url.h"

#include "check_main.h"

static const struct {
	const char	*text;
	int		 https;
	const char	*host, *authority, *port, *target, *query;
	const char	*why;	/* part of it; NULL: it is good */
} urls[] = {
{ "/", 0, "localhost", "localhost", "80", "/", "", NULL },
{ "/a/b?c=d", 0, "localhost", "localhost", "80", "/a/b?c=d", "c=d", NULL },
{ "/a?", 0, "localhost", "localhost", "80", "/a?", "", NULL },
{ "/a?b?c", 0, "localhost", "localhost", "80", "/a?b?c", "b?c", NULL },
{ "/a#b?c", 0, "localhost", "localhost", "80", "/a", "", NULL },
{ "/a?b#c", 0, "localhost", "localhost", "80", "/a?b", "b", NULL },
{ "//x/y", 0, "localhost", "localhost", "80", "//x/y", "", NULL },
{ "/a@b", 0, "localhost", "localhost", "80", "/a@b", "", NULL },
{ "/http://x/", 0, "localhost", "localhost", "80", "/http://x/", "", NULL },
{ "http://h.example", 0, "h.example", "h.example", "80", "/", "", NULL },
{ "http://h.example/", 0, "h.example", "h.example", "80", "/", "", NULL },
{ "http://h/a?b", 0, "h", "h", "80", "/a?b", "b", NULL },
{ "http://h?b", 0, "h", "h", "80", "/?b", "b", NULL },
{ "http://h#b", 0, "h", "h", "80", "/", "", NULL },
{ "http://h:8080/a", 0, "h", "h:8080", "8080", "/a", "", NULL },
{ "http://h:8080?a", 0, "h", "h:8080", "8080", "/?a", "a", NULL },
{ "http://h/a@b:c", 0, "h", "h", "80", "/a@b:c", "", NULL },
{ "https://h/", 1, "h", "h", "443", "/", "", NULL },
{ "https://h:1/", 1, "h", "h:1", "1", "/", "", NULL },
{ "HTTP://h:8080/a", 0, "h", "h:8080", "8080", "/a", "", NULL },
{ "hTTps://h/", 1, "h", "h", "443", "/", "", NULL },
{ "http://[::1]", 0, "[::1]", "[::1]", "80", "/", "", NULL },
{ "http://[::1]?b", 0, "[::1]", "[::1]", "80", "/?b", "b", NULL },
{ "http://[::1]/a", 0, "[::1]", "[::1]", "80", "/a", "", NULL },
{ "http://[::1]:81/a", 0, "[::1]", "[::1]:81", "81", "/a", "", NULL },
{ "/\xc3\xa4", 0, "localhost", "localhost", "80", "/\xc3\xa4", "", NULL },
{ "", 0, NULL, NULL, NULL, NULL, NULL, "neither a path" },
{ "a/b", 0, NULL, NULL, NULL, NULL, NULL, "neither a path" },
{ "ftp://h/", 0, NULL, NULL, NULL, NULL, NULL, "neither a path" },
{ "?a", 0, NULL, NULL, NULL, NULL, NULL, "neither a path" },
{ "*", 0, NULL, NULL, NULL, NULL, NULL, "neither a path" },
{ "http://", 0, NULL, NULL, NULL, NULL, NULL, "no host" },
{ "http:///a", 0, NULL, NULL, NULL, NULL, NULL, "no host" },
{ "http://:80/a", 0, NULL, NULL, NULL, NULL, NULL, "no host" },
{ "http://h:/a", 0, NULL, NULL, NULL, NULL, NULL, "port is not a number" },
{ "http://h:0/a", 0, NULL, NULL, NULL, NULL, NULL, "port is not a number" },
{ "http://h:65536/", 0, NULL, NULL, NULL, NULL, NULL, "port is not a number" },
{ "http://a:b:1/", 0, NULL, NULL, NULL, NULL, NULL, "port is not a number" },
{ "http://[::1/", 0, NULL, NULL, NULL, NULL, NULL, "no ]" },
{ "http://[::1]junk:80/y", 0, NULL, NULL, NULL, NULL, NULL, "between the ] and the port" },
{ "http://[::1]junk/y", 0, NULL, NULL, NULL, NULL, NULL, "between the ] and the port" },
{ "http://[::1]]/y", 0, NULL, NULL, NULL, NULL, NULL, "between the ] and the port" },
{ "http://[::1]:x/y", 0, NULL, NULL, NULL, NULL, NULL, "port is not a number" },
{ "http://me@h/", 0, NULL, NULL, NULL, NULL, NULL, "user in the URL" },
{ "/a b", 0, NULL, NULL, NULL, NULL, NULL, "a space is %20" },
{ "/a\tb", 0, NULL, NULL, NULL, NULL, NULL, "control character" },
{ "/a\nb", 0, NULL, NULL, NULL, NULL, NULL, "control character" },
{ "/a\x7f", 0, NULL, NULL, NULL, NULL, NULL, "control character" },
};

START_TEST(parse)
{
	const char *name = urls[_i].text;
	const char *why;
	struct url u;

	why = url_parse(name, &u);
	if (urls[_i].why != NULL) {
		CHECK_TRUE(name, why != NULL && strstr(why, urls[_i].why));
		return;
	}
	CHECK_TEXT(name, why, NULL);
	CHECK_INT(name, u.https, urls[_i].https);
	CHECK_TEXT(name, u.host, urls[_i].host);
	CHECK_TEXT(name, u.authority, urls[_i].authority);
	CHECK_TEXT(name, u.port, urls[_i].port);
	CHECK_TEXT(name, u.target, urls[_i].target);
	CHECK_TEXT(name, u.query, urls[_i].query);
	url_free(&u);
	url_free(&u);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("url");

	CHECK_ROWS(suite, parse, urls);
	return check_run(suite);
}
