/* SPDX-License-Identifier: ISC */
/*
 * scgi: whatever the pieces in which bytes arrive, the outcome is the same;
 * what was accepted is as scgi.h promises, and survives being sent again.
 */
#include "platform.h"

#include "scgi.h"

#include "fuzz.h"
#include "scgi_table.h"

/* Feed in pieces of `step` bytes, none of which may be looked at again. */
static enum scgi_result
scgi_feed(struct scgi *s, const char *bytes, size_t len, size_t step,
    size_t *used)
{
	enum scgi_result result = SCGI_MORE;
	size_t n, more;
	char *piece;

	scgi_init(s, TABLE_MAX_HEADER, TABLE_MAX_FIELD);
	for (*used = 0; result == SCGI_MORE && *used < len; *used += more) {
		n = len - *used < step ? len - *used : step;
		FUZZ_TRUE((piece = malloc(n)) != NULL);
		memcpy(piece, bytes + *used, n);
		more = 0;
		result = scgi_push(s, piece, n, &more);
		FUZZ_TRUE(more <= n && (result != SCGI_MORE || more == n));
		free(piece);
	}
	return result;
}

static int
scgi_is_folded(const char *name)
{
	return name[strcspn(name, "abcdefghijklmnopqrstuvwxyz-")] == '\0';
}

/* What scgi.h says of the parameters. */
static void
scgi_look_at(const struct scgi *s)
{
	const struct scgi_param *p, *end = s->params + s->n_params;
	const char *length = scgi_find(s, "CONTENT_LENGTH");
	char *rest;

	FUZZ_TRUE(s->n_params >= 2 && s->n_params <= SCGI_MAX_PARAMS);
	FUZZ_TRUE(strcmp(scgi_find(s, "SCGI"), "1") == 0);
	FUZZ_TRUE(strspn(length, "0123456789") == strlen(length));
	FUZZ_TRUE(s->content_length == strtoull(length, &rest, 10));
	FUZZ_TRUE(rest > length && s->content_length <= INT64_MAX);
	for (p = s->params; p < end; p++) {
		if (p->name == NULL)
			continue;
		FUZZ_TRUE(p->name_len > 0 && strlen(p->name) == p->name_len);
		FUZZ_TRUE(p->value == p->name + p->name_len + 1);
		FUZZ_TRUE(p->name_len <= TABLE_MAX_FIELD);
		FUZZ_TRUE(strlen(p->value) <= TABLE_MAX_FIELD);
		FUZZ_TRUE(scgi_is_folded(p->name));
		FUZZ_TRUE(p->which ==
		    name_find(p->name, p->name_len));
		FUZZ_TRUE(p->which == NAME_OTHER ||
		    scgi_get(s, (enum name)p->which) == p->value);
		/* the first of its name is the only one */
		FUZZ_TRUE(s->n_params > 64 ||
		    scgi_find(s, p->name) == p->value);
	}
}

/* The same parameters, in the same order? */
static int
scgi_same(const struct scgi *a, const struct scgi *b)
{
	const struct scgi_param *p = a->params, *q = b->params;

	for (;; p++, q++) {
		while (p < a->params + a->n_params && p->name == NULL)
			p++;
		while (q < b->params + b->n_params && q->name == NULL)
			q++;
		if (p == a->params + a->n_params ||
		    q == b->params + b->n_params)
			return p == a->params + a->n_params &&
			    q == b->params + b->n_params;
		if (strcmp(p->name, q->name) != 0 ||
		    strcmp(p->value, q->value) != 0)
			return 0;
	}
}

/* Encode what was decoded; it must be decoded to the same again. */
static void
scgi_again(const struct scgi *s)
{
	const struct scgi_param *p;
	char *block, *wire;
	size_t block_len, len, used;
	struct scgi again;
	FILE *to = open_memstream(&block, &block_len);

	FUZZ_TRUE(to != NULL);
	for (p = s->params; p < s->params + s->n_params; p++)
		if (p->name != NULL)
			(void)fprintf(to, "%s%c%s%c", p->name, 0, p->value, 0);
	(void)fclose(to);
	FUZZ_TRUE((wire = malloc(block_len + 32)) != NULL);
	len = (size_t)sprintf(wire, "%zu:", block_len);
	memcpy(wire + len, block, block_len);
	len += block_len;
	wire[len++] = ',';
	if (block_len <= TABLE_MAX_HEADER) {	/* ", " may have added to it */
		/* Fewer parameters are a smaller table, in which names that
		   are made to collide may do so only now. */
		if (scgi_feed(&again, wire, len, len, &used) == SCGI_DONE)
			FUZZ_TRUE(used == len && scgi_same(s, &again));
		else
			FUZZ_TRUE(again.cause == CAUSE_COLLIDING_NAMES);
		scgi_free(&again);
	}
	free(wire);
	free(block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *bytes = (const char *)data;
	size_t step = len > 2 ? 1 + data[len / 2] % (len / 2) : 1;
	size_t used, used_too;
	struct scgi whole, pieces;
	enum scgi_result result;

	result = scgi_feed(&whole, bytes, len, len, &used);
	FUZZ_TRUE(scgi_feed(&pieces, bytes, len, step, &used_too) == result);
	FUZZ_TRUE(whole.cause == pieces.cause);
	FUZZ_TRUE((result == SCGI_BAD) == (whole.cause != CAUSE_NONE));
	if (result == SCGI_DONE) {
		FUZZ_TRUE(used == used_too && used > 0 && used <= len);
		scgi_look_at(&whole);
		FUZZ_TRUE(scgi_same(&whole, &pieces));
		scgi_again(&whole);
	}
	scgi_free(&whole);
	scgi_free(&pieces);
	return 0;
}
