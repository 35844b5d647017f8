/* SPDX-License-Identifier: ISC */
/*
 * walk: a small tree, and what paths mean in it.
 */
#include "platform.h"

#include "walk.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"

#define OUT	"a symbolic link is absolute or leads out of the directory (symlinks = follow allows it)"
#define DOT	"names that begin with a dot are not served"
#define NOINDEX	"a directory, and no index file in it"
#define NONE	"no such script"

#define L16	"aaaaaaaaaaaaaaaa"
#define L256	L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16 L16

static char root[4096];		/* the tree, absolute */
static bool forbidden;		/* openat2(2) is */

static const struct {
	const char	*name;
	const char	*path;
	bool		 beneath;
	const char	*index;		/* "a|b" */
	int		 status;
	const char	*what;		/* the file below the root, or why not */
	const char	*rest;		/* of the path */
	const char	*taken;		/* index file */
} rows[] = {
{ "file", "/a.sh", false, "", 0, "a.sh", "", NULL },
{ "file in a directory", "/dir/b.sh", false, "", 0, "dir/b.sh", "", NULL },
{ "file and more", "/a.sh/x/y", false, "", 0, "a.sh", "/x/y", NULL },
{ "file and a slash", "/a.sh/", false, "", 0, "a.sh", "/", NULL },
{ "file and two slashes", "/a.sh//x", false, "", 0, "a.sh", "//x", NULL },
{ "more with dots in it", "/a.sh/.x/y", false, "", 0, "a.sh", "/.x/y", NULL },
{ "two slashes", "//dir//b.sh", false, "", 0, "dir/b.sh", "", NULL },
{ "file, an index is not looked for", "/a.sh", false, "index", 0, "a.sh", "", NULL },
{ "file beneath", "/dir/b.sh/x", true, "", 0, "dir/b.sh", "/x", NULL },
{ "file that nobody may run", "/dir/plain.txt", false, "", 0, "dir/plain.txt", "", NULL },
{ "index of the root", "", false, "index", 0, "index", "", "index" },
{ "index of the root, slash", "/", false, "index", 0, "index", "", "index" },
{ "index of a directory", "/dir", false, "b.sh", 0, "dir/b.sh", "", "b.sh" },
{ "index of a directory, slash", "/dir/", false, "b.sh", 0, "dir/b.sh", "", "b.sh" },
{ "second index", "/dir", false, "no|b.sh", 0, "dir/b.sh", "", "b.sh" },
{ "first of two", "/dir", false, "plain.txt|b.sh", 0, "dir/plain.txt", "", "plain.txt" },
{ "index that is a directory", "/", false, "dir|index", 0, "index", "", "index" },
{ "index by a link", "/dir", true, "in", 0, "dir/in", "", "in" },
{ "no index", "/dir", false, "no", 404, NOINDEX, NULL, NULL },
{ "no index wanted", "/dir", false, "", 404, NOINDEX, NULL, NULL },
{ "root, no index wanted", "", false, "", 404, NOINDEX, NULL, NULL },
{ "index by a link that leads out", "/dir", true, "out", 404, NOINDEX, NULL, NULL },
{ "not there", "/no.sh", false, "index", 404, NONE, NULL, NULL },
{ "not there, more", "/no/a.sh", false, "", 404, NONE, NULL, NULL },
{ "name too long", "/" L256, false, "", 404, NONE, NULL, NULL },
{ "dot file", "/.hidden", false, "", 404, DOT, NULL, NULL },
{ "dot", "/./a.sh", false, "", 404, DOT, NULL, NULL },
{ "dots", "/dir/../a.sh", false, "", 404, DOT, NULL, NULL },
{ "dots first", "/../tree/a.sh", false, "", 404, DOT, NULL, NULL },
{ "dot directory", "/.git/config", false, "", 404, DOT, NULL, NULL },
{ "link, followed", "/dir/in", false, "", 0, "dir/in", "", NULL },
{ "link within, beneath", "/dir/in/x", true, "", 0, "dir/in", "/x", NULL },
{ "link out, followed", "/dir/out", false, "", 0, "dir/out", "", NULL },
{ "link out by a directory, followed", "/up/outside.sh", false, "", 0, "up/outside.sh", "", NULL },
{ "link out, beneath", "/dir/out", true, "", 403, OUT, NULL, NULL },
{ "link out by a directory, beneath", "/up/outside.sh", true, "", 403, OUT, NULL, NULL },
{ "absolute link, followed", "/abs", false, "", 0, "abs", "", NULL },
{ "absolute link, beneath", "/abs", true, "", 403, OUT, NULL, NULL },
{ "dead link", "/dead", false, "", 404, NONE, NULL, NULL },
{ "link of the kernel's", "/magic/x", false, "", 403, OUT, NULL, NULL },
};

