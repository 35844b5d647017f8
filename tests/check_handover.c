/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "handover.h"

#include <sys/mman.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"

#define FORMAT	"scgi-cgid-handover 1\n"
#define LEAST	FORMAT "config :/c\ncrew 0 0 0 0 0\n"

/* What is refused, and why; the last are good. */
static const struct {
	const char	*name;
	const char	*text;
	const char	*why;	/* NULL: good */
} rows[] = {
	{ "nothing", "", "of another version" },
	{ "something else", "hello\n", "of another version" },
	{ "another format", "scgi-cgid-handover 2\nconfig :/c\ncrew 0 0 0 0 0\n", "of another version" },
	{ "no more than the format", FORMAT, "incomplete" },
	{ "no crew", FORMAT "config :/c\n", "incomplete" },
	{ "no configuration", FORMAT "crew 0 0 0 0 0\n", "incomplete" },
	{ "an unknown word", LEAST "colour :red\n", "of another version" },
	{ "an empty line", LEAST "\n", "of another version" },
	{ "a word too few", LEAST "nofile 1\n", "of another version" },
	{ "a word too many", LEAST "nofile 1 2 3\n", "of another version" },
	{ "far too many", LEAST "nofile 1 2 3 4 5 6 7 8 9\n", "of another version" },
	{ "no number", LEAST "nofile x 2\n", "of another version" },
	{ "a level too high", LEAST "log 8 :a :b\n", "of another version" },
	{ "no string", LEAST "pid-file /p\n", "of another version" },
	{ "a missing string", LEAST "pid-file\n", "of another version" },
	{ "a listener without an address", LEAST "listener 3 0 0 0 - -\n", "of another version" },
	{ "a listener that is stdin", LEAST "listener 0 0 0 0 :a -\n", "of another version" },
	{ "a crew before its time", LEAST "crew 0 -1 0 0 0\n", "of another version" },
	{ "a worker without a crew", FORMAT "worker 1 2 3\n", "of another version" },
	{ "a worker that is everybody", LEAST "worker 1 -1 3\n", "of another version" },
	{ "a worker that is init", LEAST "worker 1 1 3\n", "of another version" },
	{ "the least", LEAST, NULL },
	{ "no pid file", LEAST "pid-file -\n", NULL },
};

START_TEST(reads)
{
	int fd = memfd_create("check", MFD_CLOEXEC);
	struct handover *h;
	const char *why;

	ck_assert_int_eq(write(fd, rows[_i].text, strlen(rows[_i].text)),
	    (ssize_t)strlen(rows[_i].text));
	h = handover_read(fd, &why);
	if (rows[_i].why == NULL) {
		ck_assert_msg(h != NULL, "%s", rows[_i].name);
		ck_assert_ptr_null(why);
	} else {
		ck_assert_msg(h == NULL, "%s", rows[_i].name);
		ck_assert_str_eq(why, rows[_i].why);
	}
	handover_free(h);
	(void)close(fd);
}
END_TEST

/* All that can be said, with strings that have everything in them. */
static struct handover *
everything(void)
{
	struct handover *h = calloc(1, sizeof *h);
	struct listener *l;
	struct handed_worker *w;
	int i;

	h->config = strdup("/a b\n\\c\"\t\001\377:-/\303\244");
	h->log = strdup("");
	h->access_log = strdup("-");
	h->log_level = 6;
	h->nofile = (struct rlimit){ 1024, RLIM_INFINITY };
	l = handover_add_listener(h);
	*l = (struct listener){ .fd = 5, .is_unix = true, .dev = 1,
	    .ino = UINT64_MAX, .text = strdup("unix:/s s"),
	    .path = strdup("/s s") };
	l = handover_add_listener(h);
	*l = (struct listener){ .fd = 6, .text = strdup("127.0.0.1:1") };
	*handover_add_crew(h) = (struct handed_crew){ .stage = 0,
	    .drain_ms = 30000, .overdue_ms = 8000, .n_listeners = 2 };
	*handover_add_crew(h) = (struct handed_crew){ .stage = 2,
	    .patience_ms = INT64_C(123456789012), .n_listeners = 1 };
	for (i = 0; i < 100; i++) {
		w = handover_add_worker(&h->crews[1]);
		*w = (struct handed_worker){ (unsigned)i + 1, 1000 + i,
		    20 + i };
	}
	return h;
}

START_TEST(round_trip)
{
	struct handover *one = everything(), *other;
	const char *why;
	int fd = handover_write(one);

	ck_assert_int_ne(fd, -1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	/* Written once, read twice: by the test, and in earnest. */
	handover_free(handover_read(fd, &why));
	other = handover_read(fd, &why);
	ck_assert_msg(other != NULL, "%s", why);
	ck_assert_str_eq(one->config, other->config);
	ck_assert_str_eq(one->log, other->log);
	ck_assert_str_eq(one->access_log, other->access_log);
	ck_assert_ptr_null(other->pid_file);
	ck_assert_int_eq(other->log_level, 6);
	ck_assert(one->nofile.rlim_cur == other->nofile.rlim_cur);
	ck_assert(one->nofile.rlim_max == other->nofile.rlim_max);
	ck_assert_uint_eq(other->n_listeners, 2);
	ck_assert_str_eq(other->listeners[0].text, "unix:/s s");
	ck_assert_str_eq(other->listeners[0].path, "/s s");
	ck_assert(other->listeners[0].ino == UINT64_MAX);
	ck_assert(other->listeners[0].is_unix);
	ck_assert_int_eq(other->listeners[1].fd, 6);
	ck_assert(!other->listeners[1].is_unix);
	ck_assert_ptr_null(other->listeners[1].path);
	ck_assert_uint_eq(other->n_crews, 2);
	ck_assert_uint_eq(other->crews[0].n_workers, 0);
	ck_assert_int_eq(other->crews[0].drain_ms, 30000);
	ck_assert_int_eq(other->crews[1].stage, 2);
	ck_assert_int_eq(other->crews[1].patience_ms, INT64_C(123456789012));
	ck_assert_uint_eq(other->crews[1].n_workers, 100);
	ck_assert_mem_eq(one->crews[1].workers, other->crews[1].workers,
	    100 * sizeof *one->crews[1].workers);
	handover_free(one);
	handover_free(other);
	(void)close(fd);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("handover");

	CHECK_ROWS(suite, reads, rows);
	CHECK_LOOP(suite, round_trip, 1);
	return check_run(suite);
}
