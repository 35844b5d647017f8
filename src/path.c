/* SPDX-License-Identifier: ISC */
/*
 * path: the path of a request, from whatever the front end sends.
 *
 * Pure. A path that has passed path_verify() has no segment that could climb
 * and no byte that could end a line; that holds for everything made of it.
 */
#include "platform.h"

#include "path.h"

#include <string.h>

static int
path_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Skip "scheme://authority" of an absolute-form target (RFC 9112 3.2.2). */
static const char *
path_skip_authority(const char *uri)
{
	const char *p = uri + strcspn(uri, ":/?#");

	if (strncmp(p, "://", 3) != 0)
		return uri;
	p += 3;
	return p + strcspn(p, "/?#");
}

/* The segment that ends at `end` is complete: resolve it if it is dots. */
static const char *
path_end_segment(char *out, char **end)
{
	char *start = *end;

	while (start > out && start[-1] != '/')
		start--;
	if (*end - start == 1 && start[0] == '.') {
		*end = start;
	} else if (*end - start == 2 && start[0] == '.' && start[1] == '.') {
		if (start - out < 2)
			return "path climbs above the root";
		for (start--; start[-1] != '/'; start--)
			;
		*end = start;
	}
	return NULL;
}

const char *
path_decode(const char *uri, char *out)
{
	const char *why, *p = path_skip_authority(uri);
	char *to = out;
	int c, high, low;

	*to++ = '/';
	for (; *p != '\0' && *p != '?' && *p != '#'; p++) {
		c = (unsigned char)*p;
		if (c == '%') {
			if ((high = path_hex(p[1])) == -1 ||
			    (low = path_hex(p[2])) == -1)
				return "bad percent-encoding in the path";
			c = high * 16 + low;
			p += 2;
			if (c == '\0')
				return "NUL in the path";
		}
		if (c == '/') {
			if ((why = path_end_segment(out, &to)) != NULL)
				return why;
			if (to[-1] == '/')
				continue;
		}
		*to++ = (char)c;
	}
	why = path_end_segment(out, &to);
	*to = '\0';
	return why;
}

const char *
path_verify(const char *path)
{
	const char *p, *segment = path;

	if (path[0] != '/')
		return "path does not begin with a slash";
	for (p = path; ; p++) {
		if (*p == '/' || *p == '\0') {
			if (p - segment == 2 && segment[0] == '.' &&
			    segment[1] == '.')
				return "\"..\" in the path";
			segment = p + 1;
		}
		if (*p == '\0')
			return NULL;
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "control character in the path";
	}
}

int
path_leads(const char *prefix, size_t len, const char *path)
{
	return strncmp(prefix, path, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0');
}
