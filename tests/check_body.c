/* SPDX-License-Identifier: ISC */
/*
 * body: whatever the modes and the sizes of the pieces, the program gets the
 * client's bytes, all of them, once, in order.
 */
#include "platform.h"

#include "body.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "check_main.h"

#define KB	1024
#define MB	(1024 * KB)

static int client[2], program[2];

static void
open_pipes(void)
{
	ck_assert(pipe2(client, O_NONBLOCK) == 0);
	ck_assert(pipe2(program, O_NONBLOCK) == 0);
	(void)signal(SIGPIPE, SIG_IGN);
}

static void
close_pipes(void)
{
	(void)close(client[0]);
	(void)close(client[1]);
	(void)close(program[0]);
	(void)close(program[1]);
}

static char
letter(uint64_t at)
{
	return (char)('a' + at % 23);
}

/* Bytes [at, at + len) of the body. */
static const char *
bytes_at(uint64_t at, size_t len)
{
	static char bytes[200 * KB];
	size_t i;

	ck_assert(len <= sizeof bytes);
	for (i = 0; i < len; i++)
		bytes[i] = letter(at + i);
	return bytes;
}

static const struct {
	const char	*name;
	uint64_t	 length;
	size_t		 first;		/* bytes that come with the head */
	size_t		 in, out;	/* bytes at a time; 0: at the end */
	uint64_t	 spool_at;	/* received bytes, then BODY_SPOOL */
} rows[] = {
	{ "no body", 0, 0, 100, 100, UINT64_MAX },
	{ "no body, bytes follow", 0, 10, 100, 100, UINT64_MAX },
	{ "one byte", 1, 0, 100, 100, UINT64_MAX },
	{ "all with the head", 50, 50, 100, 100, UINT64_MAX },
	{ "more than all with the head", 50, 60, 100, 100, UINT64_MAX },
	{ "some with the head", 500, 60, 100, 100, UINT64_MAX },
	{ "head and buffer full", FLOW_SIZE, FLOW_SIZE, 100, 5000, UINT64_MAX },
	{ "more than a buffer", 3 * FLOW_SIZE, 100, 9999, 7777, UINT64_MAX },
	{ "slow program", 2 * FLOW_SIZE, 100, 40 * KB, 1000, UINT64_MAX },
	{ "slow client", 2 * FLOW_SIZE, 100, 1000, 40 * KB, UINT64_MAX },
	{ "spooled from the start", 5 * FLOW_SIZE, 100, 40 * KB, 1000, 0 },
	{ "spooled from the middle", 5 * FLOW_SIZE, 100, 40 * KB, 1000, 90000 },
	{ "spooled, slow client", 3 * FLOW_SIZE, 100, 2000, 40 * KB, 0 },
	{ "spooled, program does not read", 5 * FLOW_SIZE, 100, 60 * KB, 0, 0 },
	{ "spooled, less than a buffer", 1000, 100, 100, 0, 0 },
	{ "spooled, a buffer", FLOW_SIZE, 0, 30 * KB, 0, 0 },
	{ "spooled, a buffer and a byte", FLOW_SIZE + 1, 0, 30 * KB, 0, 0 },
};

/* The client writes what its pipe takes of the next bytes, and is read. */
static void
come_in(const char *name, struct body *body, uint64_t *sent, size_t most)
{
	uint64_t left = body->received + body->left - *sent;
	size_t len = left < most ? (size_t)left : most;
	ssize_t n;

	if ((n = write(client[1], bytes_at(*sent, len), len)) > 0)
		*sent += (uint64_t)n;
	if (body_passes(body))
		CHECK_TRUE(name, body_pass(body, client[0], program[1],
		    MB) <=
		    BODY_AGAIN);
	else if (body_wants_client(body))
		CHECK_TRUE(name, body_receive(body, client[0]) <= BODY_AGAIN);
}

