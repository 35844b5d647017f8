/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "response.h"

#include "check_main.h"

#define NONE	(-1)

static const struct {
	const char	*block;
	int		 status;
	const char	*reason;
	long long	 length;
	const char	*why;
} blocks[] = {
{ "Status: 200 OK\r\n\r\n", 200, "OK", NONE, NULL },
{ "Status: 404 Not Found\n\n", 404, "Not Found", NONE, NULL },
{ "Status: 404\r\n\r\n", 404, "", NONE, NULL },
{ "Status: 404 \r\n\r\n", 404, "", NONE, NULL },
{ "status:503 Busy\r\n\r\n", 503, "Busy", NONE, NULL },
{ "A: b\r\nSTATUS: \t201 C\r\n\r\n", 201, "C", NONE, NULL },
{ "Status: 200 OK\r\nStatus: 404 No\r\n\r\n", 200, "OK", NONE, NULL },
{ "HTTP/1.1 207 Multi\r\nA: b\r\n\r\n", 207, "Multi", NONE, NULL },
{ "HTTP/1.0 304\n\n", 304, "", NONE, NULL },
{ "HTTP/1.1 200 OK\r\nStatus: 404 No\r\n\r\n", 200, "OK", NONE, NULL },
{ "Content-Type: a/b\r\n\r\n", 200, "OK", NONE, NULL },
{ "Location: /x\r\n\r\n", 302, "Found", NONE, NULL },
{ "Status: 201 C\r\nLocation: /x\r\n\r\n", 201, "C", NONE, NULL },
{ "Status: 200 a\x1b[1m\xff\r\n\r\n", 200, "a?[1m?", NONE, NULL },
{ "Status: 200 0123456789012345678901234567890123456789012345678901234567890123456789\n\n",
    200, "012345678901234567890123456789012345678901234567890123456789012", NONE, NULL },
{ "Content-Length: 12\r\n\r\n", 200, "OK", 12, NULL },
{ "content-length:0\r\n\r\n", 200, "OK", 0, NULL },
{ "Content-Length:\r\n\r\n", 200, "OK", NONE, NULL },
{ "Content-Lengthy: 12\r\n\r\n", 200, "OK", NONE, NULL },
{ "Statuses: 300 x\r\n\r\n", 200, "OK", NONE, NULL },
{ "A: b\n\nStatus: 404 x\n", 200, "OK", NONE, NULL },
{ "Status: abc\r\n\r\n", 0, NULL, NONE, "the status is not three digits and a reason" },
{ "Status: 20\r\n\r\n", 0, NULL, NONE, "the status is not three digits and a reason" },
{ "Status: 2000\r\n\r\n", 0, NULL, NONE, "the status is not three digits and a reason" },
{ "Status:\r\n\r\n", 0, NULL, NONE, "the status is not three digits and a reason" },
{ "HTTP/1.1  200 OK\r\n\r\n", 0, NULL, NONE, "the status is not three digits and a reason" },
{ "HTTP/2 200\r\n\r\n", 0, NULL, NONE, "a header line without a colon" },
{ "no colon\r\n\r\n", 0, NULL, NONE, "a header line without a colon" },
{ "Content-Length: 1x\r\n\r\n", 0, NULL, NONE, "Content-Length is not a number" },
{ "Content-Length: -1\r\n\r\n", 0, NULL, NONE, "Content-Length is not a number" },
{ "Content-Length: 18446744073709551616\r\n\r\n", 0, NULL, NONE, "Content-Length is not a number" },
};

START_TEST(parse)
{
	const char *name = blocks[_i].block;
	size_t len = strlen(name);
	char *block = malloc(len);	/* without a NUL: valgrind watches */
	struct response r;

	memcpy(block, name, len);
	CHECK_TEXT(name, response_parse(block, len, &r), blocks[_i].why);
	if (blocks[_i].why == NULL) {
		CHECK_INT(name, r.status, blocks[_i].status);
		CHECK_TEXT(name, r.reason, blocks[_i].reason);
		CHECK_INT(name, r.has_length ? (long long)r.length : NONE,
		    blocks[_i].length);
	}
	free(block);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("response");

	CHECK_ROWS(suite, parse, blocks);
	return check_run(suite);
}
