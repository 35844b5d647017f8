/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "check_main.h"

#include "cause.h"

/* Each has all that it needs, and a word of its own. */
START_TEST(complete)
{
	const char *word = cause_word((enum cause)_i);
	int i, status = cause_status((enum cause)_i);

	ck_assert_msg(cause_phrase((enum cause)_i) != NULL, "cause %d", _i);
	CHECK_TRUE(cause_phrase((enum cause)_i),
	    status == 0 || (status >= 400 && status <= 599));
	CHECK_TRUE(cause_phrase((enum cause)_i),
	    strcmp(cause_end((enum cause)_i), "done") != 0);
	if (word == NULL)
		return;
	CHECK_INT(word, strspn(word, "abcdefghijklmnopqrstuvwxyz-"),
	    strlen(word));
	for (i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++)
		CHECK_TRUE(word, i == _i || cause_word((enum cause)i) == NULL ||
		    strcmp(cause_word((enum cause)i), word) != 0);
}
END_TEST

START_TEST(none)
{
	CHECK_INT("none", cause_status(CAUSE_NONE), 0);
	CHECK_TEXT("none", cause_end(CAUSE_NONE), "done");
	CHECK_TEXT("none", cause_word(CAUSE_NONE), NULL);
	CHECK_TEXT("none", cause_phrase(CAUSE_NONE), NULL);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cause");
	TCase *tcase = tcase_create("complete");

	tcase_add_loop_test(tcase, complete, CAUSE_NONE + 1, CAUSE_COUNT);
	suite_add_tcase(suite, tcase);
	CHECK_LOOP(suite, none, 1);
	return check_run(suite);
}