/* The program reads, and looks at each byte. */
static void
go_out(const char *name, struct body *body, uint64_t *got, size_t most)
{
	char bytes[64 * KB];
	ssize_t n, i;

	if (body_pending(body) && !body_passes(body))
		CHECK_TRUE(name, body_deliver(body, program[1]) <= BODY_AGAIN);
	n = read(program[0], bytes, most < sizeof bytes ? most : sizeof bytes);
	for (i = 0; i < n; i++)
		ck_assert_msg(bytes[i] == letter(*got + (uint64_t)i),
		    "%s: byte %llu", name, (unsigned long long)*got + i);
	if (n > 0)
		*got += (uint64_t)n;
}

START_TEST(transfer)
{
	const char *name = rows[_i].name;
	size_t first = rows[_i].first < rows[_i].length ? rows[_i].first :
	    (size_t)rows[_i].length;
	uint64_t sent = first, got = 0;
	struct body body;

	open_pipes();
	body_init(&body, ".");
	CHECK_INT(name, body_begin(&body, rows[_i].length,
	    bytes_at(0, rows[_i].first), rows[_i].first), first);
	CHECK_INT(name, body.received, first);
	while (!body_is_delivered(&body) || got < rows[_i].length) {
		if (body.received >= rows[_i].spool_at)
			body_hurry(&body);
		CHECK_INT(name, body_is_whole(&body),
		    body.received == rows[_i].length);
		if (body.mode == BODY_SPOOL)
			CHECK_INT(name, body_wants_client(&body),
			    !body_is_whole(&body));
		come_in(name, &body, &sent, rows[_i].in);
		if (rows[_i].out > 0 || body_is_whole(&body))
			go_out(name, &body, &got, rows[_i].out > 0 ?
			    rows[_i].out : 64 * KB);
	}
	CHECK_INT(name, got, rows[_i].length);
	CHECK_INT(name, body.received, rows[_i].length);
	CHECK_TRUE(name, body_is_whole(&body) && !body_pending(&body));
	CHECK_TRUE(name, !body_wants_client(&body));
	CHECK_INT(name, body_receive(&body, client[0]), BODY_MOVED);
	CHECK_INT(name, body_deliver(&body, program[1]), BODY_MOVED);
	body_free(&body);
	body_free(&body);
	close_pipes();
}
END_TEST

/* While the program is silent and slow, the client has to wait. */
START_TEST(pressure)
{
	struct body body;

	open_pipes();
	body_init(&body, ".");
	ck_assert(body_begin(&body, 10 * FLOW_SIZE, bytes_at(0, 10), 10) == 10);
	CHECK_TRUE("held", !body_wants_client(&body) && body_pending(&body));
	CHECK_INT("program reads", body_deliver(&body, program[1]), BODY_MOVED);
	CHECK_TRUE("room again", body_wants_client(&body));
	CHECK_TRUE("passes", body_passes(&body) && !body_pending(&body));
	CHECK_INT("client is silent", body_pass(&body, client[0], program[1], MB),
	    BODY_AGAIN);
	CHECK_TRUE("nothing waits", !body_pending(&body));
	while (write(program[1], "x", 1) == 1)
		;
	ck_assert(write(client[1], "x", 1) == 1);
	CHECK_INT("program is slow", body_pass(&body, client[0], program[1], MB),
	    BODY_AGAIN);
	CHECK_TRUE("it waits", body_pending(&body));
	CHECK_INT("not moved", body.received, 10);
	CHECK_TRUE("no spool", body.spool.fd == -1);
	body_hurry(&body);
	CHECK_TRUE("the buffer has room", !body_pending(&body));
	CHECK_INT("taken", body_receive(&body, client[0]), BODY_MOVED);
	CHECK_INT("received", body.received, 11);
	body_free(&body);
	close_pipes();
}
END_TEST

/* What nobody reads is taken from the client, counted, and kept nowhere. */
START_TEST(discard)
{
	static const char *const names[] = { "from the start", "streamed",
	    "spooled" };
	const char *name = names[_i];
	uint64_t sent = 100;
	struct body body;

	open_pipes();
	body_init(&body, ".");
	if (_i == 0)
		body_discard(&body);
	CHECK_INT(name, body_begin(&body, 5 * FLOW_SIZE, bytes_at(0, 100),
	    100), 100);
	if (_i == 2)
		body.mode = BODY_SPOOL;
	while (_i == 2 && body.received < 2 * FLOW_SIZE)
		come_in(name, &body, &sent, 30 * KB);
	CHECK_INT(name, body_pending(&body), _i > 0);
	body_discard(&body);
	CHECK_TRUE(name, !body_pending(&body));
	CHECK_INT(name, body.spool.fd, -1);
	while (body_wants_client(&body)) {
		come_in(name, &body, &sent, 30 * KB);
		CHECK_TRUE(name, !body_pending(&body));
	}
	CHECK_INT(name, body.received, 5 * FLOW_SIZE);
	CHECK_TRUE(name, body_is_whole(&body) && body_is_delivered(&body));
	body_free(&body);
	close_pipes();
}
END_TEST

