/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "token.h"

#include <ctype.h>

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

/* Of two texts of three bytes, by what the C locale says. */
START_TEST(same)
{
	char a[] = "aXz", b[] = "AxZ", name[32];
	int i, j;

	for (i = 0; i < 256; i++)
		for (j = 0; j < 256; j++) {
			a[1] = (char)i;
			b[1] = (char)j;
			(void)snprintf(name, sizeof name, "bytes %d %d", i, j);
			CHECK_INT(name, token_same(a, b, 3),
			    tolower(i) == tolower(j));
			CHECK_TRUE(name, token_same(a, b, 1));
		}
	CHECK_TRUE("nothing", token_same("a", "b", 0));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("token");

	CHECK_LOOP(suite, tokens, 1);
	CHECK_LOOP(suite, same, 1);
	return check_run(suite);
}
