/* SPDX-License-Identifier: ISC */
/*
 * check_main: what the unit tests have in common.
 *
 * A test is a table of rows and a function that looks at row _i of it, so
 * that the summary counts rows. CK_FORK, CK_VERBOSITY and the like of check(3)
 * are honoured.
 */
#ifndef CGID_CHECK_MAIN_H
#define CGID_CHECK_MAIN_H

#include <sys/stat.h>
#include <sys/syscall.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_COUNT(rows)	(sizeof (rows) / sizeof (rows)[0])

/* Have `test` run for each of `n` rows; a test without rows has one. */
#define CHECK_LOOP(suite, test, n) do {					\
	TCase *tcase_ = tcase_create(#test);				\
									\
	tcase_set_timeout(tcase_, 60);					\
	tcase_add_loop_test(tcase_, test, 0, (int)(n));			\
	suite_add_tcase(suite, tcase_);					\
} while (0)
#define CHECK_ROWS(suite, test, rows)	CHECK_LOOP(suite, test, CHECK_COUNT(rows))

/* An empty file of this mode, whatever the umask. */
static inline void
check_make_file(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1 || fchmod(fd, mode) == -1 || close(fd) == -1)
		abort();
}

/* How many descriptors are open: that none is left behind. */
static inline int
check_open_descriptors(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

/* Tests that share what `make` makes once, and `unmake` (or NULL) gives back. */
static inline TCase *
check_tree(Suite *suite, void (*make)(void), void (*unmake)(void))
{
	TCase *tcase = tcase_create("tree");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, make, unmake);
	suite_add_tcase(suite, tcase);
	return tcase;
}

/* Compare, and name the row that differs. */
#define CHECK_INT(row, got, want) do {					\
	long long got_ = (long long)(got), want_ = (long long)(want);	\
									\
	ck_assert_msg(got_ == want_, "%s: %s is %lld, not %lld",	\
	    row, #got, got_, want_);					\
} while (0)

/* Likewise for strings, which may be NULL. */
#define CHECK_TEXT(row, got, want) do {					\
	const char *got_ = (got), *want_ = (want);			\
									\
	ck_assert_msg(check_same(got_, want_),				\
	    "%s: %s is \"%s\", not \"%s\"", row, #got,			\
	    got_ != NULL ? got_ : "(NULL)",				\
	    want_ != NULL ? want_ : "(NULL)");				\
} while (0)

#define CHECK_TRUE(row, truth)						\
	ck_assert_msg(truth, "%s: not so: %s", row, #truth)

static inline int
check_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Run a suite; what main() returns. */
static inline int
check_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline int
check_remove(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Likewise, in a directory of its own that is removed afterwards. */
static inline int
check_run_aside(Suite *suite)
{
	char name[] = "check.XXXXXX";
	int status;

	if (mkdtemp(name) == NULL || chdir(name) == -1) {
		perror(name);
		return EXIT_FAILURE;
	}
	status = check_run(suite);
	if (chdir("..") == -1 ||
	    nftw(name, check_remove, 16, FTW_DEPTH | FTW_PHYS) == -1)
		perror(name);
	return status;
}

/* What main() returns where valgrind hides openat2(2): skipped. */
static inline int
check_lacks_openat2(void)
{
	if (syscall(SYS_openat2, -1, NULL, NULL, 0) != -1 || errno != ENOSYS)
		return 0;
	(void)fputs("skipped: openat2(2) is not there\n", stderr);
	return 77;
}

#endif