/* Not one byte more than the length is read from the client. */
START_TEST(beyond)
{
	static const struct {
		const char	*name;
		enum body_mode	 mode;
		uint64_t	 length;
	} modes[] = {
		{ "streamed", BODY_STREAM, 10 },
		{ "spooled", BODY_SPOOL, 10 },
		{ "spooled, buffer is full", BODY_SPOOL, FLOW_SIZE + 10 },
		{ "discarded", BODY_DISCARD, 10 },
	};
	struct body body;
	char c;

	open_pipes();
	body_init(&body, ".");
	body.mode = modes[_i].mode;
	ck_assert(body_begin(&body, modes[_i].length, bytes_at(0,
	    (size_t)modes[_i].length - 10), (size_t)modes[_i].length - 10) >= 0);
	ck_assert(write(client[1], "0123456789X", 11) == 11);
	CHECK_INT(modes[_i].name, body_receive(&body, client[0]), BODY_MOVED);
	CHECK_TRUE(modes[_i].name, body_is_whole(&body));
	CHECK_INT(modes[_i].name, read(client[0], &c, 1), 1);
	CHECK_INT(modes[_i].name, c, 'X');
	body_free(&body);
	close_pipes();
}
END_TEST

/* What can go wrong at either end. */
START_TEST(trouble)
{
	static const enum body_mode modes[] = { BODY_STREAM, BODY_SPOOL,
	    BODY_DISCARD };
	static const char *const names[] = { "streamed", "spooled",
	    "discarded" };
	const char *name = names[_i];
	struct body body;

	open_pipes();
	body_init(&body, "missing");
	body.mode = modes[_i];
	ck_assert(body_begin(&body, FLOW_SIZE, "abc", 3) == 3);
	CHECK_INT(name, body_receive(&body, client[0]), BODY_AGAIN);
	CHECK_INT(name, body_receive(&body, -1), BODY_SHORT);
	if (modes[_i] != BODY_DISCARD) {
		while (write(program[1], "x", 1) == 1)
			;
		CHECK_INT(name, body_deliver(&body, program[1]), BODY_AGAIN);
		(void)close(program[0]);
		CHECK_INT(name, body_deliver(&body, program[1]), BODY_SHUT);
		program[0] = dup(program[1]);
	}
	(void)close(client[1]);
	CHECK_INT(name, body_receive(&body, client[0]), BODY_SHORT);
	client[1] = dup(client[0]);
	CHECK_TRUE(name, !body_is_whole(&body));
	body_free(&body);
	close_pipes();
}
END_TEST

START_TEST(no_spool)
{
	struct body body;

	open_pipes();
	body_init(&body, "missing");
	body.mode = BODY_SPOOL;
	ck_assert(body_begin(&body, 2 * FLOW_SIZE, bytes_at(0, FLOW_SIZE),
	    FLOW_SIZE) == FLOW_SIZE);
	ck_assert(write(client[1], "x", 1) == 1);
	CHECK_INT("no directory", body_receive(&body, client[0]), BODY_NO_ROOM);
	CHECK_INT("no directory", errno, ENOENT);
	body_free(&body);
	body_init(&body, ".");
	body_free(&body);
	close_pipes();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("body");

	CHECK_ROWS(suite, transfer, rows);
	CHECK_LOOP(suite, pressure, 1);
	CHECK_LOOP(suite, discard, 3);
	CHECK_LOOP(suite, beyond, 4);
	CHECK_LOOP(suite, trouble, 3);
	CHECK_LOOP(suite, no_spool, 1);
	return check_run_aside(suite);
}
