/* SPDX-License-Identifier: ISC */
/*
 * scgi: every request head is fed whole, byte by byte, and in two pieces cut
 * at every position; whatever the pieces, the outcome is the same.
 */
#include "platform.h"

#include "scgi.h"

#include "check_main.h"

#define MIN	"CONTENT_LENGTH\0" "0\0" "SCGI\0" "1\0"
#define LONG16	"aaaaaaaaaaaaaaaa"

/* Bytes with NULs in them. */
#define BYTES(literal)	literal, sizeof literal - 1

/* What stands before the block, or in the place of it. */
static const struct {
	const char	*name;
	const char	*wire;
	size_t		 len, max_header;
	enum scgi_result result;
	int		 status;
	const char	*why;
} frames[] = {
{ "nothing yet", BYTES(""), 1024, SCGI_MORE, 0, NULL },
{ "length not ended", BYTES("24"), 1024, SCGI_MORE, 0, NULL },
{ "block not ended", BYTES("24:CONTENT_LENGTH\0" "0\0"), 1024, SCGI_MORE, 0, NULL },
{ "comma to come", BYTES("24:" MIN), 1024, SCGI_MORE, 0, NULL },
{ "complete", BYTES("24:" MIN ","), 1024, SCGI_DONE, 0, NULL },
{ "complete, body follows", BYTES("24:" MIN ",body"), 1024, SCGI_DONE, 0, NULL },
{ "as large as allowed", BYTES("24:" MIN ","), 24, SCGI_DONE, 0, NULL },
{ "larger than allowed", BYTES("24:" MIN ","), 23, SCGI_BAD, 431, "header block larger than max-header" },
{ "larger by a digit", BYTES("1025:"), 1024, SCGI_BAD, 431, "header block larger than max-header" },
{ "length of 2^64", BYTES("18446744073709551616:"), 1024, SCGI_BAD, 431, "header block larger than max-header" },
{ "length of 2^64 + 24", BYTES("18446744073709551640:" MIN ","), 1024, SCGI_BAD, 431, "header block larger than max-header" },
{ "endless length", BYTES("99999999999999999999999999999999"), 1024, SCGI_BAD, 431, "header block larger than max-header" },
{ "leading zero", BYTES("024:" MIN ","), 1024, SCGI_BAD, 400, "netstring length begins with a zero" },
{ "two zeros", BYTES("00:,"), 1024, SCGI_BAD, 400, "netstring length begins with a zero" },
{ "no length", BYTES(":,"), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "negative length", BYTES("-24:" MIN ","), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "signed length", BYTES("+24:" MIN ","), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "space before", BYTES(" 24:" MIN ","), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "space behind", BYTES("24 :" MIN ","), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "hexadecimal", BYTES("0x18:" MIN ","), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "HTTP", BYTES("GET / HTTP/1.0\r\n\r\n"), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "FastCGI", BYTES("\1\1\0\1\0\10\0\0"), 1024, SCGI_BAD, 400, "not SCGI: no netstring length at the start" },
{ "empty block", BYTES("0:,"), 1024, SCGI_BAD, 400, "header block does not end with NUL" },
{ "empty block, no comma", BYTES("0:;"), 1024, SCGI_BAD, 400, "no comma after the header block" },
{ "no comma", BYTES("24:" MIN ";"), 1024, SCGI_BAD, 400, "no comma after the header block" },
{ "NUL for a comma", BYTES("24:" MIN "\0"), 1024, SCGI_BAD, 400, "no comma after the header block" },
{ "length too small", BYTES("23:" MIN ","), 1024, SCGI_BAD, 400, "no comma after the header block" },
};

