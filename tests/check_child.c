/* SPDX-License-Identifier: ISC */
/*
 * child: small shell programs tell what they were started with. Not for
 * valgrind, which cannot follow a clone that shares memory.
 */
#include "platform.h"

#include "child.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "check_main.h"

static char output[4096];

/* Our ends of the program's descriptors; `in` is -1 if its input is empty. */
struct ends {
	int	in, out, err;
};

static bool sharing;	/* of the table of descriptors */

/* As main() of the gateway does it: nothing inherited may get through. */
static void
begin(void)
{
	struct rlimit nofile;
	int fd, sig;

	for (fd = 3; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	/* make starts us with glibc's own two ignored, which it hides. */
	for (sig = 32; sig < 34; sig++)
		(void)syscall(SYS_rt_sigaction, sig, (unsigned long[4]){ 0 },
		    NULL, (size_t)8);
	for (sig = SIGHUP; sig < SIGSYS; sig++)
		if (sig != SIGTERM && sig != SIGCHLD && sig != SIGALRM)
			(void)signal(sig, SIG_DFL);
	ck_assert(getrlimit(RLIMIT_NOFILE, &nofile) == 0);
	ck_assert(child_init(&nofile, false) == 0);
	if (!sharing)
		child_share(false);
}

static void
wait_for(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	ck_assert(poll(&poll_fd, 1, 30000) == 1);
}

/* All of a descriptor, up to its end. */
static void
read_all(int fd)
{
	size_t len = 0;
	ssize_t n;

	for (;;) {
		wait_for(fd, POLLIN);
		n = read(fd, output + len, sizeof output - 1 - len);
		ck_assert(n != -1);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	output[len] = '\0';
}

static int
reap(const char *name, struct child *child)
{
	struct rusage usage;
	int status = -1;

	int fd = child_pidfd(child);

	CHECK_TRUE(name, fd != -1);
	wait_for(fd, POLLIN);
	CHECK_INT(name, child_reap(child, &status, &usage), 0);
	CHECK_TRUE(name, usage.ru_maxrss > 0);
	(void)close(fd);
	return status;
}

static void
close_ends(struct ends *ends)
{
	if (ends->in != -1)
		(void)close(ends->in);
	(void)close(ends->out);
	(void)close(ends->err);
}

/* The program's ends are closed, whether it starts or not. */
static enum child_stage
start_with(struct child *child, struct ends *ends, struct child_spec *spec,
    bool want_input)
{
	int in[2] = { STDIN_FILENO, -1 }, out[2], err[2], saved;
	enum child_stage stage;

	ck_assert((!want_input || pipe2(in, O_CLOEXEC) == 0) &&
	    pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0);
	spec->fds[0] = in[0];
	spec->fds[1] = out[1];
	spec->fds[2] = err[1];
	stage = child_start(child, spec);
	saved = errno;
	if (want_input)
		(void)close(in[0]);
	(void)close(out[1]);
	(void)close(err[1]);
	*ends = (struct ends){ in[1], out[0], err[0] };
	errno = saved;
	return stage;
}

static void
start(const char *name, struct child *child, struct ends *ends,
    const char *script, bool want_input)
{
	char *argv[] = { strdup("sh"), strdup("-c"), strdup(script), NULL };
	char *envp[] = { strdup("A=1"), NULL };

	CHECK_INT(name, start_with(child, ends, &(struct child_spec){
	    .file = "/bin/sh", .argv = argv, .envp = envp, .directory = "/",
	    .no_new_privileges = true }, want_input), CHILD_STARTED);
	CHECK_TRUE(name, child->pid > 0);
	free(argv[0]);
	free(argv[1]);
	free(argv[2]);
	free(envp[0]);
}

#define STATUS(what) "while read k v; do test $k = " what ": && echo $v; done </proc/$$/status; :"

static const struct {
	const char	*name;
	const char	*script;
	const char	*input;		/* NULL: none wanted */
	const char	*output;
	int		 status;
} rows[] = {
{ "output", "echo hello", NULL, "hello\n", 0 },
{ "exit status", "exit 3", NULL, "", 3 << 8 },
{ "killed", "kill -KILL $$", NULL, "", SIGKILL },
{ "input", "read a; echo \"<$a>\"; cat", "abc\ndef", "<abc>\ndef", 0 },
{ "input at its end", "cat; echo end", "", "end\n", 0 },
{ "no input is an empty one", "cat; echo end", NULL, "end\n", 0 },
{ "environment", "echo $A", NULL, "1\n", 0 },
{ "working directory", "pwd", NULL, "/\n", 0 },
{ "descriptors", "for f in /proc/$$/fd/*; do test -e $f -o -h $f && echo ${f##*/}; done; :", "", "0\n1\n2\n", 0 },
{ "its own group", "read a b c d e f </proc/$$/stat; test $e = $$ && echo leads", NULL, "leads\n", 0 },
{ "blocked signals", STATUS("SigBlk"), NULL, "0000000000000000\n", 0 },
{ "ignored signals", STATUS("SigIgn"), NULL, "0000000000000000\n", 0 },
{ "no new privileges", STATUS("NoNewPrivs"), NULL, "1\n", 0 },
{ "a broken pipe kills", "kill -PIPE $$; echo no", NULL, "", SIGPIPE },
{ "standard error apart", "echo err >&2; echo out", NULL, "out\n", 0 },
};

START_TEST(run)
{
	const char *name = rows[_i].name, *input = rows[_i].input;
	struct ends ends;
	struct child child;
	sigset_t mask, old;
	size_t len = input != NULL ? strlen(input) : 0;

	begin();
	(void)sigfillset(&mask);
	(void)sigdelset(&mask, SIGALRM);
	ck_assert(sigprocmask(SIG_SETMASK, &mask, &old) == 0);
	start(name, &child, &ends, rows[_i].script, input != NULL);
	ck_assert(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
	if (ends.in != -1) {
		CHECK_INT(name, write(ends.in, input, len), len);
		(void)close(ends.in);
		ends.in = -1;
	}
	read_all(ends.out);
	CHECK_TEXT(name, output, rows[_i].output);
	CHECK_INT(name, reap(name, &child), rows[_i].status);
	read_all(ends.err);
	CHECK_TEXT(name, output, _i == CHECK_COUNT(rows) - 1 ? "err\n" : "");
	CHECK_TRUE(name, !child_group_lives(&child));
	close_ends(&ends);
}
END_TEST

static const struct {
	const char	*name;
	const char	*file, *directory;
	enum child_stage stage;
	int		 error;
} failures[] = {
	{ "no program", "/no/such/program", "/", CHILD_EXEC, ENOENT },
	{ "not executable", "plain", "/", CHILD_EXEC, EACCES },
	{ "a directory", "/", "/", CHILD_EXEC, EACCES },
	{ "not a program", "garbage", "/", CHILD_EXEC, ENOEXEC },
	{ "no interpreter", "script", "/", CHILD_EXEC, ENOENT },
	{ "no directory", "/bin/sh", "/no/such", CHILD_DIRECTORY, ENOENT },
	{ "directory is a file", "/bin/sh", "/dev/null", CHILD_DIRECTORY, ENOTDIR },
};

static void
make_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(name, "w");

	ck_assert(file != NULL && fputs(text, file) >= 0 &&
	    fclose(file) == 0 && chmod(name, mode) == 0);
}

START_TEST(failure)
{
	const char *name = failures[_i].name;
	char path[4096], *argv[] = { path, NULL }, *envp[] = { NULL };
	struct ends ends;
	struct child child;
	enum child_stage stage;
	int before, error;

	begin();
	make_file("plain", "#!/bin/sh\n", 0644);
	make_file("garbage", "\1\2\3\4", 0755);
	make_file("script", "#!/no/such/interpreter\n", 0755);
	path[0] = '\0';
	if (failures[_i].file[0] != '/') {
		ck_assert(getcwd(path, sizeof path - 16) != NULL);
		(void)strcat(path, "/");
	}
	(void)strcat(path, failures[_i].file);
	before = check_open_descriptors();
	stage = start_with(&child, &ends, &(struct child_spec){
	    .file = path, .argv = argv, .envp = envp,
	    .directory = failures[_i].directory }, true);
	error = errno;
	close_ends(&ends);
	CHECK_INT(name, stage, failures[_i].stage);
	CHECK_INT(name, error, failures[_i].error);
	CHECK_INT(name, check_open_descriptors(), before);
	CHECK_INT(name, child.pid, 0);
	CHECK_INT(name, waitpid(-1, NULL, WNOHANG), -1);
	CHECK_INT(name, errno, ECHILD);
	child_signal(&child, SIGKILL);		/* reaches nobody, not us */
	CHECK_TRUE(name, !child_group_lives(&child));
}
END_TEST

/* A program and its own child are ended together; one has gone before. */
START_TEST(group)
{
	static const char *const names[] = { "both live", "leader has gone" };
	const char *name = names[_i];
	struct ends ends;
	struct child child;
	int status;
	char byte;

	begin();
	start(name, &child, &ends, _i == 0 ?
	    "exec 3<&0; (trap '' HUP; echo ready; read x <&3) & wait" :
	    "exec 3<&0; (trap '' HUP; echo ready; read x <&3) & exit 0", true);
	wait_for(ends.out, POLLIN);		/* the inner one lives */
	CHECK_INT(name, read(ends.out, &byte, 1), 1);
	if (_i == 0) {
		CHECK_INT(name, child_reap(&child, &status, &(struct rusage){
		    .ru_maxrss = 0 }), -1);
		CHECK_TRUE(name, child_group_lives(&child));
		child_signal(&child, SIGTERM);
		CHECK_INT(name, reap(name, &child), SIGTERM);
	} else {
		CHECK_INT(name, reap(name, &child), 0);
		CHECK_TRUE(name, child_group_lives(&child));
		child_signal(&child, SIGKILL);
	}
	read_all(ends.out);			/* ends when all have gone */
	while (child_group_lives(&child))
		(void)sched_yield();
	close_ends(&ends);
}
END_TEST

/* Programs get the limit that was in force before the gateway raised it. */
START_TEST(limit)
{
	struct rlimit old, before;
	struct ends ends;
	struct child child;

	begin();
	ck_assert(getrlimit(RLIMIT_NOFILE, &old) == 0);
	before = (struct rlimit){ 77, old.rlim_max };
	ck_assert(child_init(&before, false) == 0);
	start("limit", &child, &ends, "ulimit -Sn", false);
	read_all(ends.out);
	CHECK_TEXT("limit", output, "77\n");
	CHECK_INT("limit", reap("limit", &child), 0);
	close_ends(&ends);
	ck_assert(child_init(&old, false) == 0);
}
END_TEST

/* What 0, 1 and 2 of ours are. */
static void
look_at_ours(struct stat st[3])
{
	int i;

	for (i = 0; i < 3; i++)
		ck_assert(fstat(i, &st[i]) == 0);
}

/* A program has its own 0, 1 and 2, and we keep ours; also if it cannot start. */
START_TEST(ours)
{
	char name[] = "true";
	struct child_spec nowhere = { .file = "/bin/true",
	    .argv = (char *[]){ name, NULL }, .envp = (char *[]){ NULL },
	    .directory = "/nowhere" };
	struct stat before[3], after[3];
	struct ends ends;
	struct child child;
	int i;

	begin();
	look_at_ours(before);
	start("ours", &child, &ends, "cat; echo x; echo y >&2", true);
	look_at_ours(after);
	(void)close(ends.in);
	ends.in = -1;
	read_all(ends.out);
	CHECK_TEXT("ours", output, "x\n");
	CHECK_INT("ours", reap("ours", &child), 0);
	close_ends(&ends);
	CHECK_INT("nowhere", start_with(&child, &ends, &nowhere, true),
	    CHILD_DIRECTORY);
	close_ends(&ends);
	for (i = 0; i < 3; i++) {
		CHECK_TRUE("ours", before[i].st_ino == after[i].st_ino);
		CHECK_TRUE("ours", before[i].st_dev == after[i].st_dev);
	}
	look_at_ours(after);
	for (i = 0; i < 3; i++)
		CHECK_TRUE("nowhere", before[i].st_ino == after[i].st_ino);
}
END_TEST

static void
share(void)
{
	sharing = true;
}

static void
copy(void)
{
	sharing = false;
}

int
main(void)
{
	Suite *suite = suite_create("child");
	TCase *tcase;
	int i;

	/* Where the kernel can share the table it must do without as well. */
	for (i = 0; i < 2; i++) {
		tcase = check_tree(suite, i == 0 ? share : copy, NULL);
		tcase_add_loop_test(tcase, run, 0, (int)CHECK_COUNT(rows));
		tcase_add_loop_test(tcase, failure, 0,
		    (int)CHECK_COUNT(failures));
		tcase_add_loop_test(tcase, group, 0, 2);
		tcase_add_test(tcase, limit);
		tcase_add_test(tcase, ours);
	}
	return check_run_aside(suite);
}
