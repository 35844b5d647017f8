/* SPDX-License-Identifier: ISC */
/*
 * combined: a request in the combined log format.
 */
#include "platform.h"

#include "combined.h"

#include <stdlib.h>
#include <time.h>

#include "check_main.h"
#include "line.h"
#include "stamp.h"

static const struct {
	const char	*name;
	struct combined	 c;
	const char	*line;
} rows[] = {
	{ "all of it", { "192.0.2.1", "joe", "GET", "/a?b=c", "HTTP/1.1", "http://x/", "curl/8 (x; y)", 200, 17 },
	    "192.0.2.1 - joe [T] \"GET /a?b=c HTTP/1.1\" 200 17 \"http://x/\" \"curl/8 (x; y)\"" },
	{ "nothing", { NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0 },
	    "- - - [T] \"-\" 000 0 \"-\" \"-\"" },
	{ "empty", { "", "", "GET", "", "", "", "", 499, 0 },
	    "- - - [T] \"GET - -\" 499 0 \"-\" \"-\"" },
	{ "a quote ends nothing", { "h", "u", "GET", "/\"", "p", "r\" 1", "a\"", 200, 1 },
	    "h - u [T] \"GET /\\x22 p\" 200 1 \"r\\x22 1\" \"a\\x22\"" },
	{ "backslash", { "h", "u", "GET", "/\\", "p", "\\", "\\\"", 200, 1 },
	    "h - u [T] \"GET /\\x5c p\" 200 1 \"\\x5c\" \"\\x5c\\x22\"" },
	{ "control characters", { "h", "u", "GET", "/\n", "p", "\r\t", "\033[31m\x7f", 200, 1 },
	    "h - u [T] \"GET /\\x0a p\" 200 1 \"\\x0d\\x09\" \"\\x1b[31m\\x7f\"" },
	{ "beyond ASCII", { "h", "\xc3\xa4", "GET", "/\xff", "p", "\xe2\x80\xae", "\x9b", 200, 1 },
	    "h - \\xc3\\xa4 [T] \"GET /\\xff p\" 200 1 \"\\xe2\\x80\\xae\" \"\\x9b\"" },
	{ "spaces", { "h", "Joe Doe", "GET", "/a b", "p", "a b", "c d", 200, 1 },
	    "h - Joe\\x20Doe [T] \"GET /a\\x20b p\" 200 1 \"a b\" \"c d\"" },
	{ "brackets", { "h", "] \"GET", "GET", "/", "p", "]", "[", 200, 1 },
	    "h - ]\\x20\\x22GET [T] \"GET / p\" 200 1 \"]\" \"[\"" },
};

START_TEST(row)
{
	struct line line;

	line_start(&line, "");
	combined_line(&line, "T", &rows[_i].c);
	CHECK_TEXT(rows[_i].name, line.text, rows[_i].line);
}
END_TEST

/* However long its parts are, the line has its end. */
START_TEST(longest)
{
	static char a[5001], escape[5001];
	const char *value = _i == 0 ? a : escape;
	const struct combined c = { value, value, "GET", value, value, value,
	    value, 200, UINT64_MAX };
	struct line line;

	memset(a, 'a', sizeof a - 1);
	memset(escape, '\033', sizeof escape - 1);
	line_start(&line, "");
	combined_line(&line, "31/Jan/2026:23:59:59 +0100", &c);
	CHECK_TRUE("longest", line.len > 3800 &&
	    line.len < sizeof line.text - 1);
	CHECK_TRUE("longest", strcmp(line.text + line.len - 4, "...\"") == 0);
}
END_TEST

static const struct {
	const char	*zone, *rfc3339, *ncsa;
} stamps[] = {
	{ "UTC", "2026-01-31T22:59:59.007+00:00", "31/Jan/2026:22:59:59 +0000" },
	{ "XYZ-1", "2026-01-31T23:59:59.007+01:00", "31/Jan/2026:23:59:59 +0100" },
	{ "XYZ-5:30", "2026-02-01T04:29:59.007+05:30", "01/Feb/2026:04:29:59 +0530" },
	{ "XYZ9", "2026-01-31T13:59:59.007-09:00", "31/Jan/2026:13:59:59 -0900" },
};

START_TEST(stamp)
{
	const struct timespec ts = { 1769900399, 7999999 };
	char text[STAMP_SIZE];

	(void)setenv("TZ", stamps[_i].zone, 1);
	tzset();
	stamp_rfc3339(text, &ts);
	CHECK_TEXT(stamps[_i].zone, text, stamps[_i].rfc3339);
	stamp_ncsa(text, &ts);
	CHECK_TEXT(stamps[_i].zone, text, stamps[_i].ncsa);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("combined");

	CHECK_ROWS(suite, row, rows);
	CHECK_LOOP(suite, longest, 2);
	CHECK_ROWS(suite, stamp, stamps);
	return check_run(suite);
}