static void
make_file(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd == -1 || fchmod(fd, mode) == -1 || close(fd) == -1)
		abort();
}

static void
make_tree(void)
{
	(void)umask(022);
	if (mkdir("tree", 0755) == -1 || mkdir("tree/dir", 0755) == -1 ||
	    mkdir("tree/.git", 0755) == -1 ||
	    mkdir("tree/closed", 0755) == -1 ||
	    symlink("b.sh", "tree/dir/in") == -1 ||
	    symlink("../../outside.sh", "tree/dir/out") == -1 ||
	    symlink("..", "tree/up") == -1 ||
	    symlink("/dev/null", "tree/abs") == -1 ||
	    symlink("nowhere", "tree/dead") == -1 ||
	    symlink("/proc/self/cwd", "tree/magic") == -1 ||
	    realpath("tree", root) == NULL)
		abort();
	if (mkdir("tree/swap", 0755) == -1 ||
	    mkdir("tree/swap/d", 0755) == -1 || mkdir("outdir", 0755) == -1 ||
	    symlink("../../outdir/a.sh", "tree/swap/.a.sh") == -1 ||
	    symlink("../../outdir", "tree/swap/.d") == -1)
		abort();
	make_file("outdir/a.sh", 0711);
	make_file("tree/swap/a.sh", 0755);
	make_file("tree/swap/d/a.sh", 0755);
	make_file("outside.sh", 0755);
	make_file("tree/a.sh", 0755);
	make_file("tree/index", 0711);
	make_file("tree/.hidden", 0755);
	make_file("tree/.git/config", 0644);
	make_file("tree/dir/b.sh", 0750);
	make_file("tree/dir/plain.txt", 0640);
	if (chmod("tree/closed", 0) == -1)
		abort();
}

static void
look_at(int row, const char *from)
{
	const char *name = rows[row].name;
	enum cause cause;
	char file[8192], *copy = strdup(rows[row].index), *rest = copy;
	char *index[4] = { NULL };
	struct walk walk;
	struct stat st;
	size_t n = 0;

	/* One is not told from others without openat2(2). */
	if (forbidden && strcmp(rows[row].path, "/magic/x") == 0) {
		free(copy);
		return;
	}
	while (*rows[row].index != '\0' &&
	    (index[n] = strsep(&rest, "|")) != NULL)
		n++;
	cause = walk_find(from, rows[row].path, rows[row].beneath, index,
	    &walk);
	CHECK_INT(name, cause_status(cause), rows[row].status);
	if (rows[row].status == 0) {
		(void)snprintf(file, sizeof file, "%s/%s", root,
		    rows[row].what);
		CHECK_TEXT(name, walk.file, file);
		CHECK_INT(name, stat(file, &st), 0);
		CHECK_INT(name, walk.mode, st.st_mode);
		CHECK_TEXT(name, walk.index, rows[row].taken);
		CHECK_TEXT(name, rows[row].path + walk.used, rows[row].rest);
		free(walk.file);
	} else
		CHECK_TEXT(name, cause_phrase(cause), rows[row].what);
	free(copy);
}

START_TEST(find)
{
	char slash[8192];

	look_at(_i, root);
	(void)snprintf(slash, sizeof slash, "%s///", root);
	look_at(_i, slash);
}
END_TEST

