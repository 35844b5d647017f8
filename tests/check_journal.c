/* SPDX-License-Identifier: ISC */
/*
 * journal: entries as they arrive at a socket that plays the journal.
 */
#include "platform.h"

#include "journal.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>

#include "check_main.h"
#include "facts.h"

#define HEAD	"PRIORITY=6\nSYSLOG_IDENTIFIER=scgi-cgid\nSYSLOG_FACILITY=3\n"
#define BYTES(literal)	literal, sizeof literal - 1

static int
play_journal(void)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)snprintf(un.sun_path, sizeof un.sun_path, "journal");
	(void)unlink(un.sun_path);
	ck_assert(fd != -1 &&
	    bind(fd, (struct sockaddr *)&un, sizeof un) == 0);
	return fd;
}

static const struct {
	const char	*name;
	const char	*message, *value;
	const char	*entry;
	size_t		 len;
} rows[] = {
	{ "plain", "m", "v", BYTES("MESSAGE=m\n" HEAD "CGID_A_B=v\n") },
	{ "empty", "", "", BYTES("MESSAGE=\n" HEAD "CGID_A_B=\n") },
	{ "none", "m", NULL, BYTES("MESSAGE=m\n" HEAD) },
	{ "equals sign", "m=n", "v=w", BYTES("MESSAGE=m=n\n" HEAD "CGID_A_B=v=w\n") },
	{ "no field of its own", "m", "v\nPRIORITY=0",
	    BYTES("MESSAGE=m\n" HEAD "CGID_A_B\n\x0c\0\0\0\0\0\0\0v\nPRIORITY=0\n") },
	{ "line feed alone", "m", "\n", BYTES("MESSAGE=m\n" HEAD "CGID_A_B\n\1\0\0\0\0\0\0\0\n\n") },
	{ "a message of two lines", "m\nn", "v",
	    BYTES("MESSAGE\n\3\0\0\0\0\0\0\0m\nn\n" HEAD "CGID_A_B=v\n") },
	{ "bytes as they are", "m", "\xff\x1b\"\\", BYTES("MESSAGE=m\n" HEAD "CGID_A_B=\xff\x1b\"\\\n") },
};

START_TEST(entry)
{
	struct facts facts = { .n = 0 };
	struct journal j;
	int there = play_journal(), fd = journal_open("journal");
	char got[32768];
	ssize_t n;

	ck_assert(fd != -1);
	facts_text(&facts, "a_b", rows[_i].value);
	journal_start(&j, 6, rows[_i].message, strlen(rows[_i].message));
	journal_facts(&j, &facts);
	CHECK_TRUE(rows[_i].name, journal_send(fd, "journal", &j));
	n = recv(there, got, sizeof got, MSG_DONTWAIT);
	CHECK_INT(rows[_i].name, n, rows[_i].len);
	CHECK_TRUE(rows[_i].name, memcmp(got, rows[_i].entry, rows[_i].len) == 0);
	(void)close(there);
	(void)close(fd);
}
END_TEST

/* Numbers; and more and longer values than an entry has room for. */
START_TEST(many)
{
	static char value[5001];
	struct facts facts = { .n = 0 };
	char last[] = "\nCGID_K=-5\n";
	struct journal j;
	int i;

	facts_number(&facts, "k", -5);
	memset(value, 'v', sizeof value - 1);
	for (i = 1; i < FACTS_MAX; i++)
		facts_text(&facts, "long", value);
	journal_start(&j, 3, "m", 1);
	journal_facts(&j, &facts);
	CHECK_TRUE("a number", memmem(j.bytes, j.len, last, strlen(last)) != NULL);
	CHECK_TRUE("whole fields", j.len <= sizeof j.bytes &&
	    j.bytes[j.len - 1] == '\n');
	CHECK_TRUE("several long ones", j.len > 4 * 2048);
}
END_TEST

/* Nobody there; gone; back as another. */
START_TEST(listener)
{
	struct journal j;
	int there, fd;

	journal_start(&j, 6, "m", 1);
	CHECK_INT("nobody", journal_open("journal-none"), -1);
	CHECK_INT("nobody", errno, ENOENT);
	there = play_journal();
	fd = journal_open("journal");
	ck_assert(fd != -1);
	CHECK_TRUE("there", journal_send(fd, "journal", &j));
	(void)close(there);
	CHECK_TRUE("gone", !journal_send(fd, "journal", &j));
	CHECK_INT("gone", journal_open("journal"), -1);
	there = play_journal();
	CHECK_TRUE("back", journal_send(fd, "journal", &j));
	while (journal_send(fd, "journal", &j))
		;
	CHECK_INT("full: nobody waits", errno, EAGAIN);
	(void)close(there);
	(void)close(fd);
}
END_TEST

static const struct {
	const char	*name, *stream;
	long long	 other;		/* added to the inode */
	int		 is;
} streams[] = {
	{ "not set", NULL, 0, 0 },
	{ "ours", "%llu:%llu", 0, 1 },
	{ "another file", "%llu:%llu", 1, 0 },
	{ "no numbers", "x:y", 0, 0 },
	{ "one number", "%llu", 0, 0 },
	{ "empty", "", 0, 0 },
};

START_TEST(stream)
{
	char text[64];
	struct stat st;

	ck_assert(fstat(STDERR_FILENO, &st) == 0);
	(void)unsetenv("JOURNAL_STREAM");
	if (streams[_i].stream != NULL) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(text, sizeof text, streams[_i].stream,
		    (unsigned long long)st.st_dev, (unsigned long long)
		    st.st_ino + (unsigned long long)streams[_i].other);
#pragma GCC diagnostic pop
		(void)setenv("JOURNAL_STREAM", text, 1);
	}
	CHECK_INT(streams[_i].name, journal_is_stderr(), streams[_i].is);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("journal");

	CHECK_ROWS(suite, entry, rows);
	CHECK_LOOP(suite, many, 1);
	CHECK_LOOP(suite, listener, 1);
	CHECK_ROWS(suite, stream, streams);
	return check_run_aside(suite);
}
