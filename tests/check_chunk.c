/* SPDX-License-Identifier: ISC */
/*
 * chunk: bodies go in whole, byte by byte, and in two pieces cut at every
 * position; what comes out is the same each time.
 */
#include "platform.h"

#include "chunk.h"

#include "check_main.h"

#define BYTES(literal)	literal, sizeof literal - 1
#define X16		"xxxxxxxxxxxxxxxx"
#define X256		X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16
#define X4080		X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 X256 \
			X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16 X16

static const struct {
	const char	*name;
	const char	*body;
	size_t		 len;
	const char	*content;
	enum { DONE, MORE, BAD } end;
	int		 at;		/* where the bad line begins; -1: none */
} rows[] = {
{ "one chunk", BYTES("4\r\nbody\r\n0\r\n\r\n"), "body", DONE, -1 },
{ "two chunks", BYTES("4\r\nbody\r\n2\r\nxy\r\n0\r\n\r\n"), "bodyxy", DONE, -1 },
{ "no content", BYTES("0\r\n\r\n"), "", DONE, -1 },
{ "hexadecimal", BYTES("A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"), "01234567890123456789a", DONE, -1 },
{ "two digits", BYTES("10\r\n0123456789abcdef\r\n0\r\n\r\n"), "0123456789abcdef", DONE, -1 },
{ "leading zeros", BYTES("0004\r\nbody\r\n000\r\n\r\n"), "body", DONE, -1 },
{ "framing in the data", BYTES("7\r\n0\r\n\r\n4\r\r\n0\r\n\r\n"), "0\r\n\r\n4\r", DONE, -1 },
{ "extensions", BYTES("4;a=b;c=\"d e\"\r\nbody\r\n0;x\r\n\r\n"), "body", DONE, -1 },
{ "space before an extension", BYTES("4 \t; a = b\r\nbody\r\n0\r\n\r\n"), "body", DONE, -1 },
{ "padded size", BYTES("4   \r\nbody\r\n0 \r\n\r\n"), "body", DONE, -1 },
{ "trailer", BYTES("1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n"), "x", DONE, -1 },
{ "bytes behind the end", BYTES("1\r\nx\r\n0\r\n\r\nmore\r\n4\r\n"), "x", DONE, -1 },
{ "longest size line", BYTES("1;" X4080 "xxxxxxxxxxxx\r\nx\r\n0\r\n\r\n"), "x", DONE, -1 },
{ "longest trailer", BYTES("0\r\n" X4080 "xxxx: xxx\r\nx\r\n\r\n"), "", DONE, -1 },
{ "nothing yet", BYTES(""), "", MORE, -1 },
{ "size only", BYTES("4"), "", MORE, -1 },
{ "size line not ended", BYTES("4\r"), "", MORE, -1 },
{ "size line only", BYTES("4\r\n"), "", MORE, -1 },
{ "in the data", BYTES("4\r\nbod"), "bod", MORE, -1 },
{ "behind the data", BYTES("4\r\nbody"), "body", MORE, -1 },
{ "between the chunks", BYTES("4\r\nbody\r\n"), "body", MORE, -1 },
{ "last chunk only", BYTES("0\r\n"), "", MORE, -1 },
{ "trailer not ended", BYTES("0\r\nA: b\r\n"), "", MORE, -1 },
{ "last LF to come", BYTES("0\r\n\r"), "", MORE, -1 },
{ "a size that will never come", BYTES("7fffffffffffffff\r\nx"), "x", MORE, -1 },
{ "not chunked at all", BYTES("<html>"), "", BAD, 0 },
{ "line end first", BYTES("\r\n4\r\nbody"), "", BAD, 0 },
{ "no size, extension", BYTES(";x\r\n"), "", BAD, 0 },
{ "space first", BYTES(" 4\r\nbody"), "", BAD, 0 },
{ "negative", BYTES("-1\r\nx"), "", BAD, 0 },
{ "with a prefix", BYTES("0x4\r\nbody"), "", BAD, 0 },
{ "letter behind the size", BYTES("4g\r\nbody"), "", BAD, 0 },
{ "NUL behind the size", BYTES("4\0\r\nbody"), "", BAD, 0 },
{ "two sizes", BYTES("4 4\r\nbody"), "", BAD, 0 },
{ "size of 2^63", BYTES("8000000000000000\r\nx"), "", BAD, 0 },
{ "size of 2^64", BYTES("10000000000000004\r\nx"), "", BAD, 0 },
{ "LF alone behind the size", BYTES("4\nbody\n"), "", BAD, 0 },
{ "CR alone behind the size", BYTES("4\rbody"), "", BAD, 0 },
{ "LF alone in an extension", BYTES("4;a\nbody"), "", BAD, 0 },
{ "CR alone in an extension", BYTES("4;a\rb\r\nbody"), "", BAD, 0 },
{ "data too long", BYTES("4\r\nbodies\r\n"), "bodi", BAD, 7 },
{ "data too short", BYTES("4\r\nbod\r\n0\r\n\r\n"), "bod\r", BAD, 7 },
{ "LF alone behind the data", BYTES("4\r\nbody\n0"), "body", BAD, 7 },
{ "CR alone behind the data", BYTES("4\r\nbody\r0"), "body", BAD, 7 },
{ "second size is bad", BYTES("1\r\nx\r\nz\r\n"), "x", BAD, 6 },
{ "LF alone in the trailer", BYTES("0\r\nA: b\n\r\n"), "", BAD, 3 },
{ "LF alone for a trailer", BYTES("0\r\n\n"), "", BAD, 3 },
{ "CR alone in the trailer", BYTES("0\r\nA: b\rC"), "", BAD, 3 },
{ "CR alone for a trailer", BYTES("0\r\n\rX"), "", BAD, 3 },
{ "size line too long", BYTES("1;" X4080 "xxxxxxxxxxxxx\r\nx"), "", BAD, 0 },
{ "zeros without end", BYTES("0;" X4080 X16), "", BAD, 0 },
{ "trailer too long", BYTES("0\r\n" X256 "\r\n" X4080 "\r\n\r\n"), "", BAD, 3 },
};

