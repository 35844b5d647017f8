/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "path.h"

#include "check_main.h"

static const struct {
	const char	*name;
	const char	*uri;
	const char	*path;	/* NULL: refused */
	const char	*why;
} decodes[] = {
{ "plain", "/cgi-bin/x", "/cgi-bin/x", NULL },
{ "root", "/", "/", NULL },
{ "empty", "", "/", NULL },
{ "no leading slash", "a/b", "/a/b", NULL },
{ "slash at the end", "/a/", "/a/", NULL },
{ "query", "/a?b=/../c", "/a", NULL },
{ "query only", "?b", "/", NULL },
{ "fragment", "/a#b/..", "/a", NULL },
{ "query behind fragment", "/a#b?c", "/a", NULL },
{ "encoded space", "/a%20b", "/a b", NULL },
{ "small digits", "/%c3%a4", "/\xc3\xa4", NULL },
{ "capital digits", "/%C3%A4", "/\xc3\xa4", NULL },
{ "decoded once", "/%2541", "/%41", NULL },
{ "plus is a plus", "/a+b", "/a+b", NULL },
{ "encoded question mark", "/a%3Fb", "/a?b", NULL },
{ "encoded hash", "/a%23b", "/a#b", NULL },
{ "encoded slash", "/a%2Fb", "/a/b", NULL },
{ "two slashes", "/a//b", "/a/b", NULL },
{ "many slashes", "////a///b//", "/a/b/", NULL },
{ "encoded second slash", "/a/%2fb", "/a/b", NULL },
{ "dot", "/a/./b", "/a/b", NULL },
{ "dot at the end", "/a/.", "/a/", NULL },
{ "dot and slash at the end", "/a/./", "/a/", NULL },
{ "only a dot", "/.", "/", NULL },
{ "dots", "/a/../b", "/b", NULL },
{ "dots at the end", "/a/b/..", "/a/", NULL },
{ "dots twice", "/a/b/../../c", "/c", NULL },
{ "dots back to the root", "/a/..", "/", NULL },
{ "dots behind slashes", "/a//../b", "/b", NULL },
{ "encoded dots", "/a/%2e%2E/b", "/b", NULL },
{ "half-encoded dots", "/a/.%2e/b", "/b", NULL },
{ "dots behind an encoded slash", "/a%2f..%2fb", "/b", NULL },
{ "three dots", "/a/.../b", "/a/.../b", NULL },
{ "name that begins with dots", "/a/..b", "/a/..b", NULL },
{ "name that ends with dots", "/a/b../c", "/a/b../c", NULL },
{ "control character is left to verify", "/a%0ab", "/a\nb", NULL },
{ "absolute form", "http://example.org/a", "/a", NULL },
{ "absolute form with port", "http://example.org:8080/a?b", "/a", NULL },
{ "absolute form, IPv6", "http://[::1]:80/a", "/a", NULL },
{ "absolute form, no path", "http://example.org", "/", NULL },
{ "absolute form, only a query", "http://example.org?/a", "/", NULL },
{ "absolute form, only a fragment", "http://example.org#/a", "/", NULL },
{ "scheme within the path", "/http://b/c", "/http:/b/c", NULL },
{ "scheme within a query", "a?u=http://b/c", "/a", NULL },
{ "scheme within a fragment", "a#http://b/c", "/a", NULL },
{ "climbs", "/..", NULL, "path climbs above the root" },
{ "climbs at once", "/../a", NULL, "path climbs above the root" },
{ "climbs later", "/a/../../b", NULL, "path climbs above the root" },
{ "climbs encoded", "/%2e%2e/a", NULL, "path climbs above the root" },
{ "climbs by an encoded slash", "/a/..%2f../b", NULL, "path climbs above the root" },
{ "NUL", "/a%00b", NULL, "NUL in the path" },
{ "percent at the end", "/a%", NULL, "bad percent-encoding in the path" },
{ "one digit at the end", "/a%4", NULL, "bad percent-encoding in the path" },
{ "no digit", "/a%g0", NULL, "bad percent-encoding in the path" },
{ "no second digit", "/a%4g", NULL, "bad percent-encoding in the path" },
{ "two percents", "/a%%41", NULL, "bad percent-encoding in the path" },
{ "percent before the query", "/a%?b", NULL, "bad percent-encoding in the path" },
{ "one digit before the query", "/a%4?b", NULL, "bad percent-encoding in the path" },
};

