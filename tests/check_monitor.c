/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "monitor.h"

#include "check_main.h"
#include "visit.h"

#define S	INT64_C(1000)	/* ms */

static const struct {
	int		 status;	/* 0: no whole answer */
	int64_t		 us;		/* how long it took */
	const char	*expect;
	bool		 no_text;
	int64_t		 warn_ms, crit_ms;
	enum monitor_state state;
	const char	*line;		/* its beginning */
} rows[] = {
{ 200, 3000, NULL, false, -1, -1, MONITOR_OK, "SCGI OK - 200 Some reason, 15 bytes in 0.003 s | time=0.003000s;;;0 size=15B;;;0" },
{ 302, 3000, NULL, false, -1, -1, MONITOR_OK, "SCGI OK - 302 " },
{ 404, 3000, NULL, false, -1, -1, MONITOR_WARNING, "SCGI WARNING - 404 Some reason, the status of an error, 15 bytes" },
{ 500, 3000, NULL, false, -1, -1, MONITOR_CRITICAL, "SCGI CRITICAL - 500 " },
{ 503, 3000, "503", false, -1, -1, MONITOR_OK, "SCGI OK - 503 " },
{ 404, 3000, "200", false, -1, -1, MONITOR_CRITICAL, "SCGI CRITICAL - 404 Some reason, not the status expected" },
{ 200, 3000, "3xx", false, -1, -1, MONITOR_CRITICAL, "SCGI CRITICAL - 200 " },
{ 200, 3000, NULL, true, -1, -1, MONITOR_CRITICAL, "SCGI CRITICAL - 200 Some reason, the text expected" },
{ 200, 1000000, NULL, false, S, 2 * S, MONITOR_OK, "SCGI OK - 200 Some reason, 15 bytes in 1.000 s | time=1.000000s;1.000;2.000;0 " },
{ 200, 1000001, NULL, false, S, 2 * S, MONITOR_WARNING, "SCGI WARNING - 200 Some reason, slow, 15 bytes in 1.000 s | " },
{ 200, 2000000, NULL, false, S, 2 * S, MONITOR_WARNING, "SCGI WARNING - " },
{ 200, 2000001, NULL, false, S, 2 * S, MONITOR_CRITICAL, "SCGI CRITICAL - 200 Some reason, slow" },
{ 200, 2000001, NULL, false, -1, 2 * S, MONITOR_CRITICAL, "SCGI CRITICAL - " },
{ 200, 9000000, NULL, false, S, -1, MONITOR_WARNING, "SCGI WARNING - " },
{ 404, 1500000, NULL, false, S, 2 * S, MONITOR_WARNING, "SCGI WARNING - 404 " },
{ 404, 2000001, NULL, false, S, 2 * S, MONITOR_CRITICAL, "SCGI CRITICAL - 404 " },
{ 200, 1, NULL, false, 0, -1, MONITOR_WARNING, "SCGI WARNING - " },
{ 0, 3000, NULL, false, -1, -1, MONITOR_CRITICAL, "SCGI CRITICAL - so / that is it | time=0.003000s;;;0 size=15B;;;0" },
};

START_TEST(judge)
{
	struct visit v = {
		.end = rows[_i].status != 0 ? VISIT_WHOLE : VISIT_TIMEOUT,
		.response = { .status = rows[_i].status,
		    .reason = "Some reason" },
		.start = 5, .finish = 5 + rows[_i].us * 1000,
		.header_len = 10, .body_len = 5,
	};
	struct monitor m = {
		.expect = rows[_i].expect, .text_found = !rows[_i].no_text,
		.warn_ms = rows[_i].warn_ms, .crit_ms = rows[_i].crit_ms,
		.excuse = "so | that\nis it",
	};
	char line[1024];

	CHECK_INT(rows[_i].line, monitor_judge(&m, &v, line, sizeof line),
	    rows[_i].state);
	line[strlen(line) < strlen(rows[_i].line) ? strlen(line) :
	    strlen(rows[_i].line)] = '\0';
	CHECK_TEXT(rows[_i].line, line, rows[_i].line);
}
END_TEST

START_TEST(unknown)
{
	char line[64];

	monitor_unknown("a|b\nc", line, sizeof line);
	CHECK_TEXT("unknown", line, "SCGI UNKNOWN - a/b c");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("monitor");

	CHECK_ROWS(suite, judge, rows);
	CHECK_LOOP(suite, unknown, 1);
	return check_run(suite);
}
