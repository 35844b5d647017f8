/* SPDX-License-Identifier: ISC */
/*
 * flow: bytes pass whole and in order, whatever the sizes of the steps.
 */
#include "platform.h"

#include "flow.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "check_main.h"

static int ends[2];

static void
open_pipe(int flags)
{
	ck_assert(pipe2(ends, flags) == 0);
}

static void
close_pipe(void)
{
	(void)close(ends[0]);
	(void)close(ends[1]);
}

/* What is in the flow, as text. */
static const char *
inside(const struct flow *flow)
{
	static char text[256];

	(void)snprintf(text, sizeof text, "%.*s|%.*s", (int)flow->lead_len,
	    flow->lead_len > 0 ? flow->lead + flow->lead_off : "",
	    (int)flow->len, flow->len > 0 ? flow->buf + flow->off : "");
	return text;
}

/* Bytes for a pipe whose content nobody has to keep. */
static void
give(const char *bytes)
{
	ck_assert(write(ends[1], bytes, strlen(bytes)) ==
	    (ssize_t)strlen(bytes));
}

/* What stands in the pipe, as text. */
static const char *
taken(void)
{
	static char text[256];
	ssize_t n = read(ends[0], text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static const struct {
	const char	*name;
	size_t		 size, fill, drain, lead;
} pumps[] = {
	{ "one byte of room", 1, 100, 100, 0 },
	{ "one byte in", 100, 1, 100, 0 },
	{ "one byte out", 100, 100, 1, 0 },
	{ "one byte each", 100, 1, 1, 0 },
	{ "odd steps", 97, 13, 7, 0 },
	{ "slow in, fast out", 97, 7, 13, 0 },
	{ "all at once", 8192, 8192, 8192, 0 },
	{ "a lead", 97, 13, 7, 50 },
	{ "a lead longer than the buffer", 10, 10, 10, 50 },
	{ "a lead of one byte", 97, 13, 7, 1 },
};

static char
letter(size_t at)
{
	return (char)('a' + at % 26);
}

/* 1000 bytes of an alphabet in; the lead and they come out. */
START_TEST(pump)
{
	const char *name = pumps[_i].name;
	size_t in = 0, out = 0, at, all = 1000 + pumps[_i].lead;
	struct flow flow = { .buf = NULL };
	int source[2];
	char bytes[2000], *lead;
	ssize_t n;

	open_pipe(O_NONBLOCK);
	CHECK_INT(name, flow_init(&flow, pumps[_i].size), 0);
	CHECK_INT(name, flow_room(&flow), pumps[_i].size);
	for (at = 0; at < sizeof bytes; at++)
		bytes[at] = letter(at);
	ck_assert(pipe2(source, O_NONBLOCK) == 0);
	CHECK_INT(name, write(source[1], bytes + pumps[_i].lead, 1000), 1000);
	if (pumps[_i].lead > 0) {
		lead = malloc(pumps[_i].lead);
		memcpy(lead, bytes, pumps[_i].lead);
		flow_lead(&flow, lead, pumps[_i].lead);
	}
	while (out < all) {
		if (flow_room(&flow) > 0 && in < 1000) {
			n = flow_fill(&flow, source[0], pumps[_i].fill);
			CHECK_TRUE(name, n > 0 &&
			    (size_t)n <= pumps[_i].fill);
			in += (size_t)n;
		}
		CHECK_INT(name, flow_pending(&flow), in + pumps[_i].lead - out);
		n = flow_drain(&flow, ends[1], pumps[_i].drain);
		CHECK_TRUE(name, n > 0);
		for (at = 0; at < (size_t)n; at++) {
			char c;

			CHECK_INT(name, read(ends[0], &c, 1), 1);
			CHECK_INT(name, c, letter(out + at));
		}
		out += (size_t)n;
	}
	CHECK_INT(name, flow_pending(&flow), 0);
	CHECK_INT(name, flow_room(&flow), pumps[_i].size);
	flow_free(&flow);
	flow_free(&flow);
	(void)close(source[0]);
	(void)close(source[1]);
	close_pipe();
}
END_TEST

/* The first byte of a step is what it does, the rest what it does it with. */
static const struct {
	const char	*name;
	const char	*steps;		/* f fill, p put, d drop, w write, l lead */
	const char	*inside;	/* lead|buffer; the size is 8 */
} histories[] = {
	{ "new", "", "|" },
	{ "put", "pabc", "|abc" },
	{ "put twice", "pabc pde", "|abcde" },
	{ "put, drop", "pabc d2", "|c" },
	{ "drop all", "pabc d3", "|" },
	{ "drop nothing", "pabc d0", "|abc" },
	{ "fill behind", "pabc fde", "|abcde" },
	{ "full", "pabcdefgh", "|abcdefgh" },
	{ "filled where it was dropped", "pabcdefgh d4 fijkl", "|efghijkl" },
	{ "put where it was dropped", "pabcdefgh d4 pijkl", "|efghijkl" },
	{ "put all the room there is", "pabcd d2 pefghij", "|cdefghij" },
	{ "room at both ends, fill", "pabcdef d3 fghijk d3 flm", "|ghijklm" },
	{ "lead", "pabc lxyz", "xyz|abc" },
	{ "lead goes first", "pabc lxyz w0", "|abc" },
	{ "buffer behind the lead", "pabc lxyz w2", "|c" },
	{ "lead and all", "pabc lxyz w9", "|" },
	{ "lead alone", "lxyz w9", "|" },
	{ "lead, nothing behind it yet", "lxyz pabc w1", "|bc" },
	{ "write some", "pabcdef w2 pgh", "|cdefgh" },
};

START_TEST(history)
{
	struct flow flow = { .buf = NULL };
	char *copy = strdup(histories[_i].steps), *rest = copy, *step;

	open_pipe(O_NONBLOCK);
	ck_assert(flow_init(&flow, 8) == 0);
	while ((step = strsep(&rest, " ")) != NULL) {
		if (*step == 'f') {
			give(step + 1);
			(void)flow_fill(&flow, ends[0], 8);
		} else if (*step == 'p') {
			CHECK_TRUE(histories[_i].name,
			    strlen(step + 1) <= flow_room(&flow));
			flow_put(&flow, step + 1, strlen(step + 1));
		} else if (*step == 'd') {
			flow_drop(&flow, (size_t)(step[1] - '0'));
		} else if (*step == 'w') {
			(void)flow_drain(&flow, ends[1],
			    (size_t)(step[1] - '0'));
		} else if (*step == 'l') {
			flow_lead(&flow, strdup(step + 1), strlen(step + 1));
		}
	}
	CHECK_TEXT(histories[_i].name, inside(&flow), histories[_i].inside);
	CHECK_INT(histories[_i].name, flow_pending(&flow),
	    strlen(histories[_i].inside) - 1);
	CHECK_INT(histories[_i].name, flow_room(&flow), 8 - flow.len);
	flow_free(&flow);
	free(copy);
	close_pipe();
}
END_TEST

START_TEST(most)
{
	struct flow flow = { .buf = NULL };

	open_pipe(O_NONBLOCK);
	ck_assert(flow_init(&flow, 8) == 0);
	give("abcdefghij");
	CHECK_INT("not more than asked", flow_fill(&flow, ends[0], 3), 3);
	CHECK_INT("not more than fits", flow_fill(&flow, ends[0], 100), 5);
	CHECK_TEXT("left in the pipe", taken(), "ij");
	CHECK_INT("write as much as asked", flow_drain(&flow, ends[1], 2), 2);
	CHECK_TEXT("written", taken(), "ab");
	CHECK_INT("nothing to read", flow_fill(&flow, ends[0], 1), -1);
	CHECK_INT("nothing to read", errno, EAGAIN);
	CHECK_TEXT("kept", inside(&flow), "|cdefgh");
	(void)close(ends[1]);
	CHECK_INT("end", flow_fill(&flow, ends[0], 1), 0);
	CHECK_INT("bad descriptor", flow_drain(&flow, -1, 1), -1);
	CHECK_INT("bad descriptor", errno, EBADF);
	CHECK_TEXT("still kept", inside(&flow), "|cdefgh");
	(void)close(ends[0]);
	flow_free(&flow);
}
END_TEST

static volatile sig_atomic_t alarms;

/* The first alarm finds read(2) with nothing to read; later ones help. */
static void
on_alarm(int sig)
{
	(void)sig;
	if (alarms++ > 0)
		(void)!write(ends[1], "x", 1);
}

START_TEST(interrupted)
{
	struct flow flow = { .buf = NULL };
	struct sigaction action = { .sa_handler = on_alarm }, old;
	struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never =
	    { { 0, 0 }, { 0, 0 } };

	open_pipe(0);
	ck_assert(flow_init(&flow, 8) == 0);
	ck_assert(sigaction(SIGALRM, &action, &old) == 0);
	ck_assert(setitimer(ITIMER_REAL, &often, NULL) == 0);
	CHECK_INT("a signal while reading", flow_fill(&flow, ends[0], 1), 1);
	ck_assert(setitimer(ITIMER_REAL, &never, NULL) == 0);
	ck_assert(sigaction(SIGALRM, &old, NULL) == 0);
	flow_free(&flow);
	close_pipe();
}
END_TEST

/* By the kernel alone: from a pipe to a socket, and from a socket to a pipe. */
START_TEST(passed)
{
	int socket[2], in[2], out[2], from, to, back;

	ck_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    socket) == 0);
	ck_assert(pipe2(in, O_NONBLOCK) == 0 && pipe2(out, O_NONBLOCK) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
	back = _i == 0 ? in[1] : socket[0];	/* bytes go in here */
	from = _i == 0 ? in[0] : socket[1];
	to = _i == 0 ? socket[1] : out[1];
	ends[0] = _i == 0 ? socket[0] : out[0];	/* and come out here */
	CHECK_INT("nothing waits", flow_waiting(from), 0);
	CHECK_INT("nothing there", flow_pass(from, to, 9), -1);
	CHECK_INT("nothing there", errno, EAGAIN);
	CHECK_INT("bytes", write(back, "abcdefghij", 10), 10);
	CHECK_INT("they wait", flow_waiting(from), 10);
	CHECK_INT("not more than asked", flow_pass(from, to, 3), 3);
	CHECK_TEXT("passed", taken(), "abc");
	CHECK_INT("the others wait", flow_waiting(from), 7);
	CHECK_INT("all there is", flow_pass(from, to, 100), 7);
	CHECK_TEXT("passed", taken(), "defghij");
	while (write(to, "x", 1) == 1)
		;
	CHECK_INT("a byte", write(back, "k", 1), 1);
	CHECK_INT("no room", flow_pass(from, to, 9), -1);
	CHECK_INT("no room", errno, EAGAIN);
	CHECK_INT("it still waits", flow_waiting(from), 1);
	while (*taken() != '\0')
		;
	CHECK_INT("room again", flow_pass(from, to, 9), 1);
	CHECK_TEXT("nothing is lost", taken(), "k");
	CHECK_INT("a byte", write(back, "l", 1), 1);
	(void)close(back);
	CHECK_INT("what came before the end", flow_pass(from, to, 9), 1);
	CHECK_INT("the end", flow_pass(from, to, 9), 0);
	CHECK_INT("nothing waits", flow_waiting(from), 0);
	CHECK_INT("no descriptor", flow_pass(-1, to, 9), -1);
	CHECK_INT("no descriptor", errno, EBADF);
	CHECK_INT("cannot be known", flow_waiting(-1), FLOW_SIZE);
}
END_TEST

/* Nobody takes it: that is no reason to wait. */
START_TEST(unwanted)
{
	int socket[2], in[2], out[2];

	ck_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    socket) == 0);
	ck_assert(pipe2(in, O_NONBLOCK) == 0 && pipe2(out, O_NONBLOCK) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
	CHECK_INT("bytes", write(socket[0], "abc", 3), 3);
	(void)close(out[0]);
	CHECK_INT("a pipe", flow_pass(socket[1], out[1], 9), -1);
	CHECK_INT("a pipe", errno, EPIPE);
	CHECK_INT("bytes", write(in[1], "abc", 3), 3);
	(void)close(socket[0]);
	CHECK_INT("a socket", flow_pass(in[0], socket[1], 9), -1);
	CHECK_INT("a socket", errno, EPIPE);
	CHECK_INT("nothing was taken", flow_waiting(in[0]), 3);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("flow");

	CHECK_ROWS(suite, pump, pumps);
	CHECK_ROWS(suite, history, histories);
	CHECK_LOOP(suite, most, 1);
	CHECK_LOOP(suite, interrupted, 1);
	CHECK_LOOP(suite, passed, 2);
	CHECK_LOOP(suite, unwanted, 1);
	return check_run(suite);
}
