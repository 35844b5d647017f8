/* SPDX-License-Identifier: ISC */
/*
 * scgi: bytes to a request head, or the reason why not.
 *
 * No descriptors, no clock. Caution: two tables are shared by all decoders of a
 * process, for the time of a call. Nothing is allocated before the announced
 * length has passed its limit. The block is changed in place (names are
 * folded), later once more by env, which turns it into the environment.
 */
#include "platform.h"

#include "scgi.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

/*
 * Slots of the hash table by name: a power of two, four times SCGI_MAX_PARAMS.
 * It is never more than a quarter full, so that only names made to collide
 * need many probes.
 */
#define SCGI_SLOTS	16384
#define SCGI_PROBES	64
_Static_assert(SCGI_SLOTS == 4 * SCGI_MAX_PARAMS, "a quarter full");

void
scgi_init(struct scgi *s, size_t max_header, size_t max_field)
{
	*s = (struct scgi){ .max_header = max_header, .max_field = max_field };
}

void
scgi_free(struct scgi *s)
{
	free(s->params);
	free(s->block);
	free(s->joined);
	*s = (struct scgi){ .state = SCGI_END };
}

static enum scgi_result
scgi_refuse(struct scgi *s, enum cause cause)
{
	s->cause = cause;
	s->state = SCGI_END;
	return SCGI_BAD;
}

/* One byte of the netstring's length: digits without leading zeros, ':'. */
static enum scgi_result
scgi_length(struct scgi *s, char c)
{
	if (c >= '0' && c <= '9') {
		if (s->digits == 1 && s->size == 0)
			return scgi_refuse(s, CAUSE_LENGTH_ZERO);
		s->size = s->size * 10 + (size_t)(c - '0');
		s->digits++;
		if (s->size > s->max_header)
			return scgi_refuse(s, CAUSE_HEADER_TOO_LARGE);
		return SCGI_MORE;
	}
	if (c != ':' || s->digits == 0)
		return scgi_refuse(s, CAUSE_NOT_SCGI);
	if ((s->block = malloc(s->size + 1)) == NULL)
		return scgi_refuse(s, CAUSE_MEMORY);
	s->state = s->size > 0 ? SCGI_BLOCK : SCGI_COMMA;
	return SCGI_MORE;
}

/* What a byte of a name is folded to; 0 if it is no letter, digit, '_' or '-'. */
static const char fold[256] =
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0_\0\0" "0123456789\0\0\0\0\0\0"
    "\0ABCDEFGHIJKLMNO" "PQRSTUVWXYZ\0\0\0\0_"
    "\0ABCDEFGHIJKLMNO" "PQRSTUVWXYZ\0\0\0\0\0";

/*
 * A name is folded, upper case and '-' to '_', so that two spellings of it are
 * one. What else is to be known of its letters is found on the same way.
 */
static void
scgi_fold_name(struct scgi_param *p)
{
	bool plain = *p->name < '0' || *p->name > '9';
	char *c = p->name, folded;

	for (p->hash = HASH_NONE; *c != '\0'; c++) {
		if ((folded = fold[(unsigned char)*c]) != '\0')
			*c = folded;
		else
			plain = false;
		p->hash = HASH_BYTE(p->hash, *c);
	}
	p->plain = plain;
	p->which = (uint8_t)name_find(p->name, p->name_len);
}

/* Most are known as they are, and known names are folded and plain. */
static void
scgi_name(struct scgi_param *p)
{
	p->name_len = (uint32_t)strlen(p->name);
	p->which = (uint8_t)name_find(p->name, p->name_len);
	p->plain = true;
	if (p->which == NAME_OTHER)
		scgi_fold_name(p);
}

/* The block to `n` params, of which there is room for SCGI_MAX_PARAMS. */
static enum cause
scgi_split(const struct scgi *s, struct scgi_param *params, size_t *n)
{
	struct scgi_param *param = params;
	char *p = s->block, *end = s->block + s->len;

	if (s->len == 0 || end[-1] != '\0')
		return CAUSE_NO_FINAL_NUL;
	for (; p < end; param++) {
		if (*p == '\0')
			return CAUSE_EMPTY_NAME;
		if (param == params + SCGI_MAX_PARAMS)
			return CAUSE_MANY_PARAMETERS;
		*param = (struct scgi_param){ .name = p };
		scgi_name(param);
		param->value = p + param->name_len + 1;
		if (param->value == end)
			return CAUSE_NAME_ALONE;
		p = param->value + strlen(param->value) + 1;
		if (param->name_len > s->max_field ||
		    (size_t)(p - param->value) > s->max_field + 1)
			return CAUSE_FIELD_TOO_LARGE;
	}
	*n = (size_t)(param - params);
	return CAUSE_NONE;
}

