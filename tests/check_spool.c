/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "spool.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "check_main.h"

/* Steps: +n adds n bytes, -n takes at most n. All bytes are an alphabet. */
static const struct {
	const char	*name;
	const char	*steps;
	size_t		 pending;	/* at the end */
	off_t		 largest;	/* the file may have been */
} rows[] = {
	{ "nothing", "", 0, 0 },
	{ "nothing added", "+0", 0, 0 },
	{ "one byte", "+1", 1, 1 },
	{ "in and out", "+10 -10", 0, 10 },
	{ "out in pieces", "+10 -3 -3 -3 -3", 0, 10 },
	{ "out with room to spare", "+10 -4000", 0, 10 },
	{ "in pieces", "+1 +2 +3 -6", 0, 6 },
	{ "by turns", "+10 -3 +10 -3 +10 -24", 0, 30 },
	{ "some left", "+10 -3", 7, 10 },
	{ "anew after it was empty", "+10 -10 +10 -10 +10 -10", 0, 10 },
	{ "anew, some left", "+10 -10 +4 -1", 3, 10 },
	{ "take from an empty one", "+3 -3 -3", 0, 3 },
	{ "a lot", "+4000 +4000 +4000 -4000 -3999 +4000 -4001 -4000", 0, 16000 },
};

/* Is there anything in the working directory? */
static int
directory_entries(void)
{
	DIR *dir = opendir(".");
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(dir)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	(void)closedir(dir);
	return n;
}

static void
add(const char *name, struct spool *spool, size_t at, size_t len)
{
	char bytes[4000];
	size_t i;

	for (i = 0; i < len; i++)
		bytes[i] = (char)('a' + (at + i) % 26);
	CHECK_INT(name, spool_add(spool, ".", bytes, len), 0);
}

static size_t
take(const char *name, struct spool *spool, size_t at, size_t size)
{
	uint64_t pending = spool_pending(spool);
	char bytes[4001];
	ssize_t n, i;

	n = spool_take(spool, bytes, size);
	CHECK_TRUE(name, n >= 0 && (size_t)n <= size);
	CHECK_TRUE(name, n > 0 || pending == 0);
	for (i = 0; i < n; i++)
		CHECK_INT(name, bytes[i], 'a' + (at + (size_t)i) % 26);
	return (size_t)n;
}

START_TEST(queue)
{
	const char *name = rows[_i].name;
	char *copy = strdup(rows[_i].steps), *rest = copy, *step;
	struct spool spool = { .fd = -1 };
	size_t in = 0, out = 0, len;
	struct stat st;

	while ((step = strsep(&rest, " ")) != NULL) {
		if (*step == '\0')
			continue;
		len = (size_t)atol(step + 1);
		if (*step == '+') {
			add(name, &spool, in, len);
			in += len;
		} else {
			out += take(name, &spool, out, len);
		}
		CHECK_INT(name, spool_pending(&spool), in - out);
	}
	CHECK_INT(name, spool_pending(&spool), rows[_i].pending);
	CHECK_INT(name, directory_entries(), 0);
	if (spool.fd != -1) {
		CHECK_INT(name, fstat(spool.fd, &st), 0);
		CHECK_INT(name, st.st_nlink, 0);
		CHECK_TRUE(name, st.st_size <= rows[_i].largest);
		CHECK_TRUE(name, fcntl(spool.fd, F_GETFD) & FD_CLOEXEC);
	}
	spool_close(&spool);
	CHECK_INT(name, spool.fd, -1);
	CHECK_INT(name, spool_pending(&spool), 0);
	spool_close(&spool);
	free(copy);
}
END_TEST

/* Closed and used again, it is a new one. */
START_TEST(again)
{
	struct spool spool = { .fd = -1 };

	add("first", &spool, 0, 10);
	spool_close(&spool);
	add("second", &spool, 0, 5);
	CHECK_INT("second", spool_pending(&spool), 5);
	CHECK_INT("second", take("second", &spool, 0, 100), 5);
	spool_close(&spool);
}
END_TEST

static const struct {
	const char	*name;
	const char	*directory;
	int		 error;
} bad[] = {
	{ "no directory", "missing", ENOENT },
	{ "a file", "/dev/null", ENOTDIR },
	{ "no name", "", ENOENT },
};

START_TEST(nowhere)
{
	struct spool spool = { .fd = -1 };

	CHECK_INT(bad[_i].name, spool_add(&spool, bad[_i].directory, "x", 1),
	    -1);
	CHECK_INT(bad[_i].name, errno, bad[_i].error);
	CHECK_INT(bad[_i].name, spool.fd, -1);
	CHECK_INT(bad[_i].name, spool_pending(&spool), 0);
	spool_close(&spool);
}
END_TEST

/* No more room: a limit of the file's size stands for a full disk. */
START_TEST(full)
{
	struct spool spool = { .fd = -1 };
	struct rlimit old, low;

	ck_assert(getrlimit(RLIMIT_FSIZE, &old) == 0);
	low = (struct rlimit){ 100, old.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	add("up to the limit", &spool, 0, 100);
	ck_assert(setrlimit(RLIMIT_FSIZE, &low) == 0);
	CHECK_INT("beyond it", spool_add(&spool, ".", "x", 1), -1);
	CHECK_INT("beyond it", errno, EFBIG);
	ck_assert(setrlimit(RLIMIT_FSIZE, &old) == 0);
	CHECK_INT("what was there", take("what was there", &spool, 0, 200),
	    100);
	spool_close(&spool);
	(void)signal(SIGXFSZ, SIG_DFL);
}
END_TEST

/* A file that somebody has cut must not look like an end. */
START_TEST(cut)
{
	struct spool spool = { .fd = -1 };
	char byte;

	add("cut", &spool, 0, 10);
	ck_assert(ftruncate(spool.fd, 0) == 0);
	CHECK_INT("cut", spool_take(&spool, &byte, 1), -1);
	CHECK_INT("cut", errno, EIO);
	spool_close(&spool);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("spool");

	CHECK_ROWS(suite, queue, rows);
	CHECK_LOOP(suite, again, 1);
	CHECK_ROWS(suite, nowhere, bad);
	CHECK_LOOP(suite, full, 1);
	CHECK_LOOP(suite, cut, 1);
	return check_run_aside(suite);
}
