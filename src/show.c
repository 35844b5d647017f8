/* SPDX-License-Identifier: ISC */
/*
 * show: bytes from outside, for terminals and for JSON.
 *
 * Pure, but for the stream that is written to. No byte gets through that a
 * terminal could take for a command.
 */
#include "platform.h"

#include "show.h"

#include <string.h>

static void
show_text(FILE *to, const char *bytes, size_t len, const char *also)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if ((unsigned char)bytes[i] < 0x20 ||
		    (unsigned char)bytes[i] >= 0x7f ||
		    strchr(also, bytes[i]) != NULL)
			(void)fprintf(to, "\\x%02x", (unsigned char)bytes[i]);
		else
			(void)putc(bytes[i], to);
	}
}

void
show_pair(FILE *to, const char *name, size_t name_len, const char *value,
    size_t value_len)
{
	show_text(to, name, name_len, "\\=");
	(void)putc('=', to);
	show_text(to, value, value_len, "\\");
	(void)putc('\n', to);
}

/*
 * The length of the UTF-8 sequence at `p`, 0 if it is none (RFC 3629 4: no
 * overlong ones, no surrogates, nothing above U+10FFFF).
 */
static size_t
show_sequence(const unsigned char *p, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len, i;

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (len > left || p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return len;
}

void
show_json(FILE *to, const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t i, n;

	(void)putc('"', to);
	for (i = 0; i < len; i += n) {
		n = 1;
		if (p[i] == '"' || p[i] == '\\')
			(void)fprintf(to, "\\%c", p[i]);
		else if (p[i] < 0x20 || p[i] == 0x7f)
			(void)fprintf(to, "\\u%04x", p[i]);
		else if (p[i] < 0x7f)
			(void)putc(p[i], to);
		else if (i + 1 < len && p[i] == 0xc2 &&
		    (p[i + 1] & 0xe0) == 0x80)
			n = fprintf(to, "\\u%04x", p[i + 1]) > 0 ? 2 : 0;
		else if ((n = show_sequence(p + i, len - i)) > 0)
			(void)fwrite(p + i, 1, n, to);
		else
			n = (size_t)(fprintf(to, "\\udc%02x", p[i]) > 0);
		if (n == 0)	/* the stream is broken: its owner looks */
			break;
	}
	(void)putc('"', to);
}