/* Keep as many as there are of a table that is large enough for any. */
static enum cause
scgi_list(struct scgi *s)
{
	static struct scgi_param params[SCGI_MAX_PARAMS];
	enum cause cause;
	size_t n;

	if ((cause = scgi_split(s, params, &n)) != CAUSE_NONE)
		return cause;
	assert(n > 0);
	if ((s->params = malloc(n * sizeof *params)) == NULL)
		return CAUSE_MEMORY;
	memcpy(s->params, params, n * sizeof *params);
	s->n_params = n;
	return CAUSE_NONE;
}

/* What joins values of one field (RFC 9110 5.3, RFC 6265 5.4), or NULL. */
static const char *
scgi_separator(const struct scgi_param *p)
{
	if (!scgi_is_field(p))
		return NULL;
	return p->which == NAME_HTTP_COOKIE ? "; " : ", ";
}

/*
 * `again` has the name of `first`. Fields are chained, to be joined later;
 * of other names the last one wins, unless a second one can only be an attack.
 * A parameter that no longer counts has no name.
 */
static enum cause
scgi_repeat(struct scgi *s, struct scgi_param *first, struct scgi_param *again)
{
	uint16_t place = (uint16_t)(again - s->params + 1);

	if (first->which == NAME_CONTENT_LENGTH)
		return CAUSE_LENGTH_TWICE;
	if (first->which == NAME_SCGI)
		return CAUSE_SCGI_TWICE;
	if (scgi_separator(first) != NULL) {
		if (first->next == 0)
			first->next = place;
		else
			s->params[first->last - 1].next = place;
		first->last = place;
	} else {
		struct scgi_param old = *first;

		*first = *again;
		*again = old;
	}
	again->name = NULL;
	return CAUSE_NONE;
}

/*
 * Where the parameter of a name stands, or would stand: a slot has its place,
 * from 1. NULL after too many probes. What is there has not been struck, which
 * happens to the later of two only.
 */
static uint16_t *
scgi_slot(const struct scgi *s, uint16_t *slots, size_t n_slots,
    const struct scgi_param *p)
{
	const struct scgi_param *q;
	size_t at = p->hash & (n_slots - 1);
	int probes;

	for (probes = 0; probes <= SCGI_PROBES; probes++) {
		if (slots[at] == 0)
			return &slots[at];
		q = &s->params[slots[at] - 1];
		if (q->name_len == p->name_len &&
		    memcmp(q->name, p->name, p->name_len) == 0)
			return &slots[at];
		at = (at + 1) & (n_slots - 1);
	}
	return NULL;
}

/* A table for so many names; how many slots it has. */
static size_t
scgi_clear(uint16_t *slots, size_t names)
{
	size_t n = 64;

	while (n < 4 * names)
		n *= 2;
	assert(n <= SCGI_SLOTS);
	memset(slots, 0, n * sizeof *slots);
	return n;
}

/* Find parameters of the same name, and note where the known ones are. */
static enum cause
scgi_fold_repeated(struct scgi *s)
{
	static uint16_t slots[SCGI_SLOTS];
	struct scgi_param *p;
	enum cause cause;
	uint16_t *slot;
	size_t i, n = 0;

	for (i = 0; i < s->n_params; i++) {
		p = &s->params[i];
		if (p->which == NAME_OTHER && n == 0)
			n = scgi_clear(slots, s->n_params);
		slot = p->which != NAME_OTHER ? &s->known[p->which] :
		    scgi_slot(s, slots, n, p);
		if (slot == NULL)
			return CAUSE_COLLIDING_NAMES;
		if (*slot == 0)
			*slot = (uint16_t)(i + 1);
		else if ((cause = scgi_repeat(s, &s->params[*slot - 1], p)) !=
		    CAUSE_NONE)
			return cause;
	}
	return CAUSE_NONE;
}

/*
 * Write "name NUL value separator value ... NUL" for each repeated field.
 * Each part is written once, with two more bytes at most: the room suffices.
 */
