/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "expect.h"

#include "check_main.h"

static const struct {
	const char	*list;
	int		 good;		/* it is a list */
	int		 yes, no;	/* statuses in it and not in it */
} lists[] = {
	{ "200", 1, 200, 201 },
	{ "2xx", 1, 299, 300 },
	{ "404,3xx", 1, 302, 403 },
	{ "3xx,404", 1, 404, 405 },
	{ "1xx,2xx,503", 1, 503, 500 },
	{ NULL, 1, 399, 400 },
	{ "", 0, 0, 0 }, { "20", 0, 0, 0 }, { "2000", 0, 0, 0 },
	{ "2x", 0, 0, 0 }, { "2xxx", 0, 0, 0 }, { "20x", 0, 0, 0 },
	{ "200,", 0, 0, 0 }, { ",200", 0, 0, 0 }, { "200 ", 0, 0, 0 },
	{ "200,,300", 0, 0, 0 }, { "200;300", 0, 0, 0 }, { "099", 0, 0, 0 },
	{ "xxx", 0, 0, 0 }, { "-20", 0, 0, 0 }, { "200-299", 0, 0, 0 },
};

START_TEST(list)
{
	const char *name = lists[_i].list != NULL ? lists[_i].list : "(none)";

	if (lists[_i].list != NULL)
		CHECK_INT(name, expect_is_list(lists[_i].list), lists[_i].good);
	if (!lists[_i].good)
		return;
	CHECK_TRUE(name, expect_status(lists[_i].list, lists[_i].yes));
	CHECK_TRUE(name, !expect_status(lists[_i].list, lists[_i].no));
}
END_TEST

static const struct {
	const char	*text;
	const char	*body;
	int		 found;
} texts[] = {
	{ "b", "abc", 1 }, { "b", "ac", 0 }, { "abc", "abc", 1 },
	{ "abcd", "abc", 0 }, { "aab", "aaab", 1 }, { "abab", "abaabab", 1 },
	{ "needle", "hay needle hay", 1 }, { "needle", "hay needl hay", 0 },
	{ "needle", "needneedle", 1 }, { "x", "", 0 }, { "", "", 1 },
	{ NULL, "", 1 }, { "aaa", "aabaabaa", 0 },
};

/* Look for it in pieces of `step` bytes, behind a first one. */
static bool
look(const char *text, const char *body, size_t first, size_t step)
{
	size_t len = strlen(body), at = 0, n;
	struct expect e;
	bool found;

	CHECK_INT(body, expect_start(&e, text), 0);
	for (n = first; at < len; n = step) {
		if (n > len - at)
			n = len - at;
		expect_take(&e, body + at, n);
		at += n;
	}
	found = e.found;
	expect_end(&e);
	return found;
}

START_TEST(text)
{
	const char *body = texts[_i].body;
	size_t split;

	CHECK_INT(body, look(texts[_i].text, body, 1, 1), texts[_i].found);
	CHECK_INT(body, look(texts[_i].text, body, 2, 2), texts[_i].found);
	for (split = 1; split <= strlen(body); split++)
		CHECK_INT(body, look(texts[_i].text, body, split, 99),
		    texts[_i].found);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("expect");

	CHECK_ROWS(suite, list, lists);
	CHECK_ROWS(suite, text, texts);
	return check_run(suite);
}