START_TEST(root_of_all)
{
	char *index[] = { NULL };
	struct walk walk;

	CHECK_INT("/", walk_find("/", "/dev/null/x", true, index, &walk),
	    CAUSE_NONE);
	CHECK_INT("/", access(walk.file, F_OK), 0);
	CHECK_TEXT("/", strrchr(walk.file, '/'), "/null");
	CHECK_INT("/", walk.used, strlen("/dev/null"));
	CHECK_TRUE("/", S_ISCHR(walk.mode));
	free(walk.file);
}
END_TEST

static const struct {
	const char	*name;
	const char	*root;
	bool		 beneath;
	int		 spare;		/* descriptors; -1: as many as we like */
	const char	*why;
} troubles[] = {
	{ "no directory", "missing", false, -1, "the mapping's directory cannot be opened" },
	{ "no directory, beneath", "missing", true, -1, "the mapping's directory cannot be opened" },
	{ "a file", "tree/a.sh", false, -1, "the mapping's directory cannot be opened" },
	{ "a file, beneath", "tree/a.sh", true, -1, "the mapping's directory cannot be opened" },
	{ "no descriptor", "tree", false, 0, "no process, descriptor or memory to be had" },
	{ "no descriptor, beneath", "tree", true, 0, "no process, descriptor or memory to be had" },
	{ "one descriptor, beneath", "tree", true, 1, "no process, descriptor or memory to be had" },
};

START_TEST(trouble)
{
	const char *name = troubles[_i].name;
	char *index[] = { NULL };
	struct rlimit old, low;
	struct walk walk;
	int fd = open("/dev/null", O_RDONLY);
	enum cause cause;

	(void)close(fd);
	ck_assert(getrlimit(RLIMIT_NOFILE, &old) == 0);
	low = old;
	if (troubles[_i].spare != -1)
		low.rlim_cur = (rlim_t)(fd + troubles[_i].spare);
	ck_assert(setrlimit(RLIMIT_NOFILE, &low) == 0);
	cause = walk_find(troubles[_i].root, "/a.sh", troubles[_i].beneath,
	    index, &walk);
	ck_assert(setrlimit(RLIMIT_NOFILE, &old) == 0);
	CHECK_TEXT(name, cause_phrase(cause), troubles[_i].why);
	CHECK_TRUE(name, walk.file == NULL);
}
END_TEST

/* Swap two names until killed. */
static pid_t
swap(const char *a, const char *b)
{
	pid_t pid = fork();

	ck_assert(pid != -1);
	if (pid != 0)
		return pid;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b,
	    2U /* RENAME_EXCHANGE */) == 0)
		;
	_exit(1);
}

/*
 * While files and directories are swapped for links that lead out, nothing
 * outside is ever looked at: its mode is never seen. TOCTOU, FACTS 4.
 */
START_TEST(race)
{
	static const char *const paths[] = { "/swap/a.sh", "/swap/d/a.sh" };
	char *index[] = { NULL };
	unsigned i, seen[2] = { 0, 0 };
	enum cause cause;
	struct walk walk;
	pid_t pids[2];

	pids[0] = swap("tree/swap/a.sh", "tree/swap/.a.sh");
	pids[1] = swap("tree/swap/d", "tree/swap/.d");
	for (i = 0; i < 20000; i++) {
		cause = walk_find(root, paths[i % 2], true, index, &walk);
		if (cause == CAUSE_NONE) {
			CHECK_INT("mode", walk.mode & 0777, 0755);
			free(walk.file);
		} else if (cause != CAUSE_LOOKUP_FAILED) /* EAGAIN, often */
			CHECK_INT("cause", cause, CAUSE_SYMLINK);
		seen[cause == CAUSE_NONE]++;
	}
	for (i = 0; i < 2; i++) {
		ck_assert(kill(pids[i], SIGKILL) == 0);
		ck_assert(waitpid(pids[i], NULL, 0) == pids[i]);
	}
	CHECK_TRUE("both were seen", seen[0] > 0 && seen[1] > 0);
}
END_TEST

/* Find it, and say what mode it has. */
static enum cause
look(const char *path, bool beneath, mode_t *mode)
{
	char *index[] = { NULL };
	struct walk walk;
	enum cause cause = walk_find(root, path, beneath, index, &walk);

	if (cause != CAUSE_NONE)
		return cause;
	*mode = walk.mode & 07777;
	free(walk.file);
	return cause;
}

