/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "query.h"

#include "check_main.h"

/* Words are shown with a bar behind each; none is "". */
static const struct {
	const char	*query, *words;
} rows[] = {
	{ "a", "a|" },
	{ "a+b", "a|b|" },
	{ "one+two+three", "one|two|three|" },
	{ "a%20b+c", "a b|c|" },
	{ "%41%62", "Ab|" },
	{ "caf%C3%A9", "caf\xc3\xa9|" },
	{ "%2B+%3D", "+|=|" },
	{ "a-b+c-", "a-b|c-|" },
	{ "~.!*'", "\\~.!\\*\\'|" },
	{ "a;/?:@&,$", "a\\;/\\?:@\\&,\\$|" },
	{ "%24%28id%29", "\\$\\(id\\)|" },
	{ "%60id%60", "\\`id\\`|" },
	{ "%5C%22%7C%3C%3E%5E%5B%5D%7B%7D", "\\\\\\\"\\|\\<\\>\\^\\[\\]\\{\\}|" },
	/* no words at all */
	{ "", "" },
	{ "a=b", "" },
	{ "a+b=", "" },
	{ "+", "" },
	{ "a+", "" },
	{ "+a", "" },
	{ "a++b", "" },
	{ "-s", "" },
	{ "a+-s", "" },
	{ "%2Ds", "" },
	{ "a+%2d%2dhelp", "" },
	{ "a%00b", "" },
	{ "a%0Ab", "" },
	{ "%7F", "" },
	{ "%", "" },
	{ "%4", "" },
	{ "%zz", "" },
	{ "a b", "" },
	{ "a\tb", "" },
	{ "a\"b", "" },
	{ "a#b", "" },
	{ "a[0]", "" },
	{ "a\\b", "" },
	{ "caf\xc3\xa9", "" },
};

START_TEST(split)
{
	/* allocated, so that no byte beyond goes unnoticed */
	char *query = strdup(rows[_i].query);
	char *room = malloc(QUERY_ROOM(query)), shown[256] = "";
	char **words = calloc(QUERY_WORDS(query), sizeof *words);
	size_t i, n = query_split(query, room, words);

	for (i = 0; i < n; i++)
		(void)strcat(strcat(shown, words[i]), "|");
	CHECK_TEXT(rows[_i].query, shown, rows[_i].words);
	free(words);
	free(room);
	free(query);
}
END_TEST

/* As many words as there can be. */
START_TEST(many)
{
	static char large[2 * 65536 + 2], text[65537];
	char query[1000], room[2 * sizeof query];
	char *words[sizeof query];
	size_t i;

	for (i = 0; i < sizeof query - 1; i++)
		query[i] = i % 2 == 0 ? '*' : '+';
	query[i] = '\0';
	memset(text, '*', sizeof text - 1);
	CHECK_INT("65536 stars", query_split(text, large, words), 0);
	text[65535] = '\0';
	CHECK_INT("65535 stars", query_split(text, large, words), 1);
	CHECK_INT("stars", query_split(query, room, words), 500);
	CHECK_TRUE("stars", 500 <= QUERY_WORDS(query));
	CHECK_TEXT("stars", words[499], "\\*");
	CHECK_TRUE("stars", words[499] + 3 <= room + QUERY_ROOM(query));
}
END_TEST

static const struct {
	const char	*program;
	bool		 is;
} programs[] = {
	{ "/bin/sh", true }, { "/bin/bash", true }, { "/usr/bin/perl5.36.0", true },
	{ "/usr/bin/python3", true }, { "/usr/bin/python3.11", true },
	{ "/usr/bin/php-cgi", true }, { "/usr/bin/php-cgi8.2", true },
	{ "/usr/bin/env", true }, { "sh", true },
	{ "/usr/lib/cgi-bin/finger", false }, { "/cgi/sh.cgi", false },
	{ "/cgi/refresh", false }, { "/cgi/perldoc", false }, { "/sh/x", false },
	{ "/cgi/environment", false },
};

START_TEST(interpreter)
{
	CHECK_INT(programs[_i].program,
	    query_is_for_interpreter(programs[_i].program), programs[_i].is);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("query");

	CHECK_ROWS(suite, split, rows);
	CHECK_LOOP(suite, many, 1);
	CHECK_ROWS(suite, interpreter, programs);
	return check_run(suite);
}
