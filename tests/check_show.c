/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "show.h"

#include "check_main.h"

#define BYTES(text)	text, sizeof (text) - 1

static const struct {
	const char	*bytes;
	size_t		 len;
	const char	*text;	/* as a value */
	const char	*json;
} shown[] = {
{ BYTES(""), "", "\"\"" },
{ BYTES("a =\"/"), "a =\"/", "\"a =\\\"/\"" },
{ BYTES("\\"), "\\x5c", "\"\\\\\"" },
{ BYTES("a\0b"), "a\\x00b", "\"a\\u0000b\"" },
{ BYTES("\r\n\t\x1b"), "\\x0d\\x0a\\x09\\x1b", "\"\\u000d\\u000a\\u0009\\u001b\"" },
{ BYTES("~\x7f"), "~\\x7f", "\"~\\u007f\"" },
{ BYTES("\xc3\xa9"), "\\xc3\\xa9", "\"\xc3\xa9\"" },
{ BYTES("\xe2\x82\xac!"), "\\xe2\\x82\\xac!", "\"\xe2\x82\xac!\"" },
{ BYTES("\xf0\x9f\x98\x80"), "\\xf0\\x9f\\x98\\x80", "\"\xf0\x9f\x98\x80\"" },
{ BYTES("\xf4\x8f\xbf\xbf"), "\\xf4\\x8f\\xbf\\xbf", "\"\xf4\x8f\xbf\xbf\"" },
{ BYTES("\xc2\x9b" "1m"), "\\xc2\\x9b1m", "\"\\u009b1m\"" },
{ BYTES("\xc2\xa0"), "\\xc2\\xa0", "\"\xc2\xa0\"" },
/* not UTF-8: alone, cut, overlong, a surrogate, too high */
{ BYTES("\x80"), "\\x80", "\"\\udc80\"" },
{ BYTES("\xff" "a"), "\\xffa", "\"\\udcffa\"" },
{ BYTES("\xc3"), "\\xc3", "\"\\udcc3\"" },
{ BYTES("\xc2"), "\\xc2", "\"\\udcc2\"" },
{ BYTES("\xe2\x82"), "\\xe2\\x82", "\"\\udce2\\udc82\"" },
{ BYTES("\xe2\x82z"), "\\xe2\\x82z", "\"\\udce2\\udc82z\"" },
{ BYTES("\xc0\x80"), "\\xc0\\x80", "\"\\udcc0\\udc80\"" },
{ BYTES("\xc1\xbf"), "\\xc1\\xbf", "\"\\udcc1\\udcbf\"" },
{ BYTES("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf", "\"\\udce0\\udc9f\\udcbf\"" },
{ BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80", "\"\\udced\\udca0\\udc80\"" },
{ BYTES("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf", "\"\\udcf0\\udc8f\\udcbf\\udcbf\"" },
{ BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", "\"\\udcf4\\udc90\\udc80\\udc80\"" },
};

START_TEST(show)
{
	const char *name = shown[_i].text;
	char *text, *bytes = malloc(shown[_i].len + 1), line[80];
	size_t len;
	FILE *to = open_memstream(&text, &len);

	memcpy(bytes, shown[_i].bytes, shown[_i].len);
	show_json(to, bytes, shown[_i].len);
	(void)fflush(to);
	CHECK_TEXT(name, text, shown[_i].json);
	rewind(to);
	show_pair(to, "A=\\", 3, bytes, shown[_i].len);
	(void)fclose(to);
	(void)snprintf(line, sizeof line, "A\\x3d\\x5c=%s\n", name);
	text[len] = '\0';
	CHECK_INT(name, strncmp(text, line, strlen(line)), 0);
	free(text);
	free(bytes);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("show");

	CHECK_ROWS(suite, show, shown);
	return check_run(suite);
}