/* What stands in the block; max-field is 40. `params` names all that counts. */
static const struct {
	const char	*name;
	const char	*block;
	size_t		 len;
	int		 status;
	const char	*why;		/* NULL: good */
	uint64_t	 content_length;
	const char	*params;	/* "NAME=value|NAME=value" */
} blocks[] = {
{ "least", BYTES(MIN), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1" },
{ "SCGI first", BYTES("SCGI\0" "1\0" "CONTENT_LENGTH\0" "12\0"), 0, NULL, 12, "CONTENT_LENGTH=12|SCGI=1" },
{ "SCGI last", BYTES("CONTENT_LENGTH\0" "7\0" "A\0" "b\0" "SCGI\0" "1\0"), 0, NULL, 7, "CONTENT_LENGTH=7|A=b|SCGI=1" },
{ "empty value", BYTES(MIN "CONTENT_TYPE\0" "\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|CONTENT_TYPE=" },
{ "empty values in a row", BYTES(MIN "A\0" "\0" "B\0" "\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|A=|B=" },
{ "value with =", BYTES(MIN "QUERY_STRING\0" "a=b\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|QUERY_STRING=a=b" },
{ "bytes above 127", BYTES(MIN "HTTP_X\0" "\xff\xc3\xa4\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_X=\xff\xc3\xa4" },
{ "lower case", BYTES("content_length\0" "3\0" "scgi\0" "1\0"), 0, NULL, 3, "CONTENT_LENGTH=3|SCGI=1" },
{ "hyphens", BYTES(MIN "Http-X-Forwarded-For\0" "a\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_X_FORWARDED_FOR=a" },
{ "value is not folded", BYTES(MIN "A\0" "b-c\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|A=b-c" },
{ "field twice", BYTES(MIN "HTTP_X\0" "a\0" "HTTP_X\0" "b\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_X=a, b" },
{ "field thrice, mixed", BYTES(MIN "HTTP_X\0" "a\0" "HTTP_Y\0" "1\0" "HTTP_X\0" "b\0" "HTTP_Y\0" "2\0" "HTTP_X\0" "c\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_X=a, b, c|HTTP_Y=1, 2" },
{ "field twice, two spellings", BYTES(MIN "HTTP_X_Y\0" "a\0" "http-x-y\0" "b\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_X_Y=a, b" },
{ "cookie twice", BYTES(MIN "HTTP_COOKIE\0" "a=1\0" "HTTP_COOKIE\0" "b=2\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|HTTP_COOKIE=a=1; b=2" },
{ "other name twice: last wins", BYTES(MIN "A\0" "1\0" "B\0" "x\0" "A\0" "2\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|A=2|B=x" },
{ "other name thrice: last wins", BYTES(MIN "A\0" "1\0" "A\0" "2\0" "a\0" "3\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|A=3" },
{ "largest length", BYTES("CONTENT_LENGTH\0" "9223372036854775807\0" "SCGI\0" "1\0"), 0, NULL, INT64_MAX, "CONTENT_LENGTH=9223372036854775807|SCGI=1" },
{ "name as long as allowed", BYTES(MIN LONG16 LONG16 "aaaaaaaa\0" "\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
{ "value as long as allowed", BYTES(MIN "A\0" LONG16 LONG16 "aaaaaaaa\0"), 0, NULL, 0, "CONTENT_LENGTH=0|SCGI=1|A=" LONG16 LONG16 "aaaaaaaa" },
{ "name too long", BYTES(MIN LONG16 LONG16 "aaaaaaaaa\0" "\0"), 431, "a parameter is larger than max-field", 0, NULL },
{ "value too long", BYTES(MIN "A\0" LONG16 LONG16 "aaaaaaaaa\0"), 431, "a parameter is larger than max-field", 0, NULL },
{ "no NUL at the end", BYTES(MIN "A\0" "b"), 400, "header block does not end with NUL", 0, NULL },
{ "only text", BYTES("text"), 400, "header block does not end with NUL", 0, NULL },
{ "name without value", BYTES(MIN "A\0"), 400, "name without a value in the header block", 0, NULL },
{ "empty name", BYTES(MIN "\0" "b\0"), 400, "empty name in the header block", 0, NULL },
{ "empty name first", BYTES("\0" "b\0" MIN), 400, "empty name in the header block", 0, NULL },
{ "only NULs", BYTES("\0\0\0"), 400, "empty name in the header block", 0, NULL },
{ "length twice", BYTES(MIN "CONTENT_LENGTH\0" "0\0"), 400, "CONTENT_LENGTH twice", 0, NULL },
{ "length twice, two spellings", BYTES(MIN "content-length\0" "5\0"), 400, "CONTENT_LENGTH twice", 0, NULL },
{ "SCGI twice", BYTES(MIN "SCGI\0" "1\0"), 400, "SCGI twice", 0, NULL },
{ "no SCGI", BYTES("CONTENT_LENGTH\0" "0\0"), 400, "no SCGI parameter with the value 1", 0, NULL },
{ "SCGI is 2", BYTES("CONTENT_LENGTH\0" "0\0" "SCGI\0" "2\0"), 400, "no SCGI parameter with the value 1", 0, NULL },
{ "SCGI is 11", BYTES("CONTENT_LENGTH\0" "0\0" "SCGI\0" "11\0"), 400, "no SCGI parameter with the value 1", 0, NULL },
{ "SCGI is empty", BYTES("CONTENT_LENGTH\0" "0\0" "SCGI\0" "\0"), 400, "no SCGI parameter with the value 1", 0, NULL },
{ "no length", BYTES("SCGI\0" "1\0"), 400, "no CONTENT_LENGTH", 0, NULL },
{ "empty length", BYTES("CONTENT_LENGTH\0" "\0" "SCGI\0" "1\0"), 400, "no CONTENT_LENGTH", 0, NULL },
{ "length with text", BYTES("CONTENT_LENGTH\0" "1x\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is not a number", 0, NULL },
{ "negative length", BYTES("CONTENT_LENGTH\0" "-1\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is not a number", 0, NULL },
{ "signed length", BYTES("CONTENT_LENGTH\0" "+1\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is not a number", 0, NULL },
{ "length behind a space", BYTES("CONTENT_LENGTH\0" " 1\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is not a number", 0, NULL },
{ "length 2^63", BYTES("CONTENT_LENGTH\0" "9223372036854775808\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is too large", 0, NULL },
{ "length 2^64", BYTES("CONTENT_LENGTH\0" "18446744073709551616\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is too large", 0, NULL },
{ "length 2^64 * 10 + 1", BYTES("CONTENT_LENGTH\0" "184467440737095516161\0" "SCGI\0" "1\0"), 400, "CONTENT_LENGTH is too large", 0, NULL },
};

/* Push one piece, of which no byte behind its end may be looked at. */
static enum scgi_result
push(struct scgi *s, const char *bytes, size_t len, size_t *used)
{
	char *copy = malloc(len + (len == 0));
	enum scgi_result result;

	memcpy(copy, bytes, len);
	*used = 0;
	result = scgi_push(s, copy, len, used);
	free(copy);
	return result;
}

/* First `cut` bytes, then pieces of `step`; *used is the sum. */
static enum scgi_result
feed(struct scgi *s, const char *wire, size_t len, size_t cut, size_t step,
    size_t *used)
{
	enum scgi_result result;
	size_t at = 0, n = cut, more;

	*used = 0;
	do {
		if (n > len - at)
			n = len - at;
		result = push(s, wire + at, n, &more);
		*used += more;
		at += n;
		n = step;
	} while (result == SCGI_MORE && at < len);
	return result;
}

/* Every parameter that is expected, and no other; each in its place. */
static void
look_at_params(const char *name, const struct scgi *s, const char *params)
{
	char *copy = strdup(params), *rest = copy, *pair, *value;
	size_t i, n = 0;

	while ((pair = strsep(&rest, "|")) != NULL) {
		value = strchr(pair, '=');
		*value++ = '\0';
		CHECK_TEXT(name, scgi_get(s, pair), value);
		n++;
	}
	free(copy);
	for (i = 0; i < s->n_params; i++) {
		if (s->params[i].name == NULL)
			continue;
		n--;
		CHECK_INT(name, strlen(s->params[i].name),
		    s->params[i].name_len);
		CHECK_TRUE(name, s->params[i].value == s->params[i].name +
		    s->params[i].name_len + 1);
	}
	CHECK_INT(name, n, 0);
	CHECK_TEXT(name, scgi_get(s, "NO_SUCH_NAME"), NULL);
}

static void
look_at_frame(int row, size_t cut, size_t step)
{
	const char *name = frames[row].name;
	struct scgi s;
	size_t used;

	scgi_init(&s, frames[row].max_header, 1024);
	CHECK_INT(name, feed(&s, frames[row].wire, frames[row].len, cut, step,
	    &used), frames[row].result);
	CHECK_INT(name, cause_status(s.cause), frames[row].status);
	CHECK_TEXT(name, cause_phrase(s.cause), frames[row].why);
	if (frames[row].result == SCGI_MORE)
		CHECK_INT(name, used, frames[row].len);
	if (frames[row].result == SCGI_DONE) {
		CHECK_INT(name, used, sizeof "24:" MIN "," - 1);
		look_at_params(name, &s, "CONTENT_LENGTH=0|SCGI=1");
	}
	scgi_free(&s);
	scgi_free(&s);
}

START_TEST(frame)
{
	size_t cut;

	look_at_frame(_i, frames[_i].len, 1);
	for (cut = 0; cut < frames[_i].len; cut++)
		look_at_frame(_i, cut, frames[_i].len);
	look_at_frame(_i, 1, 1);
}
END_TEST

static void
look_at_block(int row, const char *wire, size_t len, size_t cut, size_t step)
{
	const char *name = blocks[row].name;
	struct scgi s;
	size_t used;

	scgi_init(&s, 1024, 40);
	CHECK_INT(name, feed(&s, wire, len, cut, step, &used),
	    blocks[row].why != NULL ? SCGI_BAD : SCGI_DONE);
	CHECK_INT(name, cause_status(s.cause), blocks[row].status);
	CHECK_TEXT(name, cause_phrase(s.cause), blocks[row].why);
	if (blocks[row].why == NULL) {
		CHECK_INT(name, used, len - strlen("body"));
		CHECK_INT(name, s.content_length, blocks[row].content_length);
		look_at_params(name, &s, blocks[row].params);
	}
	scgi_free(&s);
}

START_TEST(block)
{
	char wire[1024];
	size_t cut, len;

	len = (size_t)sprintf(wire, "%zu:", blocks[_i].len);
	memcpy(wire + len, blocks[_i].block, blocks[_i].len);
	len += blocks[_i].len;
	memcpy(wire + len, ",body", 5);
	len += 5;
	for (cut = 0; cut <= len; cut++)
		look_at_block(_i, wire, len, cut, len);
	look_at_block(_i, wire, len, 1, 1);
}
END_TEST

/* What is still to come is known as soon as the length is. */
START_TEST(expects)
{
	static const char wire[] = "24:" MIN ",";
	const size_t len = sizeof wire - 1;
	struct scgi s;
	size_t cut, used;
	char name[32];

	for (cut = 0; cut < len; cut++) {
		(void)sprintf(name, "after %zu bytes", cut);
		scgi_init(&s, 1024, 1024);
		CHECK_INT(name, push(&s, wire, cut, &used), SCGI_MORE);
		CHECK_INT(name, scgi_expects(&s), cut < 3 ? 0 : len - cut);
		scgi_free(&s);
	}
}
END_TEST

static const struct {
	const char	*name;
	int		 params;
	enum scgi_result result;
	const char	*why;
} counts[] = {
	{ "as many as allowed", SCGI_MAX_PARAMS, SCGI_DONE, NULL },
	{ "one too many", SCGI_MAX_PARAMS + 1, SCGI_BAD, "too many parameters" },
};

START_TEST(count)
{
	const size_t size = 64 * 1024;
	char *params = malloc(size), *wire = malloc(size);
	struct scgi s;
	size_t len = sizeof MIN - 1, head, used;
	int i;

	memcpy(params, MIN, len);
	for (i = 2; i < counts[_i].params; i++)
		len += (size_t)sprintf(params + len, "P%d%c%d", i, 0, i) + 1;
	head = (size_t)sprintf(wire, "%zu:", len);
	memcpy(wire + head, params, len);
	wire[head + len] = ',';
	scgi_init(&s, size, 64);
	CHECK_INT(counts[_i].name, push(&s, wire, head + len + 1, &used),
	    counts[_i].result);
	CHECK_TEXT(counts[_i].name, cause_phrase(s.cause), counts[_i].why);
	if (counts[_i].why == NULL)
		CHECK_TEXT(counts[_i].name, scgi_get(&s, "P4095"), "4095");
	else
		CHECK_INT(counts[_i].name, cause_status(s.cause), 431);
	scgi_free(&s);
	free(params);
	free(wire);
}
END_TEST

/* FNV-1a, as attackers know it. */
static unsigned
fnv(const char *name)
{
	unsigned h = 2166136261U;

	while (*name != '\0')
		h = (h ^ (unsigned char)*name++) * 16777619U;
	return h;
}

static const struct {
	const char	*name;
	const char	*before, *after; /* of the names, with a number between */
	int		 names;
	unsigned	 modulo;	/* all of one hash, modulo this */
	enum scgi_result result;
	const char	*why;
} crowds[] = {
	{ "ordinary names", "NAME_", "", 4000, 1, SCGI_DONE, NULL },
	{ "ordinary fields", "HTTP_X_", "_ID", 4000, 1, SCGI_DONE, NULL },
	{ "names as short as can be", "", "", 4000, 1, SCGI_DONE, NULL },
	{ "a few that collide", "N", "", 40, 16384, SCGI_DONE, NULL },
	{ "made to collide", "N", "", 100, 16384, SCGI_BAD, "names that are made to collide" },
	{ "fields made to collide", "HTTP_", "", 100, 16384, SCGI_BAD, "names that are made to collide" },
};

/* As many names as the row wants, found by trying; the length of the block. */
static size_t
crowd_make(char *params, int row)
{
	size_t len = sizeof MIN - 1;
	char name[32];
	int i, n = 0;

	memcpy(params, MIN, len);
	for (i = 0; n < crowds[row].names; i++) {
		(void)snprintf(name, sizeof name, "%s%X%s",
		    crowds[row].before, (unsigned)i, crowds[row].after);
		if (fnv(name) % crowds[row].modulo != 0)
			continue;
		len += (size_t)sprintf(params + len, "%s%c%d", name, 0, i) + 1;
		n++;
	}
	return len;
}

START_TEST(crowd)
{
	const size_t size = 128 * 1024;
	char *params = malloc(size), *wire = malloc(size);
	const char *name = crowds[_i].name;
	size_t len = crowd_make(params, _i), head, used;
	struct scgi s;

	head = (size_t)sprintf(wire, "%zu:", len);
	memcpy(wire + head, params, len);
	wire[head + len] = ',';
	scgi_init(&s, size, 64);
	CHECK_INT(name, push(&s, wire, head + len + 1, &used),
	    crowds[_i].result);
	CHECK_TEXT(name, cause_phrase(s.cause), crowds[_i].why);
	if (crowds[_i].why == NULL)
		CHECK_INT(name, s.n_params, crowds[_i].names + 2);
	else
		CHECK_INT(name, cause_status(s.cause), 400);
	scgi_free(&s);
	free(params);
	free(wire);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("scgi");

	CHECK_ROWS(suite, frame, frames);
	CHECK_ROWS(suite, block, blocks);
	CHECK_LOOP(suite, expects, 1);
	CHECK_ROWS(suite, count, counts);
	CHECK_ROWS(suite, crowd, crowds);
	return check_run(suite);
}
