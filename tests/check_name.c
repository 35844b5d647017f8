/* SPDX-License-Identifier: ISC */
/*
 * name: every name is found by its letters, and by nothing else.
 */
#include "platform.h"

#include "name.h"

#include "check_main.h"

static enum name
find(const char *text)
{
	return name_find(text, strlen(text));
}

/*
 * As it is; without its last letter; with one more; with another first one, which
 * is looked for at the same place.
 */
START_TEST(known)
{
	enum name name = (enum name)(_i + 1);
	const char *text = name_text(name);
	char other[64];

	CHECK_INT(text, find(text), name);
	CHECK_INT(text, name_len(name), strlen(text));
	(void)snprintf(other, sizeof other, "%.*s", (int)strlen(text) - 1, text);
	CHECK_TRUE(text, find(other) != name);
	(void)snprintf(other, sizeof other, "%sX", text);
	CHECK_INT(text, find(other), NAME_OTHER);
	(void)snprintf(other, sizeof other, "x%s", text + 1);
	CHECK_INT(text, find(other), NAME_OTHER);
}
END_TEST

static const char *const others[] = {
	"", "H", "HTTP_", "HTTP_X_ACCEPT", "HTTP_COOKIE2", "HTTP_X_HTTPS", "http_host",
	"scgi", "SCGI ", "SERVER", "PATHINFO", "SSL_CIPHER", "LD_PRELOAD",
};

START_TEST(unknown)
{
	CHECK_INT(others[_i], find(others[_i]), NAME_OTHER);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("name");

	CHECK_LOOP(suite, known, NAME_COUNT - 1);
	CHECK_ROWS(suite, unknown, others);
	return check_run(suite);
}
