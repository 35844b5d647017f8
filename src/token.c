/* SPDX-License-Identifier: ISC */
/*
 * token: names of fields, methods and the like (RFC 9110 5.6.2).
 *
 * Pure.
 */
#include "platform.h"

#include "token.h"

#include <stdint.h>

/* The visible characters of ASCII that are no delimiters. */
static bool
token_has(unsigned char c)
{
	/* Bits 32 to 63, 64 to 95 and 96 to 127 of the character set. */
	static const uint32_t sets[] = {
		0x03ff6cfa, 0xc7fffffe, 0x57ffffff
	};

	return c >= 32 && c < 128 && (sets[c / 32 - 1] >> c % 32 & 1) != 0;
}

bool
token_is(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!token_has((unsigned char)text[i]))
			return false;
	return len > 0;
}

static unsigned char
token_lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
token_same(const char *a, const char *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (token_lower(a[i]) != token_lower(b[i]))
			return false;
	return true;
}
