/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "response.h"

#include "check_main.h"

#define NONE	(-1)

#define B(literal)	literal, sizeof literal - 1

static const struct {
	const char	*block;
	size_t		 len;
	int		 status;
	const char	*reason;
	long long	 length;
	const char	*why;
} blocks[] = {
{ B("Status: 200 OK\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Status: 404 Not Found\n\n"), 404, "Not Found", NONE, NULL },
{ B("Status: 404\r\n\r\n"), 404, "", NONE, NULL },
{ B("Status: 404 \r\n\r\n"), 404, "", NONE, NULL },
{ B("status:503 Busy\r\n\r\n"), 503, "Busy", NONE, NULL },
{ B("A: b\r\nSTATUS: \t201 C\r\n\r\n"), 201, "C", NONE, NULL },
{ B("Status: 200 OK\r\nStatus: 404 No\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("HTTP/1.1 207 Multi\r\nA: b\r\n\r\n"), 207, "Multi", NONE, NULL },
{ B("HTTP/1.0 304\n\n"), 304, "", NONE, NULL },
{ B("HTTP/1.1 200 OK\r\nStatus: 404 No\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Content-Type: a/b\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Location: /x\r\n\r\n"), 302, "Found", NONE, NULL },
{ B("Status: 201 C\r\nLocation: /x\r\n\r\n"), 201, "C", NONE, NULL },
{ B("Status: 200 a\xff[1m\tb\r\n\r\n"), 200, "a?[1m?b", NONE, NULL },
{ B("Status: 200 0123456789012345678901234567890123456789012345678901234567890123456789\n\n"),
    200, "012345678901234567890123456789012345678901234567890123456789012", NONE, NULL },
{ B("Content-Length: 12\r\n\r\n"), 200, "OK", 12, NULL },
{ B("content-length:0\r\n\r\n"), 200, "OK", 0, NULL },
{ B("Content-Length: 5 \r\n\r\n"), 200, "OK", 5, NULL },
{ B("Content-Length:\t5 \t\n\n"), 200, "OK", 5, NULL },
{ B("Status: 204\r\nContent-Length: 5\r\n\r\n"), 204, "", 5, NULL },
{ B("Status: 599 x\r\n\r\n"), 599, "x", NONE, NULL },
{ B("A!#$%&'*+-.^_`|~9: b\tc\xff \r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Content-Length:\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Content-Lengthy: 12\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("Statuses: 300 x\r\n\r\n"), 200, "OK", NONE, NULL },
{ B("A: b\n\nStatus: 404 x\n"), 200, "OK", NONE, NULL },
{ B("Status: 000 Nope\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("Status: 000 Nope\r\nStatus: 200 OK\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("Status: 000 Nope\r\nLocation: /x\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("Status: 100 Continue\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("Status: 199 x\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("Status: 600 x\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("HTTP/1.1 100 Continue\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("HTTP/1.1 000 x\r\n\r\n"), 0, NULL, NONE, "the status is not from 200 to 599" },
{ B("HTTP/1.x 200 x\r\n\r\n"), 0, NULL, NONE, "a header line without a colon" },
{ B("HTTP/1.1\t200 x\r\n\r\n"), 0, NULL, NONE, "a header line without a colon" },
{ B("Status : 500 x\r\n\r\n"), 0, NULL, NONE, "a header name that is none" },
{ B("Status: 200 OK\r\nA B: c\r\n\r\n"), 0, NULL, NONE, "a header name that is none" },
{ B("Status: 200 OK\r\n: c\r\n\r\n"), 0, NULL, NONE, "a header name that is none" },
{ B("Status: 200 OK\r\n\xc3\xa4: c\r\n\r\n"), 0, NULL, NONE, "a header name that is none" },
{ B("A: b\r\n c: d\r\n\r\n"), 0, NULL, NONE, "a header line that begins with a blank" },
{ B("A: b\n\tc\n\n"), 0, NULL, NONE, "a header line that begins with a blank" },
{ B(" A: b\n\n"), 0, NULL, NONE, "a header line that begins with a blank" },
{ B("A\0: b\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("A: b\0\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("A: b\rc\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("A: b\r\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("A: \x7f\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("Status: 200 a\x1b[1m\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("HTTP/1.1 200 \1\r\n\r\n"), 0, NULL, NONE, "a control character in the header" },
{ B("\n"), 0, NULL, NONE, "a header without a line" },
{ B("\r\n"), 0, NULL, NONE, "a header without a line" },
{ B("Status: abc\r\n\r\n"), 0, NULL, NONE, "the status is not three digits and a reason" },
{ B("Status: 20\r\n\r\n"), 0, NULL, NONE, "the status is not three digits and a reason" },
{ B("Status: 2000\r\n\r\n"), 0, NULL, NONE, "the status is not three digits and a reason" },
{ B("Status:\r\n\r\n"), 0, NULL, NONE, "the status is not three digits and a reason" },
{ B("HTTP/1.1  200 OK\r\n\r\n"), 0, NULL, NONE, "the status is not three digits and a reason" },
{ B("HTTP/2 200\r\n\r\n"), 0, NULL, NONE, "a header line without a colon" },
{ B("no colon\r\n\r\n"), 0, NULL, NONE, "a header line without a colon" },
{ B("Content-Length: 1x\r\n\r\n"), 0, NULL, NONE, "Content-Length is not a number" },
{ B("Content-Length: -1\r\n\r\n"), 0, NULL, NONE, "Content-Length is not a number" },
{ B("Content-Length: 18446744073709551616\r\n\r\n"), 0, NULL, NONE, "Content-Length is not a number" },
};

START_TEST(parse)
{
	const char *name = blocks[_i].block;
	size_t len = blocks[_i].len;
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
