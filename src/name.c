/* SPDX-License-Identifier: ISC */
/*
 * name: the parameters that the gateway knows by name.
 *
 * A table made at the first call. Where a name stands in it, its length and
 * three of its letters say, so that a name is not read through to be looked up.
 */
#include "platform.h"

#include "name.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NAME_SLOTS	256	/* a power of two, far more than names */
_Static_assert(2 * NAME_COUNT < NAME_SLOTS, "room for all, in a byte each");

/*
 * All of them, one behind the other, and where each one is: small, so as to be in
 * the processor's cache.
 */
#define NAME_TEXT(word)	char word[sizeof #word];
#define NAME_IS(word)	#word,
static const struct texts { NAMES(NAME_TEXT) } texts = { NAMES(NAME_IS) };
#define NAME_ROW(word)	[NAME_##word] = \
			    { offsetof(struct texts, word), sizeof #word - 1 },
static const struct {
	uint16_t	at;
	uint16_t	len;
} names[NAME_COUNT] = { NAMES(NAME_ROW) };
#undef NAME_TEXT
#undef NAME_IS
#undef NAME_ROW

static uint8_t	name_slots[NAME_SLOTS];

/* Chosen so that no two of the names fall together. `len` is above 1. */
static size_t
name_place(const char *text, size_t len)
{
	return len + 8 * (unsigned char)text[len - 1] +
	    30 * (unsigned char)text[len - 2] +
	    16 * (unsigned char)text[len / 2];
}

static void
name_make(void)
{
	size_t i, at;

	for (i = NAME_OTHER + 1; i < NAME_COUNT; i++) {
		at = name_place(name_text((enum name)i), names[i].len);
		while (name_slots[at % NAME_SLOTS] != NAME_OTHER)
			at++;
		name_slots[at % NAME_SLOTS] = (uint8_t)i;
	}
}

enum name
name_find(const char *text, size_t len)
{
	static bool made;
	size_t at, i;

	if (!made) {
		name_make();
		made = true;
	}
	if (len < 2)
		return NAME_OTHER;
	at = name_place(text, len);
	for (; (i = name_slots[at % NAME_SLOTS]) != NAME_OTHER; at++)
		if (names[i].len == len &&
		    memcmp(name_text((enum name)i), text, len) == 0)
			return (enum name)i;
	return NAME_OTHER;
}

const char *
name_text(enum name name)
{
	return (const char *)&texts + names[name].at;
}

size_t
name_len(enum name name)
{
	return names[name].len;
}
