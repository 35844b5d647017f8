/* SPDX-License-Identifier: ISC */
/*
 * The expected values were seen at lighttpd 1.4.69 and Apache 2.4, which
 * e2e_request_as asks again where they are installed.
 */
#include "platform.h"

#include "normal.h"

#include "check_main.h"

static const struct {
	const char	*target;
	const char	*normal;	/* NULL: it climbs */
} targets[] = {
	{ "/", "/" }, { "/a/b", "/a/b" }, { "/a/b?", "/a/b?" },
	{ "/a?b#c", "/a?b#c" },
	{ "/a%20b", "/a%20b" }, { "/%41%7e%2d", "/A~-" },
	{ "/a%2fb", "/a/b" }, { "/a%2Fb?c%2fd", "/a/b?c%2Fd" },
	{ "/%c3%a9", "/%C3%A9" }, { "/\xc3\xa9", "/%C3%A9" },
	{ "/a%2Bb+c", "/a%2Bb+c" }, { "/a%25b", "/a%25b" },
	{ "/a%2525", "/a%2525" }, { "/a%b", "/a%25b" }, { "/%", "/%25" },
	{ "/%3f?", "/%3F?" }, { "/a//b/./c/../d", "/a/b/d" },
	{ "/a/%2e%2E/b", "/b" }, { "/a/..%2fb", "/b" },
	{ "/a/?q=1+2&z=%20%41%2f", "/a/?q=1+2&z=%20A%2F" },
	{ "/?\"<>", "/?%22%3C%3E" }, { "/a|b^", "/a%7Cb%5E" },
	{ "/?/../a//b", "/?/../a//b" },
	{ "/..", NULL }, { "/a/%2e%2e/..", NULL },
};

START_TEST(target)
{
	char *normal = normal_target(targets[_i].target);

	CHECK_TEXT(targets[_i].target, normal, targets[_i].normal);
	free(normal);
}
END_TEST

static const struct {
	const char	*path;
	const char	*url;
} paths[] = {
	{ "/", "/" }, { "/a b", "/a%20b" }, { "/~-._$+!*'(),;:@&=", "/~-._$+!*'(),;:@&=" },
	{ "/a%b", "/a%25b" }, { "/a?b#c", "/a%3Fb%23c" }, { "/\xc3\xa9", "/%C3%A9" },
	{ "/[\"<>^`{|}]", "/%5B%22%3C%3E%5E%60%7B%7C%7D%5D" }, { "/\n", "/%0A" },
};

START_TEST(path)
{
	char *url = normal_apache(paths[_i].path);

	CHECK_TEXT(paths[_i].path, url, paths[_i].url);
	free(url);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("normal");

	CHECK_ROWS(suite, target, targets);
	CHECK_ROWS(suite, path, paths);
	return check_run(suite);
}
