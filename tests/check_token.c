/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "token.h"

#include "check_main.h"

/* RFC 9110 5.6.2, by its own list. */
START_TEST(tokens)
{
	static const char list[] = "!#$%&'*+-.^_`|~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char text[4], name[16];
	int c;

	for (c = 0; c < 256; c++) {
		const char byte = (char)c;

		(void)snprintf(name, sizeof name, "byte %d", c);
		CHECK_INT(name, token_is(&byte, 1),
		    c != 0 && strchr(list, c) != NULL);
		memcpy(text, (char []){ 'a', byte, 'z' }, 3);
		CHECK_INT(name, token_is(text, 3), token_is(&byte, 1));
	}
	CHECK_TRUE("nothing", !token_is("", 0));
	CHECK_TRUE("all of them", token_is(list, sizeof list - 1));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("token");

	CHECK_LOOP(suite, tokens, 1);
	return check_run(suite);
}