START_TEST(decode)
{
	const char *name = decodes[_i].name;
	char *uri = strdup(decodes[_i].uri), *out = malloc(strlen(uri) + 2);

	CHECK_TEXT(name, cause_phrase(path_decode(uri, out)), decodes[_i].why);
	if (decodes[_i].path != NULL) {
		CHECK_TEXT(name, out, decodes[_i].path);
		if (strchr(out, '\n') == NULL)
			CHECK_INT(name, path_verify(out), CAUSE_NONE);
	}
	free(uri);
	free(out);
}
END_TEST

static const struct {
	const char	*name;
	const char	*path;
	const char	*why;
} verifies[] = {
	{ "root", "/", NULL },
	{ "plain", "/a/b.c", NULL },
	{ "space", "/a b", NULL },
	{ "dot", "/a/./b", NULL },
	{ "slashes", "//a//b", NULL },
	{ "three dots", "/.../a", NULL },
	{ "name that begins with dots", "/..a", NULL },
	{ "name that ends with dots", "/a..", NULL },
	{ "backslash", "/a\\..\\b", NULL },
	{ "UTF-8", "/\xc3\xa4", NULL },
	{ "bytes above 127", "/\x80\xff", NULL },
	{ "empty", "", "path does not begin with a slash" },
	{ "relative", "a/b", "path does not begin with a slash" },
	{ "dots without a slash", "..", "path does not begin with a slash" },
	{ "dots", "/..", "\"..\" in the path" },
	{ "dots first", "/../a", "\"..\" in the path" },
	{ "dots between", "/a/../b", "\"..\" in the path" },
	{ "dots last", "/a/..", "\"..\" in the path" },
	{ "dots behind slashes", "/a//..//b", "\"..\" in the path" },
	{ "line feed", "/a\nb", "control character in the path" },
	{ "carriage return", "/a\r", "control character in the path" },
	{ "tab", "/\t", "control character in the path" },
	{ "first control character", "/\1", "control character in the path" },
	{ "last control character", "/\x1f", "control character in the path" },
	{ "escape", "/\x1b[1m", "control character in the path" },
	{ "delete", "/\x7f", "control character in the path" },
};

START_TEST(verify)
{
	CHECK_TEXT(verifies[_i].name,
	    cause_phrase(path_verify(verifies[_i].path)), verifies[_i].why);
}
END_TEST

static const struct {
	const char	*name;
	const char	*path;
	const char	*plain;
} plains[] = {
	{ "root", "/", "/" },
	{ "plain", "/a/b.c", "/a/b.c" },
	{ "slash behind", "/a/", "/a/" },
	{ "two slashes first", "//a", "/a" },
	{ "three slashes", "/a///b", "/a/b" },
	{ "slashes behind", "/a//", "/a/" },
	{ "nothing but slashes", "///", "/" },
	{ "dot", "/a/./b", "/a/b" },
	{ "dot first", "/./a", "/a" },
	{ "dot behind", "/a/.", "/a" },
	{ "dots and slashes", "/.//././/a//./b/./", "/a/b/" },
	{ "names that begin and end with a dot", "/.a/b./...", "/.a/b./..." },
	{ "nothing", "", "" },
};

START_TEST(plain)
{
	char out[64];

	path_plain(plains[_i].path, out);
	CHECK_TEXT(plains[_i].name, out, plains[_i].plain);
	/* Names that begin with a dot need a closer look. */
	CHECK_INT(plains[_i].name, path_is_plain(plains[_i].path),
	    strcmp(plains[_i].path, out) == 0 && strstr(out, "/.") == NULL);
}
END_TEST

static const struct {
	const char	*name;
	const char	*prefix;
	const char	*path;
	int		 leads;
} leads[] = {
	{ "same", "/git", "/git", 1 },
	{ "slash behind", "/git", "/git/", 1 },
	{ "segment behind", "/git", "/git/a", 1 },
	{ "within a segment", "/git", "/gitweb", 0 },
	{ "other", "/git", "/cgit", 0 },
	{ "prefix is longer", "/git/a", "/git", 0 },
	{ "prefix is longer by a letter", "/gita", "/git", 0 },
	{ "case counts", "/git", "/Git", 0 },
	{ "two segments", "/a/b", "/a/b/c", 1 },
	{ "empty leads the root", "", "/", 1 },
	{ "empty leads all", "", "/a", 1 },
	{ "a name with a percent", "/a%", "/a%/b", 1 },
};

START_TEST(lead)
{
	CHECK_INT(leads[_i].name, path_leads(leads[_i].prefix,
	    strlen(leads[_i].prefix), leads[_i].path) != 0, leads[_i].leads);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("path");

	CHECK_ROWS(suite, decode, decodes);
	CHECK_ROWS(suite, verify, verifies);
	CHECK_ROWS(suite, plain, plains);
	CHECK_ROWS(suite, lead, leads);
	return check_run(suite);
}
