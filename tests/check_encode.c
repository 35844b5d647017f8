/* SPDX-License-Identifier: ISC */
/*
 * What is encoded must decode to the same, however it is cut; what was encoded
 * from what was decoded must be the same bytes.
 */
#include "platform.h"

#include "encode.h"

#include <stdbool.h>

#include "check_main.h"
#include "scgi.h"

#define LIMIT	4096
#define MOST	24
#define ROUNDS	3000

/* A parameter from two string literals, which may hold NULs. */
#define P(name, value)	{ name, sizeof (name) - 1, value, sizeof (value) - 1 }
#define END		{ NULL, 0, NULL, 0 }

static const struct {
	const char		*name;
	struct encode_param	 params[6];
	uint64_t		 length;
	const char		*head;	/* "|" is NUL; NULL: refused */
	const char		*why;
	size_t			 bad;
} heads[] = {
{ "nothing", { END }, 0, "24:CONTENT_LENGTH|0|SCGI|1|,", NULL, 0 },
{ "one", { P("A", "b"), END }, 7, "28:CONTENT_LENGTH|7|SCGI|1|A|b|,", NULL, 0 },
{ "SCGI where it stands", { P("A", "b"), P("SCGI", "1"), P("C", ""), END }, 12,
    "32:CONTENT_LENGTH|12|A|b|SCGI|1|C||,", NULL, 0 },
{ "the order is kept", { P("Z", "1"), P("A", "2"), P("M", "3"), END }, 0,
    "36:CONTENT_LENGTH|0|SCGI|1|Z|1|A|2|M|3|,", NULL, 0 },
{ "empty value", { P("A", ""), END }, 0, "27:CONTENT_LENGTH|0|SCGI|1|A||,", NULL, 0 },
{ "any bytes in a value", { P("A", "=:,\n\xff"), END }, 0,
    "32:CONTENT_LENGTH|0|SCGI|1|A|=:,\n\xff|,", NULL, 0 },
{ "a prefix of SCGI", { P("SCG", "2"), P("SCGI_", "3"), END }, 0,
    "38:CONTENT_LENGTH|0|SCGI|1|SCG|2|SCGI_|3|,", NULL, 0 },
{ "the same twice", { P("A", "1"), P("A", "2"), END }, 0,
    "32:CONTENT_LENGTH|0|SCGI|1|A|1|A|2|,", NULL, 0 },
{ "the longest body", { END }, INT64_MAX,
    "42:CONTENT_LENGTH|9223372036854775807|SCGI|1|,", NULL, 0 },
{ "a body that is longer", { END }, (uint64_t)INT64_MAX + 1, NULL,
    "CONTENT_LENGTH is too large", 0 },
{ "empty name", { P("A", "b"), P("", "c"), END }, 0, NULL, "empty name", 1 },
{ "NUL in a name", { P("A\0B", "c"), END }, 0, NULL, "NUL in a name", 0 },
{ "NUL at a name's end", { P("A\0", "c"), END }, 0, NULL, "NUL in a name", 0 },
{ "NUL in a value", { P("A", "b\0c"), END }, 0, NULL, "NUL in a value", 0 },
{ "CONTENT_LENGTH", { P("A", "b"), P("CONTENT_LENGTH", "0"), END }, 0, NULL,
    "CONTENT_LENGTH among the parameters", 1 },
{ "SCGI twice", { P("SCGI", "1"), P("SCGI", "1"), END }, 0, NULL, "SCGI twice", 1 },
{ "SCGI 2", { P("SCGI", "2"), END }, 0, NULL, "SCGI is not 1", 0 },
{ "SCGI 11", { P("SCGI", "11"), END }, 0, NULL, "SCGI is not 1", 0 },
{ "empty SCGI", { P("SCGI", ""), END }, 0, NULL, "SCGI is not 1", 0 },
};

static struct encode_list
list_of(const struct encode_param *params)
{
	struct encode_list list = { params, 0 };

	while (params[list.n].name != NULL)
		list.n++;
	return list;
}

START_TEST(head)
{
	struct encode_list list = list_of(heads[_i].params);
	const char *name = heads[_i].name;
	size_t len = 0, i, bad;
	char *bytes = NULL;

	CHECK_TEXT(name, encode_head(&list, heads[_i].length, LIMIT, &bytes,
	    &len, &bad), heads[_i].why);
	if (heads[_i].why != NULL) {
		CHECK_INT(name, bad, heads[_i].bad +
		    (heads[_i].length > INT64_MAX ? list.n : 0));
		CHECK_TRUE(name, bytes == NULL);
		return;
	}
	CHECK_INT(name, len, strlen(heads[_i].head));
	for (i = 0; i < len; i++)
		CHECK_INT(name, bytes[i],
		    heads[_i].head[i] == '|' ? '\0' : heads[_i].head[i]);
	free(bytes);
}
END_TEST

/* The limit is for the block: 24 bytes of our own, 4 of a parameter. */
START_TEST(limit)
{
	const struct encode_param params[] = { P("A", "b"), P("A", "b"), END };
	struct encode_list list = list_of(params);
	size_t len, bad;
	char *bytes;

	CHECK_TEXT("fits", encode_head(&list, 0, 32, &bytes, &len, &bad), NULL);
	CHECK_INT("fits", len, 32 + 4);
	free(bytes);
	CHECK_TEXT("does not", encode_head(&list, 0, 31, &bytes, &len, &bad),
	    "header block too large");
	CHECK_INT("does not", bad, 2);
	CHECK_TEXT("never did", encode_head(&list, 0, 0, &bytes, &len, &bad),
	    "header block too large");
}
END_TEST

