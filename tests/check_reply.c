/* SPDX-License-Identifier: ISC */
/*
 * reply: what a program prints, and the canonical block made of it.
 */
#include "platform.h"

#include "reply.h"

#include "check_main.h"

/* Letters of a style: h http, x x_accel, r redirect_inside, H head. */
static struct reply_style
style_of(const char *letters)
{
	return (struct reply_style){
		.http = strchr(letters, 'h') != NULL,
		.x_accel = strchr(letters, 'x') != NULL,
		.redirect_inside = strchr(letters, 'r') != NULL,
		.head = strchr(letters, 'H') != NULL,
	};
}

#define TYPE	"Content-Type: text/plain\n"
#define OUT	"Content-Type: text/plain\r\n"
#define OK	"Status: 200 OK\r\n"
#define NOSNIFF	"X-Content-Type-Options: nosniff\r\n"
#define BYTES(literal)	literal, sizeof literal - 1

static const struct {
	const char	*name;
	const char	*style;
	const char	*block;
	size_t		 len;
	const char	*head;		/* NULL: refused */
	int		 status;
	const char	*notes;		/* n no_body, l has_length, c chunked */
	uint64_t	 length;
} good[] = {
{ "document", "", BYTES(TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "document, CRLF", "", BYTES("Content-Type: text/plain\r\n\r\n"), OK OUT "\r\n", 200, "", 0 },
{ "document, mixed", "", BYTES("Content-Type: text/plain\r\nX: y\n\r\n"), OK OUT "X: y\r\n\r\n", 200, "", 0 },
{ "names in any case", "", BYTES("CONTENT-type: text/plain\nSTATUS: 404 No\n\n"), "Status: 404 No\r\n" OUT "\r\n", 404, "", 0 },
{ "no space behind the colon", "", BYTES("Content-Type:text/plain\n\n"), OK OUT "\r\n", 200, "", 0 },
{ "spaces around", "", BYTES("Content-Type: \t text/plain \t\n\n"), OK OUT "\r\n", 200, "", 0 },
{ "status with reason", "", BYTES("Status: 404 Nowhere\n" TYPE "\n"), "Status: 404 Nowhere\r\n" OUT "\r\n", 404, "", 0 },
{ "status without reason", "", BYTES("Status: 404\n" TYPE "\n"), "Status: 404 Not Found\r\n" OUT "\r\n", 404, "", 0 },
{ "status alone", "", BYTES("Status: 201 Made\n\n"), "Status: 201 Made\r\n" NOSNIFF "\r\n", 201, "", 0 },
{ "status of nobody", "", BYTES("Status: 599\n\n"), "Status: 599 Unknown\r\n" NOSNIFF "\r\n", 599, "", 0 },
{ "least status", "", BYTES("Status: 200\n\n"), OK NOSNIFF "\r\n", 200, "", 0 },
{ "other fields", "", BYTES("X-A: 1\n" TYPE "Set-Cookie: a\nSet-Cookie: b\n\n"), OK OUT "X-A: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n", 200, "", 0 },
{ "empty CGI fields are as not sent", "", BYTES("Status:\nLocation:\nContent-Length:\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "tab in a value", "", BYTES(TYPE "X: a\tb\n\n"), OK OUT "X: a\tb\r\n\r\n", 200, "", 0 },
{ "colon in a value", "", BYTES(TYPE "X: a:b: c\n\n"), OK OUT "X: a:b: c\r\n\r\n", 200, "", 0 },
{ "bytes above 127 in a value", "", BYTES(TYPE "X: \xff\xc3\xa4\n\n"), OK OUT "X: \xff\xc3\xa4\r\n\r\n", 200, "", 0 },
{ "odd token", "", BYTES(TYPE "!#$%&'*+-.^_`|~9z: 1\n\n"), OK OUT "!#$%&'*+-.^_`|~9z: 1\r\n\r\n", 200, "", 0 },
{ "about the connection", "", BYTES("Connection: close\nKeep-Alive: 1\nTE: x\nTrailer: x\nUpgrade: h2c\nProxy-Authenticate: x\nProxy-Authorization: x\nProxy-Connection: x\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "in any case, too", "", BYTES("proxy-CONNECTION: x\nx-cgi-a: b\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "for the server alone", "", BYTES("X-CGI-Foo: bar\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "accelerators", "", BYTES("X-Accel-Redirect: /secret\nX-Accel-Buffering: no\nX-Sendfile: /etc/passwd\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "accelerators in any case", "", BYTES("x-accel-redirect: /secret\nX-ACCEL-Buffering: no\nx-SENDFILE: /etc/passwd\n" TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
{ "accelerators by leave", "x", BYTES("X-Accel-Redirect: /i\nX-Sendfile: /f\n" TYPE "\n"), OK OUT "X-Accel-Redirect: /i\r\nX-Sendfile: /f\r\n\r\n", 200, "", 0 },
{ "length", "", BYTES(TYPE "Content-Length: 12\n\n"), OK OUT "Content-Length: 12\r\n\r\n", 200, "l", 12 },
{ "length zero", "", BYTES(TYPE "Content-Length: 0\n\n"), OK OUT "Content-Length: 0\r\n\r\n", 200, "l", 0 },
{ "length twice, the same", "", BYTES(TYPE "Content-Length: 5\nContent-Length: 5\n\n"), OK OUT "Content-Length: 5\r\n\r\n", 200, "l", 5 },
{ "largest length", "", BYTES(TYPE "Content-Length: 999999999999999999\n\n"), OK OUT "Content-Length: 999999999999999999\r\n\r\n", 200, "l", UINT64_C(999999999999999999) },
{ "HEAD", "H", BYTES(TYPE "Content-Length: 12\n\n"), OK OUT "Content-Length: 12\r\n\r\n", 200, "n", 0 },
{ "no content", "", BYTES("Status: 204\nContent-Length: 3\n\n"), "Status: 204 No Content\r\n\r\n", 204, "n", 0 },
{ "not modified", "", BYTES("Status: 304\nETag: \"x\"\n\n"), "Status: 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 304, "n", 0 },
{ "reset content", "", BYTES("Status: 205\nContent-Length: 3\n\n"), "Status: 205 Reset Content\r\n\r\n", 205, "n", 0 },
{ "not modified, with the length of a 200", "", BYTES("Status: 304\nContent-Length: 3\n\n"), "Status: 304 Not Modified\r\nContent-Length: 3\r\n\r\n", 304, "n", 0 },
{ "no type, HEAD", "H", BYTES("Status: 200\n\n"), OK NOSNIFF "\r\n", 200, "n", 0 },
{ "no type, options of its own", "", BYTES("Status: 200\nX-content-type-options: x\n\n"), OK "X-content-type-options: x\r\n\r\n", 200, "", 0 },
{ "chunked", "", BYTES(TYPE "Transfer-Encoding: chunked\n\n"), OK OUT "\r\n", 200, "c", 0 },
{ "chunked, in any case", "", BYTES(TYPE "transfer-ENCODING:\tCHUNKED \n\n"), OK OUT "\r\n", 200, "c", 0 },
{ "chunked and a length", "", BYTES(TYPE "Content-Length: 3\nTransfer-Encoding: chunked\n\n"), OK OUT "\r\n", 200, "c", 0 },
{ "no coding", "", BYTES(TYPE "Transfer-Encoding:\nContent-Length: 3\n\n"), OK OUT "Content-Length: 3\r\n\r\n", 200, "l", 3 },
/* RFC 3875 6.2.2 to 6.2.4 */
{ "client redirect", "r", BYTES("Location: http://example.org/\n\n"), "Status: 302 Found\r\nLocation: http://example.org/\r\n\r\n", 302, "", 0 },
{ "client redirect with document", "r", BYTES("Location: http://example.org/\nStatus: 301 Gone there\n" TYPE "\n"), "Status: 301 Gone there\r\n" OUT "Location: http://example.org/\r\n\r\n", 301, "", 0 },
{ "redirect to another host without scheme", "r", BYTES("Location: //example.org/a\n\n"), "Status: 302 Found\r\nLocation: //example.org/a\r\n\r\n", 302, "", 0 },
{ "local redirect inside", "r", BYTES("Location: /a?b=c\n\n"), OK "X-Accel-Redirect: /a?b=c\r\n\r\n", 200, "n", 0 },
{ "local redirect inside, more fields", "r", BYTES("Location: /a\n" TYPE "Content-Length: 3\nSet-Cookie: x\n\n"), OK "X-Accel-Redirect: /a\r\nSet-Cookie: x\r\n\r\n", 200, "n", 0 },
{ "local redirect to the client", "", BYTES("Location: /a\n\n"), "Status: 302 Found\r\nLocation: /a\r\n\r\n", 302, "", 0 },
{ "local redirect over HTTP", "hr", BYTES("Location: /a\n\n"), "HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n", 302, "", 0 },
{ "path with a status is for the client", "r", BYTES("Location: /a\nStatus: 303\n\n"), "Status: 303 See Other\r\nLocation: /a\r\n\r\n", 303, "", 0 },
/* as HTTP */
{ "over HTTP", "h", BYTES("Status: 418 Teapot\n" TYPE "\n"), "HTTP/1.1 418 Teapot\r\n" OUT "\r\n", 418, "", 0 },
/* once each, RFC 3875 6.3 */
{ "status twice, the same", "", BYTES("Status: 404 No\nStatus: 404 No\n\n"), "Status: 404 No\r\n" NOSNIFF "\r\n", 404, "", 0 },
{ "type twice, the same", "", BYTES(TYPE TYPE "\n"), OK OUT "\r\n", 200, "", 0 },
};

START_TEST(canonical)
{
	const char *name = good[_i].name;
	char *block = malloc(good[_i].len);
	struct reply_style style = style_of(good[_i].style);
	struct reply out;
	size_t at;

	memcpy(block, good[_i].block, good[_i].len);
	CHECK_TEXT(name, cause_phrase(reply_make(block, good[_i].len, &style,
	    &out, &at)),
	    NULL);
	free(block);
	ck_assert_msg(out.head_len == strlen(good[_i].head) &&
	    memcmp(out.head, good[_i].head, out.head_len) == 0,
	    "%s: made\n%.*s", name, (int)out.head_len, out.head);
	CHECK_INT(name, out.status, good[_i].status);
	CHECK_INT(name, out.no_body, strchr(good[_i].notes, 'n') != NULL);
	CHECK_INT(name, out.has_length, strchr(good[_i].notes, 'l') != NULL);
	CHECK_INT(name, out.chunked, strchr(good[_i].notes, 'c') != NULL);
	if (out.has_length)
		CHECK_INT(name, out.length, good[_i].length);
	free(out.head);
}
END_TEST

#define NONE	"header has none of Content-Type, Location, Status"
#define DIGITS	"Status is not a number of three digits"
#define RANGE	"Status is not from 200 to 599"
#define LENGTH	"Content-Length is not a number"
#define NAME	"bad field name in the header"
#define TWICE	"a CGI field twice, with different values"
#define CODING	"a Transfer-Encoding that is not just chunked"
#define CONTROL	"control character in a field value"

static const struct {
	const char	*name;
	const char	*block;
	size_t		 len;
	const char	*why;
	const char	*line;		/* the offending one begins so */
} bad[] = {
{ "empty header", BYTES("\n"), NONE, "\n" },
{ "empty header, CRLF", BYTES("\r\n"), NONE, "\r\n" },
{ "none of the three", BYTES("X: y\n\n"), NONE, "X" },
{ "none of the three but empty", BYTES("Content-Type:\nX: y\n\n"), NONE, "Content" },
{ "status in letters", BYTES(TYPE "Status: OK\n\n"), DIGITS, "Status" },
{ "status of two digits", BYTES("Status: 20\n\n"), DIGITS, "Status" },
{ "status of four digits", BYTES("Status: 2000\n\n"), DIGITS, "Status" },
{ "status and reason in one", BYTES("Status: 200OK\n\n"), DIGITS, "Status" },
{ "negative status", BYTES("Status: -20\n\n"), DIGITS, "Status" },
{ "status 100", BYTES("Status: 100 Continue\n\n"), RANGE, "Status" },
{ "status 199", BYTES("Status: 199\n\n"), RANGE, "Status" },
{ "status 600", BYTES("Status: 600\n\n"), RANGE, "Status" },
{ "status 000", BYTES("Status: 000\n\n"), RANGE, "Status" },
{ "length in letters", BYTES(TYPE "Content-Length: x\n\n"), LENGTH, "Content-Length" },
{ "negative length", BYTES(TYPE "Content-Length: -1\n\n"), LENGTH, "Content-Length" },
{ "length with more", BYTES(TYPE "Content-Length: 1, 1\n\n"), LENGTH, "Content-Length" },
{ "length of 2^64", BYTES(TYPE "Content-Length: 18446744073709551616\n\n"), LENGTH, "Content-Length" },
{ "two lengths", BYTES(TYPE "Content-Length: 1\nContent-length: 2\n\n"), "two different Content-Lengths", "Content-length" },
{ "another coding", BYTES(TYPE "Transfer-Encoding: gzip\n\n"), CODING, "Transfer" },
{ "two codings", BYTES(TYPE "Transfer-Encoding: gzip, chunked\n\n"), CODING, "Transfer" },
{ "chunked twice", BYTES(TYPE "TE: x\nTransfer-Encoding: chunked\ntransfer-Encoding: chunked\n\n"), CODING, "transfer" },
{ "coding with a parameter", BYTES(TYPE "Transfer-Encoding: chunked;a\n\n"), CODING, "Transfer" },
{ "word that begins so", BYTES(TYPE "Transfer-Encoding: chunkedx\n\n"), CODING, "Transfer" },
{ "chunked, and a bad length", BYTES(TYPE "Transfer-Encoding: chunked\nContent-Length: x\n\n"), LENGTH, "Content-Length" },
{ "continuation by a space", BYTES(TYPE " more\n\n"), "continuation line in the header", " more" },
{ "continuation by a tab", BYTES(TYPE "\tmore\n\n"), "continuation line in the header", "\tmore" },
{ "continuation first", BYTES(" " TYPE "\n"), "continuation line in the header", " Content" },
{ "no colon", BYTES(TYPE "Hello\n\n"), "header line without a colon", "Hello" },
{ "bare CR", BYTES(TYPE "\r\r\nX: y\n\n"), "header line without a colon", "\r\r" },
{ "no name", BYTES(TYPE ": x\n\n"), NAME, ": x" },
{ "space before the colon", BYTES(TYPE "X : y\n\n"), NAME, "X :" },
{ "space in a name", BYTES(TYPE "Bad Name: y\n\n"), NAME, "Bad" },
{ "control character in a name", BYTES(TYPE "X\x01: y\n\n"), NAME, "X\x01" },
{ "NUL in a name", BYTES(TYPE "X\0: y\n\n"), NAME, "X" },
{ "delete in a name", BYTES(TYPE "X\x7f: y\n\n"), NAME, "X\x7f" },
{ "byte above 127 in a name", BYTES(TYPE "X\xe4: y\n\n"), NAME, "X\xe4" },
{ "bracket in a name", BYTES(TYPE "X[1]: y\n\n"), NAME, "X[" },
{ "slash in a name", BYTES(TYPE "X/Y: y\n\n"), NAME, "X/" },
{ "NUL in a value", BYTES(TYPE "X: a\0b\n\n"), CONTROL, "X: a" },
{ "bare CR in a value", BYTES(TYPE "X: a\rSet-Cookie: b\n\n"), CONTROL, "X: a\rS" },
{ "escape in a value", BYTES(TYPE "X: \x1b[1m\n\n"), CONTROL, "X" },
{ "delete in a value", BYTES(TYPE "X: \x7f\n\n"), CONTROL, "X" },
{ "CR in the type", BYTES("Content-Type: a\rb\n\n"), CONTROL, "Content-Type" },
{ "status line", BYTES("HTTP/1.1 200 OK\n" TYPE "\n"), "header line without a colon", "HTTP/1.1" },
{ "status line not first", BYTES(TYPE "HTTP/1.1 200 OK\n\n"), "header line without a colon", "HTTP/1.1" },
{ "two statuses", BYTES("Status: 200\nStatus: 404\n\n"), TWICE, "Status: 404" },
{ "two types", BYTES(TYPE "content-type: text/html\n\n"), TWICE, "content-type" },
{ "two locations", BYTES("Location: /a\nLocation: /b\n\n"), TWICE, "Location: /b" },
};

START_TEST(refused)
{
	const char *name = bad[_i].name;
	char *block = malloc(bad[_i].len);
	struct reply_style style = style_of("");
	struct reply out;
	size_t at = 12345;

	memcpy(block, bad[_i].block, bad[_i].len);
	CHECK_TEXT(name, cause_phrase(reply_make(block, bad[_i].len, &style,
	    &out, &at)),
	    bad[_i].why);
	ck_assert_msg(at + strlen(bad[_i].line) <= bad[_i].len &&
	    memcmp(block + at, bad[_i].line, strlen(bad[_i].line)) == 0 &&
	    (at == 0 || block[at - 1] == '\n'), "%s: offset %zu", name, at);
	free(block);
}
END_TEST

/* Where the header ends; 0: not yet. */
static const struct {
	const char	*name;
	const char	*bytes;
	size_t		 end;
} ends[] = {
	{ "LF", "A: b\n\nbody\n\n", 6 },
	{ "CRLF", "A: b\r\n\r\nbody\r\n\r\n", 8 },
	{ "LF, then CRLF", "A: b\n\r\nbody", 7 },
	{ "CRLF, then LF", "A: b\r\n\nbody", 7 },
	{ "two lines", "A: b\nC: d\n\n", 11 },
	{ "empty line first", "\nbody", 1 },
	{ "empty line first, CRLF", "\r\nbody", 2 },
	{ "nothing", "", 0 },
	{ "a line", "A: b\n", 0 },
	{ "no line", "A: b", 0 },
	{ "CR alone", "A: b\r\r", 0 },
	{ "two CRs", "A: b\n\r\r\nx", 0 },
	{ "space in the line", "A: b\n \nx", 0 },
	{ "LF to come", "A: b\n\r", 0 },
};

/* The first `cut` bytes, then steps; each time from an exact copy. */
static size_t
find_end(const char *bytes, size_t cut, size_t step)
{
	size_t seen = 0, end, n, len = strlen(bytes);
	char *copy;

	for (n = cut; ; n = n + step < len ? n + step : len) {
		copy = malloc(n + 1);
		memcpy(copy, bytes, n);
		copy = realloc(copy, n > 0 ? n : 1);
		end = reply_find_end(copy, n, &seen);
		free(copy);
		if (end != 0 || n >= len)
			return end;
	}
}

START_TEST(end)
{
	size_t cut, len = strlen(ends[_i].bytes);

	for (cut = 0; cut <= len; cut++)
		CHECK_INT(ends[_i].name, find_end(ends[_i].bytes, cut,
		    len + 1), ends[_i].end);
	CHECK_INT(ends[_i].name, find_end(ends[_i].bytes, 0, 1), ends[_i].end);
}
END_TEST

static const struct {
	const char	*name;
	int		 status;
	const char	*why, *fields, *style, *text;
} documents[] = {
	{ "plain", 404, "no such script", "", "", "Status: 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 30\r\nX-Content-Type-Options: nosniff\r\n\r\n404 Not Found\n\nno such script\n" },
	{ "fields", 503, "x", "Retry-After: 1\r\n", "", "Status: 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 27\r\nX-Content-Type-Options: nosniff\r\nRetry-After: 1\r\n\r\n503 Service Unavailable\n\nx\n" },
	{ "over HTTP", 400, "y", "", "h", "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\nX-Content-Type-Options: nosniff\r\n\r\n400 Bad Request\n\ny\n" },
	{ "brief", 404, NULL, "", "", "Status: 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 14\r\nX-Content-Type-Options: nosniff\r\n\r\n404 Not Found\n" },
	{ "for HEAD", 400, "y", "", "H", "Status: 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\nX-Content-Type-Options: nosniff\r\n\r\n" },
};

START_TEST(document)
{
	struct reply_style style = style_of(documents[_i].style);
	size_t len = 0;
	char *text = reply_document(documents[_i].status, documents[_i].why,
	    documents[_i].fields, &style, &len);

	CHECK_INT(documents[_i].name, len, strlen(documents[_i].text));
	text[len] = '\0';
	CHECK_TEXT(documents[_i].name, text, documents[_i].text);
	free(text);
}
END_TEST

static const struct {
	int		 status;
	const char	*reason;
} reasons[] = {
	{ 200, "OK" }, { 302, "Found" }, { 403, "Forbidden" },
	{ 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 413, "Content Too Large" }, { 502, "Bad Gateway" },
	{ 431, "Request Header Fields Too Large" },
	{ 504, "Gateway Timeout" }, { 299, "Unknown" }, { 0, "Unknown" },
	{ -1, "Unknown" },
};

START_TEST(reason)
{
	CHECK_TEXT(reasons[_i].reason, reply_reason(reasons[_i].status),
	    reasons[_i].reason);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("reply");

	CHECK_ROWS(suite, canonical, good);
	CHECK_ROWS(suite, refused, bad);
	CHECK_ROWS(suite, end, ends);
	CHECK_ROWS(suite, document, documents);
	CHECK_ROWS(suite, reason, reasons);
	return check_run(suite);
}
