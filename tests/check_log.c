/* SPDX-License-Identifier: ISC */
/*
 * log: what is written for what is said. Everything goes to files here.
 */
#include "platform.h"

#include "log.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <syslog.h>

#include "check_main.h"
#include "combined.h"
#include "facts.h"
#include "line.h"
#include "sink.h"

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
	const struct sink_line line = { .text = escapes[_i].bytes,
	    .len = escapes[_i].len };
	struct sink sink = { .fd = STDERR_FILENO };
	char want[256];

	(void)unlink(in_here("access"));
	ck_assert(sink_open(&sink, in_here("access")) == 0);
	sink_write(&sink, &line);
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

/* A line that is too long is one line, cut, and says so. */
START_TEST(cut)
{
	static const char *const names[] = { "letters", "control characters" };
	const char *text;
	struct line line;
	size_t i, len;

	open_here(LOG_MESSAGES, "log");
	line_start(&line, "");
	for (i = 0; i < 8000; i++)
		line_add(&line, "%c", _i == 0 ? 'a' : '\n');
	CHECK_TRUE(names[_i], line.len < sizeof line.text);
	if (_i == 0)
		log_warnx("%s", L1024 L1024 L1024 L1024 L1024 L1024 L1024);
	else
		log_warnx("%s", line.text);
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
	{ "none ", 0 }, { "journal", 1 }, { "journal:/x", 1 }, { "journal:", 0 },
	{ "journal:x", 0 }, { "journald", 0 },
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
	struct facts facts = { .n = 0 };
	struct stat st;

	open_here(LOG_MESSAGES, "log");
	open_here(LOG_REQUESTS, "access");
	facts_text(&facts, "id", "1-1");
	log_access(LOG_INFO, &facts, NULL);
	log_errorx("message");
	CHECK_INT("no such directory", log_open(LOG_MESSAGES, "/no/such/x"),
	    -1);
	CHECK_INT("no such directory", errno, ENOENT);
	log_errorx("again");
	ck_assert(log_open(LOG_REQUESTS, "none") == 0);
	CHECK_TRUE("none", !log_wants_access());
	log_access(LOG_INFO, &facts, NULL);
	ck_assert(log_open(LOG_REQUESTS, in_here("access")) == 0);
	CHECK_TRUE("opened again", log_wants_access());
	log_access(LOG_INFO, &facts, NULL);
	CHECK_TEXT("access", written("access", 1), "request id=1-1\nrequest id=1-1\n");
	CHECK_TEXT("messages", written("log", 1), "message\nagain\n");
	ck_assert(stat(in_here("log"), &st) == 0);
	CHECK_INT("mode", st.st_mode & 0777 & ~0640, 0);
	ck_assert(log_open(LOG_MESSAGES, "none") == 0);
	CHECK_TRUE("none", !log_wants(LOG_ERR));
	log_errorx("nobody reads this");
}
END_TEST

/* If one cannot be opened, the other stays where it was, too. */
START_TEST(both)
{
	struct facts facts = { .n = 0 };
	char name[4096];

	open_here(LOG_MESSAGES, "log");
	open_here(LOG_REQUESTS, "access");
	(void)snprintf(name, sizeof name, "%s", in_here("other"));
	facts_text(&facts, "id", "1-1");
	CHECK_INT("no messages", log_open_both("/no/such/x", name), -1);
	CHECK_INT("no messages", errno, ENOENT);
	CHECK_INT("no access", log_open_both(name, "/no/such/x"), -1);
	CHECK_INT("no access", errno, ENOENT);
	log_access(LOG_INFO, &facts, NULL);
	log_errorx("message");
	CHECK_TEXT("access", written("access", 1), "request id=1-1\n");
	CHECK_TEXT("messages", written("log", 1), "message\n");
	CHECK_INT("both", log_open_both(name, in_here("access")), 0);
	log_access(LOG_INFO, &facts, NULL);
	log_errorx("more");
	CHECK_TEXT("access", written("access", 1), "request id=1-1\n"
	    "request id=1-1\n");
	CHECK_TEXT("messages", written("other", 1), "more\n");
	ck_assert(log_open_both("none", "none") == 0);
}
END_TEST

/*
 * A FIFO that takes no more, and then does: lines of others' formats are
 * counted where messages go, ours in their place.
 */
START_TEST(lost)
{
	const char *name = _i == LOG_KV ? "kv" : "others";
	struct facts facts = { .n = 0 };
	static char took[1 << 20];
	int reader, i;
	ssize_t n;

	open_here(LOG_MESSAGES, "log");
	ck_assert(mkfifo(in_here("fifo"), 0600) == 0);
	ck_assert((reader = open("fifo", O_RDONLY | O_NONBLOCK)) != -1);
	ck_assert(log_open(LOG_REQUESTS, in_here("fifo")) == 0);
	log_set_format(_i);
	facts_text(&facts, "k", L1024);
	for (i = 0; i < 3000; i++)
		log_access(LOG_INFO, &facts, &(struct combined){ .uri = "/" });
	while (read(reader, took, sizeof took) > 0)
		;
	log_access(LOG_INFO, &facts, &(struct combined){ .uri = "/" });
	CHECK_TRUE(name, (n = read(reader, took, sizeof took - 1)) > 0);
	took[n] = '\0';
	CHECK_INT(name, strstr(took, "lines lost") != NULL, _i == LOG_KV);
	CHECK_INT(name, strstr(written("log", 1), " lines lost: the access "
	    "log did not take them\n") != NULL, _i != LOG_KV);
	ck_assert(log_open(LOG_REQUESTS, "none") == 0);
	(void)close(reader);
	(void)unlink("fifo");
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
	CHECK_LOOP(suite, cut, 2);
	CHECK_ROWS(suite, level, levels);
	CHECK_ROWS(suite, destination, destinations);
	CHECK_LOOP(suite, streams, 1);
	CHECK_LOOP(suite, both, 1);
	CHECK_LOOP(suite, lost, 3);
	CHECK_LOOP(suite, stamp, 1);
	CHECK_ROWS(suite, to_stderr, ends);
	return check_run_aside(suite);
}