/* Push `len` bytes from an allocation of their own; what comes out is added. */
static enum cause
push(struct chunk *chunk, const char *bytes, size_t len, char *out, size_t *at)
{
	char *piece = malloc(len > 0 ? len : 1);
	size_t n = len;
	enum cause cause;

	memcpy(piece, bytes, len);
	cause = chunk_push(chunk, piece, &n, at);
	ck_assert(n <= len);
	memcpy(out + strlen(out), piece, n);
	free(piece);
	return cause;
}

/* A first piece of `cut` bytes, then pieces of `step`. */
static void
look_at(int row, size_t cut, size_t step)
{
	const char *name = rows[row].name;
	char *out = calloc(1, rows[row].len + 1);
	struct chunk chunk = { .state = CHUNK_SIZE };
	enum cause cause = CAUSE_NONE;
	size_t from = 0, n = cut, at = 0;

	for (;;) {
		if (n > rows[row].len - from)
			n = rows[row].len - from;
		cause = push(&chunk, rows[row].body + from, n, out, &at);
		if (cause != CAUSE_NONE || from + n == rows[row].len)
			break;
		from += n;
		n = step;
	}
	CHECK_INT(name, cause, rows[row].end == BAD ? CAUSE_BAD_CHUNK : CAUSE_NONE);
	if (rows[row].end == BAD)
		CHECK_INT(name, from + at, (int)from > rows[row].at ?
		    (int)from : rows[row].at);
	CHECK_TEXT(name, out, rows[row].content);
	CHECK_INT(name, chunk_is_done(&chunk), rows[row].end == DONE);
	free(out);
}

START_TEST(whole)
{
	look_at(_i, rows[_i].len, 1);
}
END_TEST

START_TEST(bytewise)
{
	look_at(_i, 1, 1);
}
END_TEST

START_TEST(split)
{
	size_t cut;

	for (cut = 0; cut <= rows[_i].len; cut++)
		look_at(_i, cut, rows[_i].len);
}
END_TEST

/* A megabyte in chunks of all sizes, in pieces that never fit. */
START_TEST(long_body)
{
	size_t size = 1 << 20, made = 0, from = 0, n, at, len = 0, room;
	char *body = malloc(3 * size), *content = malloc(size);
	struct chunk chunk = { .state = CHUNK_SIZE };

	for (n = 1; made < size; n = n * 7 % 4099) {
		room = n < size - made ? n : size - made;
		len += (size_t)sprintf(body + len, "%zx\r\n", room);
		for (at = 0; at < room; at++, made++)
			body[len++] = content[made] = (char)(made * 31 >> 3);
		len += (size_t)sprintf(body + len, "\r\n");
	}
	len += (size_t)sprintf(body + len, "0\r\n\r\n");
	for (made = 0; from < len; from += room) {
		room = len - from < 1021 ? len - from : 1021;
		n = room;
		CHECK_INT("long", chunk_push(&chunk, body + from, &n, &at), CAUSE_NONE);
		ck_assert(memcmp(content + made, body + from, n) == 0);
		made += n;
	}
	CHECK_INT("long", made, size);
	CHECK_TRUE("long", chunk_is_done(&chunk));
	free(content);
	free(body);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("chunk");

	CHECK_ROWS(suite, whole, rows);
	CHECK_ROWS(suite, bytewise, rows);
	CHECK_ROWS(suite, split, rows);
	CHECK_LOOP(suite, long_body, 1);
	return check_run(suite);
}
