/* SPDX-License-Identifier: ISC */
/*
 * facts: a line of pairs, and a JSON object, of the same values.
 */
#include "platform.h"

#include "facts.h"

#include "check_main.h"
#include "line.h"
#include "safe.h"

#define L16	"aaaaaaaaaaaaaaaa"
#define L128	L16 L16 L16 L16 L16 L16 L16 L16
#define L1024	L128 L128 L128 L128 L128 L128 L128 L128
#define L1023	L128 L128 L128 L128 L128 L128 L128 \
	L16 L16 L16 L16 L16 L16 L16 "aaaaaaaaaaaaaaa"
#define ESC16	"\033\033\033\033\033\033\033\033\033\033\033\033\033\033\033\033"
#define ESC64	ESC16 ESC16 ESC16 ESC16
#define ESC256	ESC64 ESC64 ESC64 ESC64
#define U16	"\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b" \
	"\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b"
#define U160	U16 U16 U16 U16 U16 U16 U16 U16 U16 U16
#define Q16	"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
#define Q128	Q16 Q16 Q16 Q16 Q16 Q16 Q16 Q16
#define Q512	Q128 Q128 Q128 Q128
#define B16	"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""
#define B128	B16 B16 B16 B16 B16 B16 B16 B16
#define B1024	B128 B128 B128 B128 B128 B128 B128 B128

