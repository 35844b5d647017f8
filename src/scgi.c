/* SPDX-License-Identifier: ISC */
/*
 * scgi: bytes to a request head, or the reason why not.
 *
 * Pure: no descriptors, no clock. Nothing is allocated before the announced
 * length has passed its limit. The block is changed in place (names are
 * folded), later once more by env, which turns it into the environment.
 */
#include "platform.h"

#include "scgi.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * Slots of the hash table by name: a power of two, four times SCGI_MAX_PARAMS.
 * It is never more than a quarter full, so that only names made to collide
 * need many probes.
 */
#define SCGI_SLOTS	16384
#define SCGI_PROBES	64

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

/* Upper case, '-' to '_', so that two spellings of a name are one. */
static void
scgi_fold(char *name)
{
	for (; *name != '\0'; name++) {
		if (*name >= 'a' && *name <= 'z')
			*name = (char)(*name - 'a' + 'A');
		else if (*name == '-')
			*name = '_';
	}
}

/* Count what the block holds, or say why it is no list of NUL-ended pairs. */
static enum cause
scgi_count(const struct scgi *s, size_t *n)
{
	const char *p, *end = s->block + s->len;
	size_t strings = 0;

	if (s->len == 0 || end[-1] != '\0')
		return CAUSE_NO_FINAL_NUL;
	for (p = s->block; p < end; p += strlen(p) + 1, strings++)
		if (strings % 2 == 0 && *p == '\0')
			return CAUSE_EMPTY_NAME;
	if (strings % 2 != 0)
		return CAUSE_NAME_ALONE;
	*n = strings / 2;
	return CAUSE_NONE;
}

/* Split the block into names and values. */
static enum scgi_result
scgi_split(struct scgi *s)
{
	struct scgi_param *param;
	enum cause cause;
	size_t i, n;
	char *p = s->block;

	if ((cause = scgi_count(s, &n)) != CAUSE_NONE)
		return scgi_refuse(s, cause);
	assert(n > 0);
	if (n > SCGI_MAX_PARAMS)
		return scgi_refuse(s, CAUSE_MANY_PARAMETERS);
	if ((s->params = calloc(n, sizeof *s->params)) == NULL)
		return scgi_refuse(s, CAUSE_MEMORY);
	for (i = 0; i < n; i++) {
		param = &s->params[i];
		param->name = p;
		param->name_len = strlen(p);
		param->value = p + param->name_len + 1;
		p = param->value + strlen(param->value) + 1;
		if (param->name_len > s->max_field ||
		    (size_t)(p - param->value) > s->max_field + 1)
			return scgi_refuse(s, CAUSE_FIELD_TOO_LARGE);
		scgi_fold(param->name);
	}
	s->n_params = n;
	return SCGI_MORE;
}

/* FNV-1a. */
static unsigned
scgi_hash(const char *name)
{
	unsigned h = 2166136261U;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619U;
	return h;
}

/* What joins values of one field (RFC 9110 5.3, RFC 6265 5.4), or NULL. */
static const char *
scgi_separator(const struct scgi_param *p)
{
	if (strncmp(p->name, "HTTP_", 5) != 0)
		return NULL;
	return strcmp(p->name, "HTTP_COOKIE") == 0 ? "; " : ", ";
}

/*
 * `again` has the name of `first`. Fields are chained, to be joined later;
 * of other names the last one wins, unless a second one can only be an attack.
 * A parameter that no longer counts has no name.
 */
static enum cause
scgi_repeat(struct scgi_param *first, struct scgi_param *again)
{
	if (strcmp(first->name, "CONTENT_LENGTH") == 0)
		return CAUSE_LENGTH_TWICE;
	if (strcmp(first->name, "SCGI") == 0)
		return CAUSE_SCGI_TWICE;
	if (scgi_separator(first) != NULL) {
		if (first->last == NULL)
			first->next = again;
		else
			first->last->next = again;
		first->last = again;
		again->name = NULL;
	} else {
		struct scgi_param old = *first;

		*first = *again;
		*again = old;
		again->name = NULL;
	}
	return CAUSE_NONE;
}

/* Neither has been struck: that happens to the later of two only. */
static int
scgi_same_name(const struct scgi_param *a, const struct scgi_param *b)
{
	assert(a->name != NULL && b->name != NULL);
	return strcmp(a->name, b->name) == 0;
}

/* Find parameters of the same name. */
static enum cause
scgi_fold_repeated(struct scgi *s)
{
	uint16_t slots[SCGI_SLOTS];	/* index of a parameter, plus one */
	size_t i, at, size = 64;
	enum cause cause;
	int probes;

	while (size < 4 * s->n_params)
		size *= 2;
	assert(size <= SCGI_SLOTS);
	memset(slots, 0, size * sizeof slots[0]);
	for (i = 0; i < s->n_params; i++) {
		at = scgi_hash(s->params[i].name) & (size - 1);
		probes = 0;
		while (slots[at] != 0 && !scgi_same_name(
		    &s->params[slots[at] - 1], &s->params[i])) {
			at = (at + 1) & (size - 1);
			if (++probes > SCGI_PROBES)
				return CAUSE_COLLIDING_NAMES;
		}
		if (slots[at] == 0)
			slots[at] = (uint16_t)(i + 1);
		else if ((cause = scgi_repeat(&s->params[slots[at] - 1],
		    &s->params[i])) != CAUSE_NONE)
			return cause;
	}
	return CAUSE_NONE;
}

/*
 * Write "name NUL value separator value ... NUL" for each repeated field.
 * Each part is written once, with two more bytes at most: the room suffices.
 */
static enum scgi_result
scgi_join(struct scgi *s)
{
	struct scgi_param *p, *part;
	const char *separator;
	char *to = NULL, *value;

	for (p = s->params; p < s->params + s->n_params; p++) {
		if (p->name == NULL || p->next == NULL)
			continue;
		if (to == NULL)
			to = s->joined = malloc(s->len + 2 * s->n_params);
		if (to == NULL)
			return scgi_refuse(s, CAUSE_MEMORY);
		separator = scgi_separator(p);
		p->name = memcpy(to, p->name, p->name_len + 1);
		to += p->name_len + 1;
		value = to;
		to = stpcpy(to, p->value);
		for (part = p->next; part != NULL; part = part->next)
			to = stpcpy(stpcpy(to, separator), part->value);
		if ((size_t)(to - value) > s->max_field)
			return scgi_refuse(s, CAUSE_FIELD_TOO_LARGE);
		to++;
		p->value = value;
	}
	return SCGI_MORE;
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
	const char *length = scgi_get(s, "CONTENT_LENGTH");
	const char *scgi = scgi_get(s, "SCGI");

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

	if (scgi_split(s) == SCGI_BAD)
		return SCGI_BAD;
	if ((cause = scgi_fold_repeated(s)) != CAUSE_NONE ||
	    (cause = scgi_verify(s)) != CAUSE_NONE)
		return scgi_refuse(s, cause);
	if (scgi_join(s) == SCGI_BAD)
		return SCGI_BAD;
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

const char *
scgi_get(const struct scgi *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_params; i++)
		if (s->params[i].name != NULL &&
		    strcmp(s->params[i].name, name) == 0)
			return s->params[i].value;
	return NULL;
}
