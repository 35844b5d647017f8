/* SPDX-License-Identifier: ISC */
/*
 * answer: a program's output goes in whole, byte by byte, and in two pieces
 * cut at every position; what the client gets is the same each time.
 */
#include "platform.h"

#include "answer.h"

#include <errno.h>
#include <fcntl.h>
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

int
main(void)
{
	Suite *suite = suite_create("answer");

	CHECK_ROWS(suite, pass, rows);
	CHECK_LOOP(suite, pressure, 1);
	CHECK_LOOP(suite, replace, 4);
	CHECK_LOOP(suite, forget, 4);
	CHECK_LOOP(suite, edges, 1);
	return check_run(suite);
}
