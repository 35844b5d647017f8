/* SPDX-License-Identifier: ISC */
/*
 * answer: a program's output goes in whole, byte by byte, and in two pieces
 * cut at every position; what the client gets is the same each time. Bulk goes
 * past the buffer, and is counted and cut as what goes through it.
 */
#include "platform.h"

#include "answer.h"

#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>

#include "check_main.h"

#define BYTES(literal)	literal, sizeof literal - 1
#define OK	"Status: 200 OK\r\nContent-Type: a/b\r\n"
#define CHUNKED	"Content-Type: a/b\nTransfer-Encoding: chunked\n\n"
#define MAX	64

static const struct {
	const char	*name;
	bool		 raw, head;
	const char	*output;
	size_t		 len;
	const char	*reply;		/* NULL: bad */
	int		 status;
	const char	*why, *offender;
} rows[] = {
{ "header and body", false, false, BYTES("Content-Type: a/b\n\nbody\n"), OK "\r\nbody\n", 200, NULL, NULL },
{ "no body", false, false, BYTES("Content-Type: a/b\n\n"), OK "\r\n", 200, NULL, NULL },
{ "body with an empty line", false, false, BYTES("Content-Type: a/b\r\n\r\n\r\n\r\nx"), OK "\r\n\r\n\r\nx", 200, NULL, NULL },
{ "status", false, false, BYTES("Status: 404 No\nContent-Type: a/b\n\nx"), "Status: 404 No\r\nContent-Type: a/b\r\n\r\nx", 404, NULL, NULL },
{ "as long as promised", false, false, BYTES("Content-Type: a/b\nContent-Length: 4\n\nbody"), OK "Content-Length: 4\r\n\r\nbody", 200, NULL, NULL },
{ "longer than promised", false, false, BYTES("Content-Type: a/b\nContent-Length: 4\n\nbodies"), OK "Content-Length: 4\r\n\r\nbodi", 200, NULL, NULL },
{ "promised nothing", false, false, BYTES("Content-Type: a/b\nContent-Length: 0\n\nbody"), OK "Content-Length: 0\r\n\r\n", 200, NULL, NULL },
{ "HEAD", false, true, BYTES("Content-Type: a/b\n\nbody\n"), OK "\r\n", 200, NULL, NULL },
{ "no content", false, false, BYTES("Status: 204\n\nbody\n"), "Status: 204 No Content\r\n\r\n", 204, NULL, NULL },
{ "not modified", false, false, BYTES("Status: 304\n\nbody\n"), "Status: 304 Not Modified\r\n\r\n", 304, NULL, NULL },
{ "local redirect", false, false, BYTES("Location: /x\n\nbody"), "Status: 200 OK\r\nX-Accel-Redirect: /x\r\n\r\n", 200, NULL, NULL },
{ "header as large as allowed", false, false, BYTES("Content-Type: a/b\nX: aaaaaaaaaaaaaaaaaaaaaa\n\nx"), OK "X: aaaaaaaaaaaaaaaaaaaaaa\r\n\r\nx", 200, NULL, NULL },
{ "the program's own as large as allowed", false, false, BYTES("Content-Type: a/b\nX-CGI-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\nx"), OK "\r\nx", 200, NULL, NULL },
{ "header too large as it is sent", false, false, BYTES("Content-Type: a/b\nX: aaaaaaaaaaaaaaaaaaaaaaa\n\nx"), NULL, 0, "header larger than max-response-header", "Content-Type: a/b" },
{ "header too large as it is written", false, false, BYTES("Content-Type: a/b\nX-CGI-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\nx"), NULL, 0, "header larger than max-response-header", "Content-Type: a/b" },
{ "header without end", false, false, BYTES("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), NULL, 0, "header larger than max-response-header", NULL },
{ "no type", false, false, BYTES("Status: 200\n\nx"), "Status: 200 OK\r\nX-Content-Type-Options: nosniff\r\n\r\nx", 200, NULL, NULL },
{ "chunks", false, false, BYTES(CHUNKED "4\r\nbody\r\n2;x\r\nie\r\n0\r\n\r\n"), OK "\r\nbodyie", 200, NULL, NULL },
{ "chunks, and more", false, false, BYTES(CHUNKED "1\r\nx\r\n0\r\n\r\nmore"), OK "\r\nx", 200, NULL, NULL },
{ "chunks without content", false, false, BYTES(CHUNKED "0\r\n\r\n"), OK "\r\n", 200, NULL, NULL },
{ "chunks and a length", false, false, BYTES("Content-Length: 3\n" CHUNKED "4\r\nbody\r\n0\r\n\r\n"), OK "\r\nbody", 200, NULL, NULL },
{ "chunks for HEAD", false, true, BYTES(CHUNKED "4\r\nbody\r\n0\r\n\r\n"), OK "\r\n", 200, NULL, NULL },
{ "bad chunks for HEAD", false, true, BYTES(CHUNKED "body"), OK "\r\n", 200, NULL, NULL },
{ "no chunks", false, false, BYTES(CHUNKED "body"), NULL, 0, "the body is said to be chunked, but is not", NULL },
{ "bad chunk behind a good one", false, false, BYTES(CHUNKED "1\r\nx\r\nno\r\n"), NULL, 0, "the body is said to be chunked, but is not", NULL },
{ "last chunk missing", false, false, BYTES(CHUNKED "4\r\nbody\r\n"), NULL, 0, "output ends before the last chunk", "" },
{ "chunks missing", false, false, BYTES(CHUNKED), NULL, 0, "output ends before the last chunk", "" },
{ "another coding", false, false, BYTES("Content-Type: a/b\nTransfer-Encoding: gzip\n\nx"), NULL, 0, "a Transfer-Encoding that is not just chunked", "Transfer-Encoding: gzip" },
{ "raw chunks", true, false, BYTES(CHUNKED "1\r\nx\r\n"), CHUNKED "1\r\nx\r\n", 0, NULL, NULL },
{ "no output", false, false, BYTES(""), NULL, 0, "no output at all", "" },
{ "line not ended", false, false, BYTES("Status: 200"), NULL, 0, "output ends before the header is complete", "Status: 200" },
{ "header not ended", false, false, BYTES("Status: 200\nX: y\n"), NULL, 0, "output ends before the header is complete", "Status: 200" },
{ "not a header", false, false, BYTES("A: b\nHello\n\nx"), NULL, 0, "header line without a colon", "Hello" },
{ "bad status", false, false, BYTES("A: b\nStatus: 1\n\nx"), NULL, 0, "Status is not a number of three digits", "Status: 1" },
{ "NUL in the header", false, false, BYTES("A: b\nC: \0d\n\nx"), NULL, 0, "control character in a field value", "C: \1d" },
{ "nothing asked for", false, false, BYTES("A: b\n\nx"), NULL, 0, "header has none of Content-Type, Location, Status", "A: b" },
{ "raw", true, false, BYTES("HTTP/1.1 404 No\nX\n\nbody"), "HTTP/1.1 404 No\nX\n\nbody", 404, NULL, NULL },
{ "raw, as SCGI", true, false, BYTES("Status: 302 x\r\n\r\n"), "Status: 302 x\r\n\r\n", 302, NULL, NULL },
{ "raw, no header", true, false, BYTES("just bytes, no header"), "just bytes, no header", 0, NULL, NULL },
{ "raw, short", true, false, BYTES("x"), "x", 0, NULL, NULL },
{ "raw, no output", true, false, BYTES(""), NULL, 0, "no output at all", "" },
};

static int program[2], client[2];

static void
open_pipes(void)
{
	ck_assert(pipe2(program, O_NONBLOCK) == 0);
	ck_assert(pipe2(client, O_NONBLOCK) == 0);
}

static void
close_pipes(void)
{
	(void)close(program[0]);
	if (program[1] != -1)
		(void)close(program[1]);
	if (client[0] != -1)
		(void)close(client[0]);
	(void)close(client[1]);
}

/* The program writes bytes, all of which are received. */
static enum answer_result
receive(struct answer *a, const char *bytes, size_t len, size_t most)
{
	enum answer_result result = ANSWER_MOVED;

	ck_assert(write(program[1], bytes, len) == (ssize_t)len);
	while (result == ANSWER_MOVED && answer_has_room(a))
		result = answer_receive(a, program[0], most);
	return result;
}

/* Send what there is; returns how much the client has now. */
static size_t
send_all(struct answer *a, char *got, size_t len, size_t size)
{
	ssize_t n;

	while (answer_pending(a)) {
		ck_assert(answer_send(a, client[1]) > 0);
		n = read(client[0], got + len, size - len - 1);
		ck_assert(n > 0);
		len += (size_t)n;
	}
	got[len] = '\0';
	return len;
}

static void
look_at(int row, size_t cut, size_t step, bool send_between)
{
	const char *name = rows[row].name;
	struct reply_style style = { .head = rows[row].head,
	    .redirect_inside = true };
	struct answer a = { .state = ANSWER_HEADER };
	enum answer_result result = ANSWER_AGAIN;
	size_t at = 0, n = cut, len = 0;
	char got[512];

	open_pipes();
	answer_begin(&a, &style, rows[row].raw, MAX);
	while (result == ANSWER_AGAIN && at < rows[row].len) {
		if (n > rows[row].len - at)
			n = rows[row].len - at;
		result = receive(&a, rows[row].output + at, n, 1000);
		at += n;
		n = step;
		if (send_between && result == ANSWER_AGAIN)
			len = send_all(&a, got, len, sizeof got);
		CHECK_INT(name, a.sent, len);
		CHECK_INT(name, answer_is_begun(&a), len > 0);
	}
	(void)close(program[1]);
	program[1] = -1;
	if (result == ANSWER_AGAIN)
		result = answer_receive(&a, program[0], 1000);
	CHECK_INT(name, result, rows[row].reply != NULL ? ANSWER_END :
	    ANSWER_BAD);
	CHECK_TRUE(name, !answer_has_room(&a));
	if (rows[row].reply != NULL) {
		len = send_all(&a, got, len, sizeof got);
		CHECK_TEXT(name, got, rows[row].reply);
		CHECK_INT(name, a.sent, len);
		CHECK_INT(name, a.received, rows[row].len);
		CHECK_INT(name, a.status, rows[row].status);
		CHECK_TRUE(name, answer_is_done(&a));
	} else {
		CHECK_TEXT(name, cause_phrase(a.cause), rows[row].why);
		if (rows[row].offender != NULL)
			CHECK_TEXT(name, a.offender, rows[row].offender);
		/* Only of a body can something have been sent already. */
		if (a.cause != CAUSE_BAD_CHUNK && a.cause != CAUSE_CHUNKS_CUT)
			CHECK_INT(name, len, 0);
		CHECK_INT(name, a.sent, len);
		CHECK_TRUE(name, strncmp(got, OK "\r\n", len) == 0 || len > 37);
		CHECK_TRUE(name, !answer_is_done(&a) && !answer_is_served(&a));
	}
	answer_free(&a);
	close_pipes();
}

START_TEST(pass)
{
	size_t cut;

	for (cut = 1; cut <= rows[_i].len; cut++)
		look_at(_i, cut, rows[_i].len,
		    cut % 2 == 0 && !rows[_i].raw);
	look_at(_i, 1, 1, false);
	if (!rows[_i].raw)
		look_at(_i, 1, 1, true);
}
END_TEST

/* A reply larger than the buffer: the program waits for the client. */
START_TEST(pressure)
{
	struct reply_style style = { .head = false };
	struct answer a;
	size_t all = 0, n, len;
	char *bytes = calloc(1, FLOW_SIZE), *got = malloc(FLOW_SIZE);

	open_pipes();
	answer_begin(&a, &style, true, MAX);
	len = FLOW_SIZE;
	CHECK_INT("filled", receive(&a, bytes, len, 5000), ANSWER_MOVED);
	CHECK_TRUE("full", !answer_has_room(&a));
	CHECK_INT("in it", a.received, FLOW_SIZE);
	while (answer_pending(&a)) {
		ck_assert(answer_send(&a, client[1]) > 0);
		n = (size_t)read(client[0], got, FLOW_SIZE);
		all += n;
	}
	CHECK_INT("out of it", all, FLOW_SIZE);
	CHECK_TRUE("room again", answer_has_room(&a));
	CHECK_TRUE("not over", !answer_is_done(&a));
	CHECK_INT("over", answer_end(&a), ANSWER_END);
	CHECK_TRUE("over", answer_is_done(&a));
	answer_free(&a);
	close_pipes();
	free(bytes);
	free(got);
}
END_TEST

/* A document of ours goes out instead of what a program printed. */
START_TEST(replace)
{
	static const char *const before[] = { "", "Content-Type: a/b\n",
	    "Content-Type: a/b\nContent-Length: 2\n\nbo", "nonsense\n\n" };
	struct reply_style style = { .head = false };
	struct answer a;
	char got[512];

	open_pipes();
	answer_begin(&a, &style, false, MAX);
	(void)receive(&a, before[_i], strlen(before[_i]), 1000);
	answer_replace(&a, 503, strdup("ours"), 4);
	CHECK_INT(before[_i], send_all(&a, got, 0, sizeof got), 4);
	CHECK_TEXT(before[_i], got, "ours");
	CHECK_INT(before[_i], a.status, 503);
	CHECK_TRUE(before[_i], answer_is_done(&a) && !answer_has_room(&a));
	answer_free(&a);
	close_pipes();
}
END_TEST

/* The client has gone: the program is read on, and nothing is kept. */
START_TEST(forget)
{
	static const char *const before[] = { "", "Content-Type: a/b\n",
	    "Content-Type: a/b\nContent-Length: 9\n\nbo",
	    "Content-Type: a/b\n\nbody" };
	struct reply_style style = { .head = false };
	struct answer a;

	open_pipes();
	answer_begin(&a, &style, false, MAX);
	(void)receive(&a, before[_i], strlen(before[_i]), 1000);
	answer_forget(&a);
	CHECK_TRUE(before[_i], !answer_pending(&a) && answer_has_room(&a));
	CHECK_INT(before[_i], receive(&a, "no header, more bytes\n\n", 23,
	    1000), ANSWER_AGAIN);
	CHECK_TRUE(before[_i], !answer_pending(&a));
	CHECK_INT(before[_i], a.received, strlen(before[_i]) + 23);
	CHECK_INT(before[_i], answer_end(&a), ANSWER_END);
	CHECK_TRUE(before[_i], answer_is_done(&a));
	answer_free(&a);
	close_pipes();
}
END_TEST

START_TEST(edges)
{
	struct reply_style style = { .head = false };
	struct answer a = { .state = ANSWER_HEADER };

	answer_free(&a);
	open_pipes();
	answer_begin(&a, &style, true, MAX);
	CHECK_INT("nothing yet", answer_receive(&a, program[0], 10),
	    ANSWER_AGAIN);
	ck_assert(write(program[1], "abcdef", 6) == 6);
	CHECK_INT("some", answer_receive(&a, program[0], 4), ANSWER_MOVED);
	CHECK_INT("no more than asked", a.received, 4);
	CHECK_INT("client is gone", answer_send(&a, -1), -1);
	CHECK_INT("client is gone", errno, EBADF);
	CHECK_TRUE("client is gone", answer_pending(&a));
	answer_free(&a);
	close_pipes();
}
END_TEST

/* ---- bulk ---- */

#define PLAIN		"Content-Type: a/b\n\n"
#define PROMISE(n)	"Content-Type: a/b\nContent-Length: " n "\n\n"
#define LARGE		40000	/* bytes; comes first, and is bulk */

/* The client has a socket, as in life. */
static void
open_socket(void)
{
	open_pipes();
	(void)close(client[0]);
	(void)close(client[1]);
	ck_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    client) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
}

static char
letter(uint64_t at)
{
	return (char)('a' + at % 23);
}

/* The program writes bytes [at, at + len) of its body. */
static void
print(uint64_t at, size_t len)
{
	static char bytes[FLOW_SIZE];
	size_t i;

	ck_assert(len <= sizeof bytes);
	for (i = 0; i < len; i++)
		bytes[i] = letter(at + i);
	ck_assert(write(program[1], bytes, len) == (ssize_t)len);
}

/* How much there is for the client to read: letters, but for `head` bytes. */
static size_t
read_all(const char *name, size_t head)
{
	static char bytes[FLOW_SIZE];
	size_t all = 0;
	ssize_t n, i;

	while ((n = read(client[0], bytes, sizeof bytes)) > 0) {
		for (i = 0; i < n; i++)
			ck_assert_msg(all + (size_t)i < head || bytes[i] ==
			    letter(all + (size_t)i - head), "%s: byte %zu",
			    name, all + (size_t)i - head);
		all += (size_t)n;
	}
	return all;
}

/* A header and `len` bytes of a body come at once, and are sent if asked for. */
static void
begin_bulk(struct answer *a, const char *header, size_t len, bool raw,
    bool head)
{
	struct reply_style style = { .head = head };

	answer_begin(a, &style, raw, 200);
	ck_assert(write(program[1], header, strlen(header)) ==
	    (ssize_t)strlen(header));
	print(0, len);
	ck_assert(answer_receive(a, program[0], FLOW_SIZE) == ANSWER_MOVED);
	CHECK_INT(header, a->received, strlen(header) + len);
	CHECK_TRUE(header, !answer_passes(a));	/* what is here goes first */
	while (answer_holds(a))
		ck_assert(answer_send(a, client[1]) > 0);
}

static const struct {
	const char	*name, *header;
	size_t		 len;
	bool		 raw, head, passes;
} kinds[] = {
	{ "plain", PLAIN, LARGE, false, false, true },
	{ "more is promised", PROMISE("40001"), LARGE, false, false, true },
	{ "no more is promised", PROMISE("40000"), LARGE, false, false, false },
	{ "less was promised", PROMISE("39999"), LARGE, false, false, false },
	{ "raw", "HTTP/1.1 200 OK\n\n", LARGE, true, false, true },
	{ "half a buffer", PLAIN, FLOW_SIZE / 2, false, false, true },
	{ "less than half a buffer", PLAIN, FLOW_SIZE / 2 - sizeof PLAIN, false, false, false },
	{ "HEAD", PLAIN, LARGE, false, true, false },
	{ "no content", "Status: 204\n\n", LARGE, false, false, false },
	{ "chunked", CHUNKED "f4240\r\n", LARGE, false, false, false },
};

/* What may go by the buffer, and what has to be looked at. */
START_TEST(kind)
{
	struct answer a;

	open_socket();
	begin_bulk(&a, kinds[_i].header, kinds[_i].len, kinds[_i].raw,
	    kinds[_i].head);
	CHECK_INT(kinds[_i].name, answer_passes(&a), kinds[_i].passes);
	answer_forget(&a);
	CHECK_TRUE(kinds[_i].name, !answer_passes(&a));
	answer_free(&a);
	close_pipes();
}
END_TEST

static const struct {
	const char	*name, *header;
	size_t		 more, most;	/* bytes; then the end */
	size_t		 body, left;	/* what the client gets and lacks */
} courses[] = {
	{ "without a promise", PLAIN, 20000, FLOW_SIZE, 60000, 0 },
	{ "in steps", PLAIN, 20000, 777, 60000, 0 },
	{ "nothing more", PLAIN, 0, FLOW_SIZE, LARGE, 0 },
	{ "as promised", PROMISE("60000"), 20000, FLOW_SIZE, 60000, 0 },
	{ "as promised, in steps", PROMISE("60000"), 20000, 777, 60000, 0 },
	{ "one byte short", PROMISE("60001"), 20000, FLOW_SIZE, 60000, 1 },
	{ "one byte too much", PROMISE("59999"), 20000, FLOW_SIZE, 59999, 0 },
	{ "far too much, in steps", PROMISE("40001"), 20000, 777, 40001, 0 },
};

/* Each byte that is promised, none beyond it, and all of them are counted. */
START_TEST(course)
{
	const char *name = courses[_i].name;
	enum answer_result result = ANSWER_MOVED;
	uint64_t before;
	struct answer a;

	open_socket();
	begin_bulk(&a, courses[_i].header, LARGE, false, false);
	print(LARGE, courses[_i].more);
	(void)close(program[1]);
	program[1] = -1;
	while (result == ANSWER_MOVED && answer_passes(&a)) {
		before = a.received;
		result = answer_pass(&a, program[0], client[1],
		    courses[_i].most);
		CHECK_TRUE(name, a.received - before <= courses[_i].most);
		CHECK_TRUE(name, !a.stuck && !answer_holds(&a));
	}
	while (result == ANSWER_MOVED)		/* beyond the promise */
		result = answer_receive(&a, program[0], courses[_i].most);
	CHECK_INT(name, result, ANSWER_END);
	CHECK_TRUE(name, answer_is_done(&a) && answer_is_served(&a));
	CHECK_INT(name, a.left, courses[_i].left);
	CHECK_INT(name, a.received, strlen(courses[_i].header) + LARGE +
	    courses[_i].more);
	CHECK_INT(name, a.sent, a.head_len + courses[_i].body);
	CHECK_INT(name, read_all(name, a.head_len), a.sent);
	answer_free(&a);
	close_pipes();
}
END_TEST

/* The program prints, and it passes, until the client takes no more. */
static uint64_t
fill(struct answer *a)
{
	uint64_t at = LARGE;

	do {
		print(at, 4096);
		at += 4096;
	} while (answer_pass(a, program[0], client[1], FLOW_SIZE) ==
	    ANSWER_MOVED && at < 10 * 1024 * 1024);
	CHECK_TRUE("filled", a->stuck);
	return at;
}

/* It is stuck while it waits for the client, and only then. */
START_TEST(stuck)
{
	struct answer a;
	uint64_t all;
	size_t got;

	open_socket();
	begin_bulk(&a, PLAIN, LARGE, false, false);
	CHECK_INT("program is silent", answer_pass(&a, program[0], client[1],
	    10), ANSWER_AGAIN);
	CHECK_TRUE("that is the program's affair", !answer_pending(&a));
	all = fill(&a);
	CHECK_TRUE("that is the client's", answer_pending(&a) &&
	    !answer_holds(&a) && !answer_is_served(&a));
	CHECK_INT("only what went out counts", a.sent, a.head_len + all -
	    flow_waiting(program[0]));
	got = read_all("what went out", a.head_len);
	CHECK_INT("got", got, a.sent);
	CHECK_INT("client reads", answer_pass(&a, program[0], client[1],
	    FLOW_SIZE), ANSWER_MOVED);
	CHECK_TRUE("goes on", !answer_pending(&a) && answer_passes(&a));
	CHECK_INT("all", a.sent, a.head_len + all);
	answer_free(&a);
	close_pipes();
}
END_TEST

/* Whatever comes next, it waits for the client no longer. */
START_TEST(unstuck)
{
	static const char *const names[] = { "forgotten", "replaced", "read" };
	struct answer a;

	open_socket();
	begin_bulk(&a, PLAIN, LARGE, false, false);
	(void)fill(&a);
	if (_i == 0) {
		answer_forget(&a);
	} else if (_i == 1) {
		answer_replace(&a, 503, strdup("ours"), 4);
		flow_drop(&a.flow, a.flow.len);
		a.flow.lead_len = 0;
	} else {
		(void)answer_receive(&a, program[0], FLOW_SIZE);
		flow_drop(&a.flow, a.flow.len);
	}
	CHECK_TRUE(names[_i], !a.stuck && !answer_pending(&a));
	answer_free(&a);
	close_pipes();
}
END_TEST

/* What we have of the client takes bytes by write(2) only; then it has gone. */
START_TEST(no_way)
{
	struct answer a;
	uint64_t sent;
	FILE *file = tmpfile();

	ck_assert(file != NULL);
	ck_assert(fcntl(fileno(file), F_SETFL, O_APPEND) == 0);
	open_socket();
	begin_bulk(&a, PLAIN, LARGE, false, false);
	print(LARGE, 5000);
	sent = a.sent;
	if (_i == 1) {
		(void)close(client[0]);
		client[0] = -1;
	}
	CHECK_INT("received", answer_pass(&a, program[0], _i == 0 ?
	    fileno(file) : client[1], 9999), ANSWER_MOVED);
	CHECK_TRUE("by the buffer", answer_holds(&a) && !a.stuck);
	CHECK_INT("counted", a.received, strlen(PLAIN) + LARGE + 5000);
	CHECK_INT("not sent", a.sent, sent);
	if (_i == 1) {
		CHECK_INT("gone", answer_send(&a, client[1]), -1);
		CHECK_INT("gone", errno, EPIPE);
		CHECK_TRUE("not served", !answer_is_served(&a));
	} else {
		CHECK_INT("sent", answer_send(&a, client[1]), 5000);
		CHECK_INT("got", read_all("got", a.head_len), sent + 5000);
	}
	a.bulk = true;
	CHECK_TRUE("from now on", !answer_passes(&a));
	answer_free(&a);
	close_pipes();
	(void)fclose(file);
}
END_TEST

/* It hangs up before anything was read: there has been no buffer. */
START_TEST(silent)
{
	struct reply_style style = { .head = false };
	struct answer a = { .state = ANSWER_HEADER };

	answer_begin(&a, &style, _i == 1, MAX);
	CHECK_INT("silent", answer_end(&a), ANSWER_BAD);
	CHECK_INT("silent", a.cause, CAUSE_NO_OUTPUT);
	CHECK_TEXT("silent", a.offender, "");
	CHECK_INT("silent", answer_keep(&a), 0);
	CHECK_TRUE("silent", !answer_pending(&a) && !answer_is_done(&a));
	answer_free(&a);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("answer");

	CHECK_ROWS(suite, pass, rows);
	CHECK_LOOP(suite, pressure, 1);
	CHECK_LOOP(suite, silent, 2);
	CHECK_LOOP(suite, replace, 4);
	CHECK_LOOP(suite, forget, 4);
	CHECK_LOOP(suite, edges, 1);
	CHECK_ROWS(suite, kind, kinds);
	CHECK_ROWS(suite, course, courses);
	CHECK_LOOP(suite, stuck, 1);
	CHECK_LOOP(suite, unstuck, 3);
	CHECK_LOOP(suite, no_way, 2);
	return check_run(suite);
}