/* A value, as a pair (before the writer escapes it) and as a JSON string. */
static const struct {
	const char	*name, *value, *pair, *json;
} rows[] = {
	{ "plain", "GET", " k=GET", "\"GET\"" },
	{ "empty", "", " k=\"\"", "\"\"" },
	{ "space", "a b", " k=\"a b\"", "\"a b\"" },
	{ "quote", "a\"b", " k=\"a\\\"b\"", "\"a\\\"b\"" },
	{ "backslash", "a\\b", " k=\"a\\\\b\"", "\"a\\\\\\\\b\"" },
	{ "equals sign", "a=b", " k=\"a=b\"", "\"a=b\"" },
	{ "would-be key", "a status=200", " k=\"a status=200\"", "\"a status=200\"" },
	{ "percent", "%s", " k=%s", "\"%s\"" },
	{ "line feed", "a\n", " k=a\n", "\"a\\u000a\"" },
	{ "delete", "\x7f", " k=\x7f", "\"\\u007f\"" },
	{ "UTF-8", "\xc3\xa4\xe2\x82\xac", " k=\xc3\xa4\xe2\x82\xac", "\"\xc3\xa4\xe2\x82\xac\"" },
	{ "four bytes", "\xf0\x9f\x98\x80", " k=\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
	{ "C1 control", "\xc2\x9b", " k=\xc2\x9b", "\"\\u009b\"" },
	{ "right to left", "\xe2\x80\xae", " k=\xe2\x80\xae", "\"\\u202e\"" },
	{ "tag", "\xf3\xa0\x80\x81", " k=\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"" },
	{ "Latin-1", "\xe4x", " k=\xe4x", "\"\\\\xe4x\"" },
	{ "overlong", "\xc0\x8a", " k=\xc0\x8a", "\"\\\\xc0\\\\x8a\"" },
	{ "surrogate", "\xed\xa0\x80", " k=\xed\xa0\x80", "\"\\\\xed\\\\xa0\\\\x80\"" },
	{ "what looks like a byte", "\\xe4", " k=\"\\\\xe4\"", "\"\\\\\\\\xe4\"" },
	{ "as long as fits", L1024, " k=" L1024, "\"" L1024 "\"" },
	{ "too long", L1024 "b", " k=\"" L1024 "...\"", "\"" L1024 "...\"" },
	{ "quotes are two", Q512 "\"", " k=\"" B1024 "...\"", "\"" B1024 "...\"" },
	{ "a character is not cut", L1023 "\xc3\xa4", " k=\"" L1023 "...\"", "\"" L1023 "...\"" },
	{ "escapes count", ESC64 ESC64 ESC16 ESC16 ESC256, " k=\"" ESC256 "...\"",
	    "\"" U160 "\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b\\u001b...\"" },
};

START_TEST(value)
{
	struct facts f = { .n = 0 };
	struct line line;
	char want[4096];

	facts_text(&f, "none", NULL);
	facts_text(&f, "k", rows[_i].value);
	line_start(&line, "");
	facts_kv(&line, &f);
	CHECK_INT(rows[_i].name, line.len, strlen(line.text));
	CHECK_TEXT(rows[_i].name, line.text, rows[_i].pair);
	line_start(&line, "");
	facts_json(&line, "T", &f);
	(void)snprintf(want, sizeof want, "{\"time\":\"T\",\"k\":%s}",
	    rows[_i].json);
	CHECK_TEXT(rows[_i].name, line.text, want);
}
END_TEST

/* Numbers are numbers; the order is that of the facts. */
START_TEST(several)
{
	struct facts f = { .n = 0 };
	struct line line;

	facts_text(&f, "id", "1-2");
	facts_number(&f, "status", 200);
	facts_number(&f, "exit", -1);
	facts_text(&f, "end", "done");
	line_start(&line, "request");
	facts_kv(&line, &f);
	CHECK_TEXT("pairs", line.text,
	    "request id=1-2 status=200 exit=-1 end=done");
	line_start(&line, "");
	facts_json(&line, "T", &f);
	CHECK_TEXT("JSON", line.text, "{\"time\":\"T\",\"id\":\"1-2\","
	    "\"status\":200,\"exit\":-1,\"end\":\"done\"}");
}
END_TEST

/* The longest line there can be is not cut, in either form. */
START_TEST(longest)
{
	static const char *const odd[] = { "\033", "\"", "\\", "\xff",
	    "\xf3\xa0\x80\x81", "a" };
	static const char *const numbers[] = { "status", "in", "out",
	    "queue_ms", "first_ms", "total_ms", "pid", "signal", "user_ms",
	    "sys_ms", "maxrss_k" };
	char long_one[8192] = "", text[8192];
	struct facts f = { .n = 0 };
	struct line line;
	size_t i, len;

	for (i = 0; i < 1500; i++)
		(void)strcat(long_one, odd[_i]);
	facts_text(&f, "id", "2147483647-18446744073709551");
	facts_text(&f, "peer", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	facts_text(&f, "map", long_one);
	facts_text(&f, "script", long_one);
	facts_text(&f, "method", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM");
	facts_text(&f, "path", long_one);
	for (i = 0; i < CHECK_COUNT(numbers); i++)
		facts_number(&f, numbers[i], i < 6 ? INT64_MAX : INT32_MAX);
	facts_text(&f, "end", "output-timeout");
	facts_text(&f, "reason", "response-header-too-large");
	facts_text(&f, "why", "a symbolic link is absolute or leads out of the "
	    "directory (symlinks = follow allows it), and then some more");
	facts_text(&f, "level", "warning");
	facts_text(&f, "slow", "yes");
	line_start(&line, "request");
	facts_kv(&line, &f);
	len = safe_escape(text, sizeof text, line.text, line.len);
	CHECK_TRUE("pairs", len > 3000 && len < sizeof line.text);
	CHECK_TRUE("pairs", strcmp(line.text + line.len - 9, " slow=yes") == 0);
	line_start(&line, "");
	facts_json(&line, "2026-01-31T23:59:59.999+01:00", &f);
	CHECK_TRUE("JSON", strcmp(line.text + line.len - 14,
	    ",\"slow\":\"yes\"}") == 0);
	CHECK_INT("JSON needs no escapes", safe_escape(text, sizeof text,
	    line.text, line.len), line.len);
	CHECK_TRUE("JSON needs no escapes",
	    memcmp(text, line.text, line.len) == 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("facts");

	CHECK_ROWS(suite, value, rows);
	CHECK_LOOP(suite, several, 1);
	CHECK_LOOP(suite, longest, 6);
	return check_run(suite);
}
