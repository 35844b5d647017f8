/* SPDX-License-Identifier: ISC */
/*
 * safe: which bytes may stand in a line of the log as they are.
 *
 * Invariant: what comes out of here has no byte that could begin another line
 * or steer a terminal, and is valid UTF-8.
 */
#include "platform.h"

#include "safe.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * Characters that end a line, turn its direction or are not to be seen: what
 * follows them would look different from what it is.
 */
static bool
safe_hides(unsigned code)
{
	static const struct { unsigned first, last; } ranges[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x61c, 0x61c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};
	size_t i;

	for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

size_t
safe_character(const char *text, size_t len, unsigned *code)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n, i;

	if (p[0] < 0x80)
		n = 1;
	else if (p[0] >= 0xc2 && p[0] <= 0xdf)
		n = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		n = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > len ||
	    (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	*code = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	return n;
}

size_t
safe_plain(const char *text, size_t len)
{
	unsigned code;
	size_t n;

	if (text[0] >= 0x20 && text[0] < 0x7f)
		return 1;
	n = safe_character(text, len, &code);
	return n > 0 && !safe_hides(code) ? n : 0;
}

size_t
safe_escape(char *out, size_t size, const char *text, size_t len)
{
	size_t i, n, used = 0;

	for (i = 0; i < len; i += n) {
		if (used + 8 > size)
			return used + (size_t)snprintf(out + used, size - used,
			    "...");
		if ((n = safe_plain(text + i, len - i)) > 0) {
			memcpy(out + used, text + i, n);
			used += n;
		} else {
			used += (size_t)snprintf(out + used, size - used,
			    "\\x%02x", (unsigned char)text[i]);
			n = 1;
		}
	}
	return used;
}
