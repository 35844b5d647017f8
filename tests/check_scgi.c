/* SPDX-License-Identifier: ISC */
/*
 * scgi: every row of scgi.table is fed whole, byte by byte, and in two pieces
 * cut at every position; whatever the pieces, the outcome is the same.
 */
#include "platform.h"

#include "scgi.h"

#include "check_main.h"
#include "scgi_table.h"

#define MIN	"CONTENT_LENGTH\0" "0\0" "SCGI\0" "1\0"

static struct table_row	*rows;
static size_t		 n_rows;

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

/* Every parameter that is expected, in its order, and no other. */
static void
look_at_params(const struct table_row *row, const struct scgi *s)
{
	const char *name = row->name.bytes, *value;
	const struct table_text *want = row->params;
	const struct scgi_param *p;
	enum name known;
	size_t n = 0;

	for (p = s->params; p < s->params + s->n_params; p++) {
		if (p->name == NULL)
			continue;
		CHECK_TRUE(name, n++ < row->n_params);
		CHECK_TEXT(name, p->name, want->bytes);
		CHECK_INT(name, p->name_len, want++->len);
		CHECK_TEXT(name, p->value, want++->bytes);
		CHECK_TRUE(name, p->value == p->name + p->name_len + 1);
		CHECK_INT(name, p->which, name_find(p->name, p->name_len));
		if (p->which != NAME_OTHER)
			CHECK_TEXT(name, scgi_get(s, p->which), p->value);
	}
	CHECK_INT(name, n, row->n_params);
	if (n > 16)		/* looked up often enough by the others */
		return;
	for (want = row->params; n-- > 0; want += 2) {
		CHECK_TEXT(name, scgi_find(s, want[0].bytes), want[1].bytes);
		if (strcmp(want[0].bytes, "CONTENT_LENGTH") != 0)
			continue;
		value = want[1].bytes + strspn(want[1].bytes, "0");
		CHECK_TRUE(name, s->content_length == strtoull(value, NULL, 10));
	}
	CHECK_TEXT(name, scgi_find(s, "NO_SUCH_NAME"), NULL);
	for (known = NAME_OTHER + 1; known < NAME_COUNT; known++)
		CHECK_TEXT(name, scgi_get(s, known),
		    scgi_find(s, name_text(known)));
}

/* One row of the table, told in pieces; `wire` has what follows the head. */
static void
look_at_row(const struct table_row *row, const char *wire, size_t len,
    size_t cut, size_t step)
{
	static const enum scgi_result results[] = {
		[TABLE_ACCEPTED] = SCGI_DONE, [TABLE_REFUSED] = SCGI_BAD,
		[TABLE_INCOMPLETE] = SCGI_MORE,
	};
	const char *name = row->name.bytes;
	struct scgi s;
	size_t used;

	scgi_init(&s, TABLE_MAX_HEADER, TABLE_MAX_FIELD);
	CHECK_INT(name, feed(&s, wire, len, cut, step, &used),
	    results[row->outcome]);
	CHECK_INT(name, cause_status(s.cause), row->status);
	CHECK_TEXT(name, cause_word(s.cause), row->reason);
	if (row->outcome != TABLE_REFUSED)
		CHECK_INT(name, used, row->in.len);
	if (row->outcome == TABLE_ACCEPTED)
		look_at_params(row, &s);
	scgi_free(&s);
	scgi_free(&s);
}

/*
 * Whole, byte by byte, cut at every position. Large ones are cut at their ends,
 * and at few positions between.
 */
START_TEST(table)
{
	const struct table_row *r = &rows[_i];
	size_t cut, len = r->in.len, all = len + r->then.len;
	const size_t edge = len < 1024 ? 1024 : 6;
	char *wire = malloc(all + 1);

	memcpy(wire, r->in.bytes, len);
	memcpy(wire + len, r->then.len > 0 ? r->then.bytes : "", r->then.len);
	look_at_row(r, wire, all, all, 1);
	look_at_row(r, wire, len, len, 1);
	look_at_row(r, wire, len, 1, 1);
	for (cut = 0; cut <= len; cut++)
		if (cut < edge || cut + edge > len || cut % (len / 8 + 1) == 0)
			look_at_row(r, wire, all, cut, all);
	free(wire);
}
END_TEST

/* More is wanted up to the very last byte. */
START_TEST(wants_more)
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
		scgi_free(&s);
	}
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
	const char *srcdir = getenv("srcdir");
	char path[4096];
	int status;

	(void)snprintf(path, sizeof path, "%s/tests/scgi.table",
	    srcdir != NULL ? srcdir : "..");
	rows = table_read(path, &n_rows);
	CHECK_LOOP(suite, table, n_rows);
	CHECK_LOOP(suite, wants_more, 1);
	CHECK_ROWS(suite, crowd, crowds);
	status = check_run(suite);
	table_free(rows, n_rows);
	return status;
}
