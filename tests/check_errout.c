/* SPDX-License-Identifier: ISC */
/*
 * errout: what a program writes to its standard error, whole, byte by byte
 * and in two pieces cut at every position, and the lines this makes in a log.
 */
#include "platform.h"

#include "errout.h"

#include <errno.h>
#include <fcntl.h>

#include "check_main.h"
#include "log.h"

#define TAG	"id=7-1 script=/x.sh stderr: "
#define L16	"aaaaaaaaaaaaaaaa"
#define L128	L16 L16 L16 L16 L16 L16 L16 L16
#define L1024	L128 L128 L128 L128 L128 L128 L128 L128
#define BYTES(literal)	literal, sizeof literal - 1

static const struct {
	const char	*name;
	const char	*bytes;
	size_t		 len;
	const char	*lines;
} rows[] = {
	{ "nothing", BYTES(""), "" },
	{ "a line", BYTES("oops\n"), TAG "oops\n" },
	{ "two lines", BYTES("a\nb\n"), TAG "a\n" TAG "b\n" },
	{ "empty line", BYTES("\na\n"), TAG "\n" TAG "a\n" },
	{ "line not ended", BYTES("a\nb"), TAG "a\n" TAG "b\n" },
	{ "percent", BYTES("100%s %n\n"), TAG "100%s %n\n" },
	{ "CRLF", BYTES("a\r\n"), TAG "a\\x0d\n" },
	{ "escape", BYTES("\x1b[31m\n"), TAG "\\x1b[31m\n" },
	{ "NUL does not hide the rest", BYTES("a\0b\n"), TAG "a\\x01b\n" },
	{ "as long as fits", BYTES(L1024 "\n"), TAG L1024 "\n" },
	{ "too long", BYTES(L1024 "b\n"), TAG L1024 "...\n" },
	{ "far too long", BYTES(L1024 "b" L1024 "\nc\n"), TAG L1024 "...\n" TAG "c\n" },
	{ "too long and not ended", BYTES(L1024 "bc"), TAG L1024 "...\n" },
};

/* What the log got, without the time that begins each line. */
static const char *
logged(void)
{
	static char text[65536];
	char line[8192], *behind;
	FILE *file = fopen("log", "r");

	text[0] = '\0';
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		behind = strchr(line, ' ');
		ck_assert(behind != NULL &&
		    strlen(text) + strlen(behind) < sizeof text);
		(void)strcat(text, behind + 1);
	}
	if (file != NULL)
		(void)fclose(file);
	return text;
}

static void
open_log(void)
{
	char name[4096];

	(void)unlink("log");
	ck_assert(getcwd(name, sizeof name - 8) != NULL);
	(void)strcat(name, "/log");
	ck_assert(log_open(LOG_MESSAGES, name) == 0);
}

static void
look_at(int row, size_t cut, size_t step)
{
	struct errout e = { .len = 0 };
	size_t at, n;
	int ends[2];

	open_log();
	ck_assert(pipe2(ends, O_NONBLOCK) == 0);
	for (at = 0, n = cut; at < rows[row].len; at += n, n = step) {
		if (n > rows[row].len - at)
			n = rows[row].len - at;
		if (n == 0)
			continue;
		ck_assert(write(ends[1], rows[row].bytes + at, n) ==
		    (ssize_t)n);
		CHECK_INT(rows[row].name, errout_read(&e, ends[0], "7-1",
		    "/x.sh", 5000), 1);
	}
	CHECK_INT(rows[row].name, errout_read(&e, ends[0], "7-1", "/x.sh",
	    5000), -1);
	CHECK_INT(rows[row].name, errno, EAGAIN);
	(void)close(ends[1]);
	CHECK_INT(rows[row].name, errout_read(&e, ends[0], "7-1", "/x.sh",
	    5000), 0);
	errout_end(&e, "7-1", "/x.sh");
	(void)close(ends[0]);
	CHECK_TEXT(rows[row].name, logged(), rows[row].lines);
}

START_TEST(lines)
{
	size_t cut, step = rows[_i].len > 500 ? 97 : 1;

	for (cut = 0; cut <= rows[_i].len; cut += step)
		look_at(_i, cut, rows[_i].len + 1);
	look_at(_i, 1, step);
}
END_TEST

/* Bursts of lines: how many, in which millisecond; what of them is logged. */
static const struct {
	const char	*name;
	struct { int lines; int64_t ms; } bursts[3];
	int		 logged;
	const char	*last;
} rates[] = {
	{ "as many as allowed", { { 100, 5000 } }, 100, "x" },
	{ "one too many", { { 101, 5000 } }, 101, "1 lines dropped, more than 100 a second" },
	{ "far too many", { { 300, 5000 } }, 101, "200 lines dropped, more than 100 a second" },
	{ "in one second", { { 60, 5000 }, { 60, 5999 } }, 101, "20 lines dropped, more than 100 a second" },
	{ "in two seconds", { { 60, 5999 }, { 60, 6000 } }, 120, "x" },
	{ "too many, then few", { { 150, 5000 }, { 1, 6000 } }, 102, "x" },
	{ "too many twice", { { 150, 5000 }, { 150, 6000 } }, 202, "50 lines dropped, more than 100 a second" },
	{ "in the first second", { { 150, 0 } }, 101, "50 lines dropped, more than 100 a second" },
};

START_TEST(rate)
{
	struct errout e = { .len = 0 };
	const char *name = rates[_i].name, *text, *last = "";
	int ends[2], i, j, n = 0;

	open_log();
	ck_assert(pipe2(ends, O_NONBLOCK) == 0);
	for (i = 0; i < 3; i++) {
		for (j = 0; j < rates[_i].bursts[i].lines; j++)
			ck_assert(write(ends[1], "x\n", 2) == 2);
		if (j > 0)
			CHECK_INT(name, errout_read(&e, ends[0], "7-1",
			    "/x.sh", rates[_i].bursts[i].ms), 1);
	}
	errout_end(&e, "7-1", "/x.sh");
	(void)close(ends[0]);
	(void)close(ends[1]);
	for (text = logged(); *text != '\0'; text = strchr(text, '\n') + 1) {
		last = text;
		n++;
	}
	CHECK_INT(name, n, rates[_i].logged);
	ck_assert_msg(strncmp(last + strlen(TAG), rates[_i].last,
	    strlen(rates[_i].last)) == 0, "%s: last is %s", name, last);
}
END_TEST

START_TEST(failing)
{
	struct errout e = { .len = 0 };

	open_log();
	CHECK_INT("no descriptor", errout_read(&e, -1, "7-1", "/x.sh", 0), -1);
	CHECK_INT("no descriptor", errno, EBADF);
	errout_end(&e, "7-1", "/x.sh");
	CHECK_TEXT("no descriptor", logged(), "");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("errout");

	CHECK_ROWS(suite, lines, rows);
	CHECK_ROWS(suite, rate, rates);
	CHECK_LOOP(suite, failing, 1);
	return check_run_aside(suite);
}
