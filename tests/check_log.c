/* SPDX-License-Identifier: ISC */
/*
 * log: what is written for what is said. Everything goes to files here.
 */
#include "platform.h"

#include "log.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <syslog.h>

#include "check_main.h"

/* The name of a file in our directory, as log_open() wants it. */
static const char *
in_here(const char *name)
{
	static char path[4096];

	ck_assert(getcwd(path, sizeof path - 16) != NULL);
	return strcat(strcat(path, "/"), name);
}

/* All of a file, without the times if it has them. */
static const char *
written(const char *name, int stamped)
{
	static char text[65536];
	char line[16384], *behind;
	FILE *file = fopen(in_here(name), "r");

	text[0] = '\0';
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		behind = stamped ? strchr(line, ' ') : NULL;
		(void)strcat(text, behind != NULL ? behind + 1 : line);
	}
	if (file != NULL)
		(void)fclose(file);
	return text;
}

static void
open_here(enum log_stream stream, const char *name)
{
	(void)unlink(in_here(name));
	ck_assert(log_open(stream, in_here(name)) == 0);
}

#define BYTES(literal)	literal, sizeof literal - 1

/* Bytes from outside, and how they stand in a line. */
static const struct {
	const char	*name;
	const char	*bytes;
	size_t		 len;
	const char	*line;
} escapes[] = {
	{ "plain", BYTES("a b~"), "a b~" },
	{ "line feed", BYTES("a\nb"), "a\\x0ab" },
	{ "carriage return", BYTES("a\rb"), "a\\x0db" },
	{ "tab", BYTES("a\tb"), "a\\x09b" },
	{ "NUL", BYTES("a\0b"), "a\\x00b" },
	{ "first and last control", BYTES("\x01\x1f"), "\\x01\\x1f" },
	{ "delete", BYTES("\x7f"), "\\x7f" },
	{ "escape sequence", BYTES("\x1b]0;x\x07"), "\\x1b]0;x\\x07" },
	{ "UTF-8, two bytes", BYTES("\xc3\xa4"), "\xc3\xa4" },
	{ "UTF-8, three bytes", BYTES("\xe2\x82\xac"), "\xe2\x82\xac" },
	{ "UTF-8, four bytes", BYTES("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80" },
	{ "first of two bytes", BYTES("\xc2\xa0"), "\xc2\xa0" },
	{ "last of all", BYTES("\xf4\x8f\xbf\xbf"), "\xf4\x8f\xbf\xbf" },
	{ "C1 control", BYTES("\xc2\x9b" "31m"), "\\xc2\\x9b31m" },
	{ "bare C1 control", BYTES("\x9b" "31m"), "\\x9b31m" },
	{ "Latin-1", BYTES("\xe4x"), "\\xe4x" },
	{ "never in UTF-8", BYTES("\xff\xfe\xc0\xc1\xf5"), "\\xff\\xfe\\xc0\\xc1\\xf5" },
	{ "line feed, overlong", BYTES("\xc0\x8a"), "\\xc0\\x8a" },
	{ "overlong, three bytes", BYTES("\xe0\x80\x8a"), "\\xe0\\x80\\x8a" },
	{ "overlong, four bytes", BYTES("\xf0\x80\x80\x8a"), "\\xf0\\x80\\x80\\x8a" },
	{ "surrogate", BYTES("\xed\xa0\x80"), "\\xed\\xa0\\x80" },
	{ "beyond the last", BYTES("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80" },
	{ "cut, two bytes", BYTES("\xc3"), "\\xc3" },
	{ "cut, three bytes", BYTES("\xe2\x82"), "\\xe2\\x82" },
	{ "cut by a line feed", BYTES("\xe2\x82\n"), "\\xe2\\x82\\x0a" },
	{ "percent", BYTES("%s%n%%"), "%s%n%%" },
	{ "next line", BYTES("\xc2\x85"), "\\xc2\\x85" },
	{ "line separator", BYTES("\xe2\x80\xa8"), "\\xe2\\x80\\xa8" },
	{ "paragraph separator", BYTES("\xe2\x80\xa9"), "\\xe2\\x80\\xa9" },
	{ "right to left", BYTES("\xe2\x80\xae" "x"), "\\xe2\\x80\\xaex" },
	{ "isolate", BYTES("\xe2\x81\xa6"), "\\xe2\\x81\\xa6" },
	{ "Arabic letter mark", BYTES("\xd8\x9c"), "\\xd8\\x9c" },
	{ "no width", BYTES("\xe2\x80\x8b"), "\\xe2\\x80\\x8b" },
	{ "byte order mark", BYTES("\xef\xbb\xbf"), "\\xef\\xbb\\xbf" },
	{ "tag", BYTES("\xf3\xa0\x80\x81"), "\\xf3\\xa0\\x80\\x81" },
	{ "next to them", BYTES("\xe2\x80\xa7\xe2\x80\xaf"), "\xe2\x80\xa7\xe2\x80\xaf" },
};

START_TEST(escape)
{
	struct log_line line;
	char want[256];

	open_here(LOG_REQUESTS, "access");
	memcpy(line.text, escapes[_i].bytes, escapes[_i].len);
	line.len = escapes[_i].len;
	log_access(&line);
	(void)snprintf(want, sizeof want, "%s\n", escapes[_i].line);
	CHECK_TEXT(escapes[_i].name, written("access", 1), want);
	if (memchr(escapes[_i].bytes, '\0', escapes[_i].len) != NULL)
		return;
	open_here(LOG_MESSAGES, "log");
	log_warnx("%.*s", (int)escapes[_i].len, escapes[_i].bytes);
	CHECK_TEXT(escapes[_i].name, written("log", 1), want);
}
END_TEST

#define L16	"aaaaaaaaaaaaaaaa"
#define L128	L16 L16 L16 L16 L16 L16 L16 L16
#define L1024	L128 L128 L128 L128 L128 L128 L128 L128

#define L1023	L128 L128 L128 L128 L128 L128 L128 \
	L16 L16 L16 L16 L16 L16 L16 "aaaaaaaaaaaaaaa"
#define ESC64	"\033\033\033\033\033\033\033\033\033\033\033\033\033\033\033\033"
#define ESC256	ESC64 ESC64 ESC64 ESC64
#define ESC1024	ESC256 ESC256 ESC256 ESC256
#define Q16	"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""
#define Q128	Q16 Q16 Q16 Q16 Q16 Q16 Q16 Q16
#define QUOTE1024	Q128 Q128 Q128 Q128
#define B16	"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\""
#define B128	B16 B16 B16 B16 B16 B16 B16 B16
#define QUOTED1024	B128 B128 B128 B128 B128 B128 B128 B128

static const struct {
	const char	*name, *value, *line;
} values[] = {
	{ "plain", "GET", "x k=GET" },
	{ "empty", "", "x k=\"\"" },
	{ "space", "a b", "x k=\"a b\"" },
	{ "quote", "a\"b", "x k=\"a\\\"b\"" },
	{ "backslash", "a\\b", "x k=\"a\\\\b\"" },
	{ "equals sign", "a=b", "x k=\"a=b\"" },
	{ "would-be key", "a status=200", "x k=\"a status=200\"" },
	{ "percent", "%s", "x k=%s" },
	{ "as long as fits", L1024, "x k=" L1024 },
	{ "too long", L1024 "b", "x k=\"" L1024 "...\"" },
	{ "too long once it is written", ESC1024 "\033b", "x k=\"" ESC1024 "...\"" },
	{ "as long as fits, written", ESC1024, "x k=" ESC1024 },
	{ "quotes are two", QUOTE1024 "\"", "x k=\"" QUOTED1024 "...\"" },
	{ "a character is not cut", L1023 "\xc3\xa4", "x k=\"" L1023 "...\"" },
};

START_TEST(value)
{
	struct log_line line;

	log_line_start(&line, "x");
	log_line_value(&line, "k", values[_i].value);
	CHECK_INT(values[_i].name, line.len, strlen(line.text));
	CHECK_TEXT(values[_i].name, line.text, values[_i].line);
	log_line_start(&line, "anew");
	log_line_add(&line, " %d%s", 5, "%");
	CHECK_TEXT(values[_i].name, line.text, "anew 5%");
}
END_TEST

/* A line that is too long is one line, cut, and says so. */
START_TEST(cut)
{
	static const char *const names[] = { "access line", "message",
	    "control characters" };
	struct log_line line;
	const char *text;
	size_t i, len;

	open_here(_i == 1 ? LOG_MESSAGES : LOG_REQUESTS, "log");
	log_line_start(&line, "");
	if (_i == 1)
		log_warnx("%s", L1024 L1024 L1024 L1024 L1024 L1024 L1024);
	else
		for (i = 0; i < 8000; i++)
			log_line_add(&line, "%c", _i == 0 ? 'a' : '\n');
	CHECK_TRUE(names[_i], line.len < sizeof line.text);
	if (_i != 1)
		log_access(&line);
	text = written("log", 1);
	len = strlen(text);
	CHECK_TRUE(names[_i], len > 3900 && len <= 4096);
	CHECK_TRUE(names[_i], strchr(text, '\n') == text + len - 1);
	ck_assert_msg(len > 4 && strcmp(text + len - 4, "...\n") == 0,
	    "%s: cut without a mark: %s", names[_i], text + len - 10);
}
END_TEST

static void
say(int priority)
{
	errno = ENOENT;
	switch (priority) {
	case LOG_ERR:
		log_error("e");
		log_errorx("ex");
		break;
	case LOG_WARNING:
		log_warn("w");
		log_warnx("wx");
		break;
	case LOG_NOTICE:
		log_notice("n");
		break;
	case LOG_INFO:
		log_info("i");
		break;
	default:
		log_debug("d");
	}
	ck_assert(errno == ENOENT);
}

static const struct {
	const char	*name;
	int		 level;
	const char	*lines;
} levels[] = {
	{ "error", LOG_ERR, "e: No such file or directory\nex\n" },
	{ "warning", LOG_WARNING, "e: No such file or directory\nex\nw: No such file or directory\nwx\n" },
	{ "notice", LOG_NOTICE, "e: No such file or directory\nex\nw: No such file or directory\nwx\nn\n" },
	{ "info", LOG_INFO, "e: No such file or directory\nex\nw: No such file or directory\nwx\nn\ni\n" },
	{ "debug", LOG_DEBUG, "e: No such file or directory\nex\nw: No such file or directory\nwx\nn\ni\nd\n" },
};

START_TEST(level)
{
	int priority;

	open_here(LOG_MESSAGES, "log");
	log_set_level(levels[_i].level);
	for (priority = LOG_ERR; priority <= LOG_DEBUG; priority++) {
		say(priority);
		CHECK_INT(levels[_i].name, log_wants(priority) != 0,
		    priority <= levels[_i].level);
	}
	log_set_level(LOG_INFO);
	CHECK_TEXT(levels[_i].name, written("log", 1), levels[_i].lines);
}
END_TEST

static const struct {
	const char	*where;
	int		 is;
} destinations[] = {
	{ "stderr", 1 }, { "syslog", 1 }, { "none", 1 }, { "/var/log/x", 1 },
	{ "", 0 }, { "x.log", 0 }, { "Stderr", 0 }, { "stdout", 0 },
	{ "none ", 0 },
};

START_TEST(destination)
{
	CHECK_INT(destinations[_i].where,
	    log_is_destination(destinations[_i].where) != 0,
	    destinations[_i].is);
}
END_TEST

/* Streams are two; what cannot be opened changes nothing; files are kept. */
START_TEST(streams)
{
	struct log_line line;
	struct stat st;

	open_here(LOG_MESSAGES, "log");
	open_here(LOG_REQUESTS, "access");
	log_line_start(&line, "request");
	log_access(&line);
	log_errorx("message");
	CHECK_INT("no such directory", log_open(LOG_MESSAGES, "/no/such/x"),
	    -1);
	CHECK_INT("no such directory", errno, ENOENT);
	log_errorx("again");
	ck_assert(log_open(LOG_REQUESTS, "none") == 0);
	CHECK_TRUE("none", !log_wants_access());
	log_access(&line);
	ck_assert(log_open(LOG_REQUESTS, in_here("access")) == 0);
	CHECK_TRUE("opened again", log_wants_access());
	log_access(&line);
	CHECK_TEXT("access", written("access", 1), "request\nrequest\n");
	CHECK_TEXT("messages", written("log", 1), "message\nagain\n");
	ck_assert(stat(in_here("log"), &st) == 0);
	CHECK_INT("mode", st.st_mode & 0777 & ~0640, 0);
	ck_assert(log_open(LOG_MESSAGES, "none") == 0);
	CHECK_TRUE("none", !log_wants(LOG_ERR));
	log_errorx("nobody reads this");
}
END_TEST

/* RFC 3339: 2026-01-31T23:59:59.999+01:00 */
START_TEST(stamp)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.ddd+dd:dd x\n";
	const char *text, *f;

	open_here(LOG_MESSAGES, "log");
	log_errorx("x");
	text = written("log", 0);
	for (f = form; *f != '\0' && *text != '\0'; f++, text++)
		ck_assert_msg(*f == 'd' ? *text >= '0' && *text <= '9' :
		    *f == *text || (*f == '+' && *text == '-'),
		    "no time of RFC 3339: %s", written("log", 0));
	ck_assert_msg(*f == *text, "no time of RFC 3339: %s",
	    written("log", 0));
}
END_TEST

/* To stderr, before and after journald is there; and fatal ones. */
static const struct {
	const char	*name;
	int		 journal, x;
	const char	*lines;
} ends[] = {
	{ "fatal", 0, 0, "scgi-cgid: a\\x0a\nscgi-cgid: b: No such file or directory\n" },
	{ "fatalx", 0, 1, "scgi-cgid: a\\x0a\nscgi-cgid: b\n" },
	{ "journald", 1, 1, "<4>a\\x0a\n<3>b\n" },
};

static void
end_here(const char *file, int journal, int x)
{
	char stream[64];
	struct stat st;

	if (freopen(file, "w", stderr) == NULL || fstat(2, &st) == -1)
		_exit(1);
	(void)snprintf(stream, sizeof stream, "%llu:%llu",
	    (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino + !journal);
	(void)setenv("JOURNAL_STREAM", stream, 1);
	(void)log_open(LOG_MESSAGES, "stderr");
	log_warnx("a\n");
	errno = ENOENT;
	if (x)
		fatalx(78, "b");
	fatal(78, "b");
}

START_TEST(to_stderr)
{
	int status = 0;
	pid_t pid;

	(void)fflush(NULL);
	ck_assert((pid = fork()) != -1);
	if (pid == 0)
		end_here(in_here("stderr"), ends[_i].journal, ends[_i].x);
	ck_assert(waitpid(pid, &status, 0) == pid);
	CHECK_INT(ends[_i].name, WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	    78);
	CHECK_TEXT(ends[_i].name, written("stderr", 0), ends[_i].lines);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("log");

	CHECK_ROWS(suite, escape, escapes);
	CHECK_ROWS(suite, value, values);
	CHECK_LOOP(suite, cut, 3);
	CHECK_ROWS(suite, level, levels);
	CHECK_ROWS(suite, destination, destinations);
	CHECK_LOOP(suite, streams, 1);
	CHECK_LOOP(suite, stamp, 1);
	CHECK_ROWS(suite, to_stderr, ends);
	return check_run_aside(suite);
}