/* Checks cost time, and these are millions: each is one at the end. */
#define DIFFER(truth)	do { if (!(truth)) return #truth; } while (0)

static bool
equal(const char *got, const char *want, size_t len)
{
	return memcmp(got, want, len) == 0 && got[len] == '\0';
}

/* Is what was decoded the list, with CONTENT_LENGTH and SCGI in front? */
static const char *
same(const struct scgi *s, const struct encode_list *list, uint64_t length)
{
	size_t i, at = 1;

	DIFFER(s->content_length == length);
	DIFFER(strcmp(s->params[0].name, "CONTENT_LENGTH") == 0);
	if (s->n_params == list->n + 2)
		DIFFER(strcmp(s->params[at++].name, "SCGI") == 0);
	DIFFER(s->n_params == list->n + at);
	for (i = 0; i < list->n; i++, at++) {
		DIFFER(s->params[at].name_len == list->params[i].name_len);
		DIFFER(equal(s->params[at].name, list->params[i].name,
		    list->params[i].name_len));
		DIFFER(equal(s->params[at].value, list->params[i].value,
		    list->params[i].value_len));
	}
	return NULL;
}

/* Decode what comes in two parts, the second `step` bytes at a time. */
static const char *
decode(const struct encode_list *list, uint64_t length, const char *bytes,
    size_t len, size_t first, size_t step)
{
	enum scgi_result result = SCGI_MORE;
	size_t at = 0, n, used = 0;
	const char *why;
	struct scgi s;

	scgi_init(&s, LIMIT, LIMIT);
	for (n = first; at < len && result == SCGI_MORE; n = step) {
		if (n > len - at)
			n = len - at;
		result = scgi_push(&s, bytes + at, n, &used);
		at += used;
	}
	why = result != SCGI_DONE ? "not decoded" :
	    at != len ? "not whole" : same(&s, list, length);
	scgi_free(&s);
	return why;
}

/* Likewise, then encode what came out: the same bytes. */
static void
back(const char *name, const char *bytes, size_t len)
{
	struct encode_param params[MOST + 2];
	struct encode_list list = { params, 0 };
	size_t i, used, again_len, bad;
	char *again;
	struct scgi s;

	scgi_init(&s, LIMIT, LIMIT);
	CHECK_INT(name, scgi_push(&s, bytes, len, &used), SCGI_DONE);
	for (i = 1; i < s.n_params; i++)
		params[list.n++] = (struct encode_param){
			s.params[i].name, s.params[i].name_len,
			s.params[i].value, strlen(s.params[i].value) };
	CHECK_TEXT(name, encode_head(&list, s.content_length, LIMIT, &again,
	    &again_len, &bad), NULL);
	CHECK_INT(name, again_len, len);
	CHECK_INT(name, memcmp(again, bytes, len), 0);
	free(again);
	scgi_free(&s);
}

static void
round_trip(const char *name, const struct encode_list *list, uint64_t length)
{
	size_t len, split, bad;
	const char *why;
	char *bytes;

	CHECK_TEXT(name, encode_head(list, length, LIMIT, &bytes, &len, &bad),
	    NULL);
	why = decode(list, length, bytes, len, 1, 1);
	for (split = 1; split <= len && why == NULL; split++)
		why = decode(list, length, bytes, len, split, len);
	CHECK_TEXT(name, why, NULL);
	back(name, bytes, len);
	free(bytes);
}

/* Every good row whose names the decoder leaves alone. */
START_TEST(row)
{
	struct encode_list list = list_of(heads[_i].params);

	if (heads[_i].why == NULL &&
	    strcmp(heads[_i].name, "the same twice") != 0)
		round_trip(heads[_i].name, &list, heads[_i].length);
}
END_TEST

static uint64_t seed = 20080623;	/* SCGI's day; any will do */

/* splitmix64. */
static uint64_t
random64(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t
below(size_t n)
{
	return (size_t)(random64() % n);
}

/*
 * Names that differ, in characters that are not folded; any bytes but NUL as
 * values, most of them short. Names and values stand in `room`.
 */
static struct encode_list
make_up(struct encode_param *params, char *room)
{
	struct encode_list list = { params, below(MOST) };
	struct encode_param *p;
	size_t i;

	for (p = params; p < params + list.n; p++) {
		p->name = room;
		room += sprintf(room, "%c%zu", 'A' + (char)below(26),
		    (size_t)(p - params));
		for (i = below(8); i > 0; i--)
			*room++ = "ABYZ_019=:,. \xff\n~"[below(16)];
		p->name_len = (size_t)(room - p->name);
		p->value = room;
		for (i = below(4) == 0 ? below(60) : below(6); i > 0; i--)
			*room++ = (char)(1 + below(255));
		p->value_len = (size_t)(room - p->value);
	}
	if (list.n > 0 && below(2) == 0)
		params[below(list.n)] = (struct encode_param)P("SCGI", "1");
	return list;
}

START_TEST(many)
{
	struct encode_param params[MOST];
	char room[MOST * 80], name[32];
	struct encode_list list;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		(void)snprintf(name, sizeof name, "round %d", i);
		list = make_up(params, room);
		round_trip(name, &list, random64() >> (1 + below(63)));
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("encode");

	CHECK_ROWS(suite, head, heads);
	CHECK_LOOP(suite, limit, 1);
	CHECK_ROWS(suite, row, heads);
	CHECK_LOOP(suite, many, 1);
	return check_run(suite);
}
