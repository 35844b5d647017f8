/* SPDX-License-Identifier: ISC */
/*
 * facts: keys and values, and the lines made of them.
 *
 * Invariant: the longest values of the three that a client or an administrator
 * may make long (mapping, script, path) fit into one line with all the rest, so
 * that a JSON object is never cut in its middle.
 */
#include "platform.h"

#include "facts.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "line.h"
#include "safe.h"

/* One value must not push out the rest. */
#define FACTS_LONGEST	1024

/* A character of a value as it stands in a line. */
struct spelling {
	char	bytes[16];
	size_t	len;
	size_t	cost;		/* its length when it is written */
};

/* Spell the first character of a text; how many bytes of it that were. */
typedef size_t facts_speller(struct spelling *, const char *text, size_t len);

static struct fact *
facts_add(struct facts *f, const char *key)
{
	assert(f->n < FACTS_MAX);
	f->v[f->n].key = key;
	return &f->v[f->n++];
}

void
facts_text(struct facts *f, const char *key, const char *text)
{
	if (text != NULL)
		facts_add(f, key)->text = text;
}

void
facts_number(struct facts *f, const char *key, long long number)
{
	struct fact *fact = facts_add(f, key);

	fact->text = NULL;
	fact->number = number;
}

/* As it is, for the writer to escape, but that it ends no quoted value. */
static size_t
facts_spell_kv(struct spelling *s, const char *text, size_t len)
{
	size_t n = safe_plain(text, len);

	if (*text == '"' || *text == '\\') {
		s->bytes[0] = '\\';
		s->bytes[1] = *text;
		s->len = s->cost = 2;
		return 1;
	}
	s->cost = n > 0 ? n : 4;
	s->len = n > 0 ? n : 1;
	memcpy(s->bytes, text, s->len);
	return s->len;
}

/* RFC 8259 7: beyond U+FFFF, \u needs a pair of surrogates. */
static int
facts_spell_code(char *out, size_t size, unsigned code)
{
	if (code <= 0xffff)
		return snprintf(out, size, "\\u%04x", code);
	return snprintf(out, size, "\\u%04x\\u%04x",
	    0xd800 + ((code - 0x10000) >> 10),
	    0xdc00 + ((code - 0x10000) & 0x3ff));
}

static size_t
facts_spell_json(struct spelling *s, const char *text, size_t len)
{
	size_t n = safe_plain(text, len);
	unsigned code;
	int used;

	if (n > 0 && *text != '"' && *text != '\\') {
		memcpy(s->bytes, text, n);
		used = (int)n;
	} else if (*text == '"') {
		used = snprintf(s->bytes, sizeof s->bytes, "\\\"");
	} else if (*text == '\\') {
		used = snprintf(s->bytes, sizeof s->bytes, "\\\\\\\\");
	} else if ((n = safe_character(text, len, &code)) > 0) {
		used = facts_spell_code(s->bytes, sizeof s->bytes, code);
	} else {
		used = snprintf(s->bytes, sizeof s->bytes, "\\\\x%02x",
		    (unsigned char)*text);
	}
	s->len = s->cost = (size_t)used;
	return n > 0 ? n : 1;
}

/*
 * Add a value, or with no line only look: does it fit? What does not is cut,
 * and marked.
 */
static bool
facts_spell(struct line *line, const char *text, facts_speller *spell)
{
	size_t i, len = strlen(text), cost = 0;
	struct spelling s;

	for (i = 0; i < len; ) {
		i += spell(&s, text + i, len - i);
		cost += s.cost;
		if (cost > FACTS_LONGEST) {
			if (line != NULL)
				line_put(line, "...", 3);
			return false;
		}
		if (line != NULL)
			line_put(line, s.bytes, s.len);
	}
	return true;
}

static void
facts_kv_text(struct line *line, const char *text)
{
	bool bare = *text != '\0' && text[strcspn(text, " \"\\=")] == '\0' &&
	    facts_spell(NULL, text, facts_spell_kv);

	line_put(line, "\"", !bare);
	(void)facts_spell(line, text, facts_spell_kv);
	line_put(line, "\"", !bare);
}

void
facts_kv(struct line *line, const struct facts *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		line_add(line, " %s=", f->v[i].key);
		if (f->v[i].text != NULL)
			facts_kv_text(line, f->v[i].text);
		else
			line_add(line, "%lld", f->v[i].number);
	}
}

void
facts_json(struct line *line, const char *time, const struct facts *f)
{
	size_t i;

	line_add(line, "{\"time\":\"%s\"", time);
	for (i = 0; i < f->n; i++) {
		line_add(line, ",\"%s\":", f->v[i].key);
		if (f->v[i].text != NULL) {
			line_put(line, "\"", 1);
			(void)facts_spell(line, f->v[i].text, facts_spell_json);
			line_put(line, "\"", 1);
		} else {
			line_add(line, "%lld", f->v[i].number);
		}
	}
	line_put(line, "}", 1);
}
