/* SPDX-License-Identifier: ISC */
/*
 * client: how a connection ends, as the other side sees it.
 */
#include "platform.h"

#include "client.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "check_main.h"

#define MB	(1 << 20)

static struct loop *loop;
static struct client client;
static int peer;

/* Two ends of a connection over TCP. */
static void
connect_tcp(int ends[2])
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert(bind(listener, (struct sockaddr *)&sin, len) == 0);
	ck_assert(listen(listener, 1) == 0);
	ck_assert(getsockname(listener, (struct sockaddr *)&sin, &len) == 0);
	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert(connect(ends[1], (struct sockaddr *)&sin, len) == 0);
	ends[0] = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	ck_assert(ends[0] != -1);
	(void)close(listener);
}

static void
open_client(bool is_unix)
{
	int ends[2];

	ck_assert((loop = loop_new()) != NULL);
	if (is_unix)
		ck_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
		    fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	else
		connect_tcp(ends);
	client_init(&client, loop, ends[0], is_unix);
	CHECK_INT("new", client.state, CLIENT_HEAD);
	client.state = CLIENT_OPEN;
	peer = ends[1];
}

/* What the other side reads first: a text, "end", or why not. */
static const char *
heard(void)
{
	static char text[100];
	ssize_t n = recv(peer, text, sizeof text - 1, 0);

	if (n <= 0)
		return n == 0 ? "end" :
		    errno == ECONNRESET ? "reset" : strerror(errno);
	text[n] = '\0';
	return text;
}

static void
say(const char *text)
{
	ck_assert(send(peer, text, strlen(text), 0) == (ssize_t)strlen(text));
}

static void
check_closed(const char *name)
{
	CHECK_INT(name, client.state, CLIENT_CLOSED);
	CHECK_INT(name, client.conn.fd, -1);
	client_close(&client);		/* harmless */
	client_cut(&client, false);
	CHECK_INT(name, client.state, CLIENT_CLOSED);
	loop_leave(loop);
}

static const struct {
	const char	*name;
	bool		 is_unix, complete;
	const char	*heard;
} cuts[] = {
	{ "TCP, a part", false, false, "reset" },
	{ "TCP, the whole", false, true, "end" },
	{ "Unix socket, a part", true, false, "end" },
	{ "Unix socket, the whole", true, true, "end" },
};

/* Nobody is to take a part for the whole, where that can be told. */
START_TEST(cut)
{
	open_client(cuts[_i].is_unix);
	client_cut(&client, cuts[_i].complete);
	CHECK_TEXT(cuts[_i].name, heard(), cuts[_i].heard);
	check_closed(cuts[_i].name);
}
END_TEST

static const struct {
	const char	*name;
	bool		 is_unix, silent;
	const char	*unread;	/* what the client said meanwhile */
	enum client_state state;
} ends[] = {
	{ "TCP, silent", false, true, "", CLIENT_CLOSED },
	{ "TCP, may speak", false, false, "", CLIENT_LINGER },
	{ "TCP, has spoken", false, false, "x", CLIENT_LINGER },
	{ "TCP, has spoken unasked", false, true, "x", CLIENT_LINGER },
	{ "Unix socket, silent", true, true, "", CLIENT_CLOSED },
	{ "Unix socket, may speak", true, false, "", CLIENT_LINGER },
	{ "Unix socket, has spoken", true, false, "x", CLIENT_LINGER },
	{ "Unix socket, has spoken unasked", true, true, "x", CLIENT_LINGER },
};

/* The answer arrives, whatever was said meanwhile, and its end. */
START_TEST(hang_up)
{
	const char *name = ends[_i].name;

	open_client(ends[_i].is_unix);
	ck_assert(send(client.conn.fd, "answer", 6, 0) == 6);
	if (*ends[_i].unread != '\0')
		say(ends[_i].unread);
	client_hang_up(&client, ends[_i].silent);
	CHECK_INT(name, client.state, ends[_i].state);
	if (client.state == CLIENT_LINGER) {
		CHECK_INT(name, client.linger_ms, loop_now(loop));
		CHECK_INT(name, client_drain(&client, 0), 0);
		CHECK_INT(name, client.excess, strlen(ends[_i].unread));
		CHECK_INT(name, client.state, CLIENT_LINGER);
	}
	CHECK_TEXT(name, heard(), "answer");
	CHECK_TEXT(name, heard(), "end");
	(void)close(peer);
	if (client.state == CLIENT_LINGER)
		CHECK_INT(name, client_drain(&client, 9), 0);
	check_closed(name);
}
END_TEST

/* Whoever has closed both ways is not waited for. */
START_TEST(gone)
{
	open_client(_i == 0);
	(void)close(peer);
	client_hang_up(&client, true);
	check_closed("gone");
}
END_TEST

static const struct {
	const char	*name;
	bool		 bad_head;
	uint64_t	 excess, left;	/* before */
	const char	*said;
	uint64_t	 body;		/* of it */
	bool		 closed;
} drains[] = {
	{ "nothing", false, 0, 9, "", 0, false },
	{ "some of the body", false, 0, 9, "12345", 5, false },
	{ "its rest", false, 0, 5, "12345", 5, false },
	{ "more than its rest", false, 0, 3, "12345", 3, false },
	{ "as much too much as may be", false, MB - 5, 0, "12345", 0, false },
	{ "one byte more", false, MB - 4, 0, "12345", 0, true },
	{ "of which one is the body's", false, MB - 4, 1, "12345", 1, false },
	{ "unknown, as much as may be", true, 16 * MB - 5, 0, "12345", 0, false },
	{ "unknown, one byte more", true, 16 * MB - 4, 0, "12345", 0, true },
};

/* What comes after the answer is counted, and there is an end to it. */
START_TEST(drain)
{
	const char *name = drains[_i].name;

	open_client(true);
	client_hang_up(&client, false);
	client.bad_head = drains[_i].bad_head;
	client.excess = drains[_i].excess;
	say(drains[_i].said);
	CHECK_INT(name, client_drain(&client, drains[_i].left),
	    drains[_i].body);
	CHECK_INT(name, client.excess, drains[_i].excess +
	    strlen(drains[_i].said) - drains[_i].body);
	CHECK_INT(name, client.state,
	    drains[_i].closed ? CLIENT_CLOSED : CLIENT_LINGER);
	client_close(&client);
	check_closed(name);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("client");

	CHECK_ROWS(suite, cut, cuts);
	CHECK_ROWS(suite, hang_up, ends);
	CHECK_LOOP(suite, gone, 2);
	CHECK_ROWS(suite, drain, drains);
	return check_run(suite);
}