static enum cause
scgi_join(struct scgi *s)
{
	struct scgi_param *p;
	const char *separator;
	char *to = NULL, *value;
	uint16_t part;

	for (p = s->params; p < s->params + s->n_params; p++) {
		if (p->name == NULL || p->next == 0)
			continue;
		if (to == NULL) {
			s->joined_size = s->len + 2 * s->n_params;
			to = s->joined = malloc(s->joined_size);
		}
		if (to == NULL)
			return CAUSE_MEMORY;
		separator = scgi_separator(p);
		p->name = memcpy(to, p->name, p->name_len + 1);
		to += p->name_len + 1;
		value = to;
		to = stpcpy(to, p->value);
		for (part = p->next; part != 0; part = s->params[part - 1].next)
			to = stpcpy(stpcpy(to, separator),
			    s->params[part - 1].value);
		if ((size_t)(to - value) > s->max_field)
			return CAUSE_FIELD_TOO_LARGE;
		to++;
		p->value = value;
	}
	return CAUSE_NONE;
}

bool
scgi_is_field(const struct scgi_param *p)
{
	return p->name_len >= 5 && memcmp(p->name, "HTTP_", 5) == 0;
}

enum cause
scgi_read_length(const char *digits, uint64_t *length)
{
	*length = 0;
	for (; *digits != '\0'; digits++) {
		if (*digits < '0' || *digits > '9')
			return CAUSE_BAD_LENGTH;
		if (__builtin_mul_overflow(*length, 10U, length) ||
		    __builtin_add_overflow(*length,
		    (unsigned)(*digits - '0'), length) || *length > INT64_MAX)
			return CAUSE_HUGE_LENGTH;
	}
	return CAUSE_NONE;
}

/* What the specification demands of the names. */
static enum cause
scgi_verify(struct scgi *s)
{
	const char *length = scgi_get(s, NAME_CONTENT_LENGTH);
	const char *scgi = scgi_get(s, NAME_SCGI);

	if (scgi == NULL || strcmp(scgi, "1") != 0)
		return CAUSE_NO_SCGI;
	if (length == NULL || *length == '\0')
		return CAUSE_NO_LENGTH;
	return scgi_read_length(length, &s->content_length);
}

/* The block is whole: make parameters of it. */
static enum scgi_result
scgi_finish(struct scgi *s)
{
	enum cause cause;

	assert(s->len == s->size);
	if ((cause = scgi_list(s)) != CAUSE_NONE ||
	    (cause = scgi_fold_repeated(s)) != CAUSE_NONE ||
	    (cause = scgi_verify(s)) != CAUSE_NONE ||
	    (cause = scgi_join(s)) != CAUSE_NONE)
		return scgi_refuse(s, cause);
	s->state = SCGI_END;
	return SCGI_DONE;
}

enum scgi_result
scgi_push(struct scgi *s, const char *bytes, size_t len, size_t *used)
{
	size_t i = 0, n;

	while (i < len && s->state == SCGI_LENGTH)
		if (scgi_length(s, bytes[i++]) == SCGI_BAD)
			return SCGI_BAD;
	if (s->state == SCGI_BLOCK) {
		n = len - i < s->size - s->len ? len - i : s->size - s->len;
		memcpy(s->block + s->len, bytes + i, n);
		s->len += n;
		i += n;
		if (s->len == s->size)
			s->state = SCGI_COMMA;
	}
	*used = i;
	if (s->state != SCGI_COMMA || i == len)
		return SCGI_MORE;
	if (bytes[i] != ',')
		return scgi_refuse(s, CAUSE_NO_COMMA);
	*used = i + 1;
	return scgi_finish(s);
}

struct scgi_param *
scgi_param(const struct scgi *s, enum name name)
{
	return s->known[name] != 0 ? &s->params[s->known[name] - 1] : NULL;
}

const char *
scgi_get(const struct scgi *s, enum name name)
{
	const struct scgi_param *p = scgi_param(s, name);

	return p != NULL ? p->value : NULL;
}

const char *
scgi_find(const struct scgi *s, const char *name)
{
	const struct scgi_param *p;
	size_t len = strlen(name);

	for (p = s->params; p < s->params + s->n_params; p++)
		if (p->name != NULL && p->name_len == len &&
		    memcmp(p->name, name, len) == 0)
			return p->value;
	return NULL;
}