/* Root may look everywhere, so it becomes somebody else for this one. */
START_TEST(closed)
{
	char *index[] = { NULL };
	struct walk walk;
	uid_t us = geteuid();
	enum cause cause;

	ck_assert(chdir("tree") == 0);
	if (us == 0 && seteuid(65534) == -1) {
		ck_assert(chdir("..") == 0);
		return;
	}
	cause = walk_find(".", "/closed/a.sh", false, index, &walk);
	ck_assert(us == geteuid() || seteuid(us) == 0);
	ck_assert(chdir("..") == 0);
	CHECK_INT("closed", cause, CAUSE_SEARCH_DENIED);
}
END_TEST

/* Milliseconds since `since`. */
static long
elapsed(const struct timespec *since)
{
	struct timespec now;

	ck_assert(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
	return (now.tv_sec - since->tv_sec) * 1000 +
	    (now.tv_nsec - since->tv_nsec) / 1000000;
}

/* What was seen of a file is believed, but not for long; nor where links are confined. */
START_TEST(believed)
{
	struct timespec first;
	mode_t mode = 0755;
	enum cause cause = CAUSE_NONE;

	check_make_file("tree/believed.sh", 0755);
	ck_assert(clock_gettime(CLOCK_MONOTONIC, &first) == 0);
	CHECK_INT("at first", look("/believed.sh", false, &mode), CAUSE_NONE);
	CHECK_INT("at first", mode, 0755);
	ck_assert(chmod("tree/believed.sh", 0644) == 0);
	CHECK_INT("confined", look("/believed.sh", true, &mode), CAUSE_NONE);
	CHECK_INT("confined", mode, 0644);
	CHECK_INT("believed", look("/believed.sh", false, &mode), CAUSE_NONE);
	if (elapsed(&first) < 8)
		CHECK_INT("believed", mode, 0755);
	while (mode != 0644 && elapsed(&first) < 1000)
		(void)look("/believed.sh", false, &mode);
	(void)look("/believed.sh", false, &mode);
	CHECK_INT("noticed within a second", mode, 0644);
	ck_assert(unlink("tree/believed.sh") == 0);
	while (cause == CAUSE_NONE && elapsed(&first) < 5000)
		cause = look("/believed.sh", false, &mode);
	CHECK_INT("gone", cause, CAUSE_NO_SCRIPT);
	check_make_file("tree/believed.sh", 0755);
	CHECK_INT("and back", look("/believed.sh", false, &mode), CAUSE_NONE);
	CHECK_INT("and back", mode, 0755);
	ck_assert(unlink("tree/believed.sh") == 0);
}
END_TEST

/* As RestrictSUIDSGID= of systemd does it. */
static void
forbid_openat2(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };

	forbidden = true;
	ck_assert(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	ck_assert(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	ck_assert(syscall(SYS_openat2, 0, "", NULL, 0) == -1 &&
	    errno == ENOSYS);
}

/* What holds with openat2(2) and without. */
static void
add_tests(TCase *tree)
{
	tcase_set_timeout(tree, 60);
	tcase_add_loop_test(tree, find, 0, (int)CHECK_COUNT(rows));
	tcase_add_loop_test(tree, trouble, 0, (int)CHECK_COUNT(troubles));
	tcase_add_test(tree, race);
	tcase_add_test(tree, believed);
	tcase_add_test(tree, closed);
}

int
main(void)
{
	int lacking = check_lacks_openat2();
	Suite *suite;
	TCase *tree;

	if (lacking != 0)
		return lacking;
	suite = suite_create("walk");
	tree = tcase_create("tree");
	tcase_add_unchecked_fixture(tree, make_tree, NULL);
	add_tests(tree);
	suite_add_tcase(suite, tree);
	CHECK_LOOP(suite, root_of_all, 1);
	/* The last one: there is no way back, where tests do not fork. */
	tree = tcase_create("tree without openat2");
	add_tests(tree);
	tcase_add_checked_fixture(tree, forbid_openat2, NULL);
	suite_add_tcase(suite, tree);
	return check_run_aside(suite);
}
