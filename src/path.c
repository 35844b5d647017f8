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

#include "units.h"

int
path_escaped(const char *text)
{
	int high = units_hex(text[1]);
	int low = high != -1 ? units_hex(text[2]) : -1;

	return low == -1 ? -1 : high * 16 + low;
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
static enum cause
path_end_segment(char *out, char **end)
{
	char *start = *end;

	while (start > out && start[-1] != '/')
		start--;
	if (*end - start == 1 && start[0] == '.') {
		*end = start;
	} else if (*end - start == 2 && start[0] == '.' && start[1] == '.') {
		if (start - out < 2)
			return CAUSE_ABOVE_ROOT;
		for (start--; start[-1] != '/'; start--)
			;
		*end = start;
	}
	return CAUSE_NONE;
}

enum cause
path_decode(const char *uri, char *out)
{
	const char *p = path_skip_authority(uri);
	enum cause cause;
	char *to = out;
	int c;

	*to++ = '/';
	for (; *p != '\0' && *p != '?' && *p != '#'; p++) {
		c = (unsigned char)*p;
		if (c == '%') {
			if ((c = path_escaped(p)) == -1)
				return CAUSE_BAD_ENCODING;
			p += 2;
			if (c == '\0')
				return CAUSE_NUL_IN_PATH;
		}
		if (c == '/') {
			if ((cause = path_end_segment(out, &to)) != CAUSE_NONE)
				return cause;
			if (to[-1] == '/')
				continue;
		}
		*to++ = (char)c;
	}
	cause = path_end_segment(out, &to);
	*to = '\0';
	return cause;
}

enum cause
path_verify(const char *path)
{
	const char *p, *segment = path;

	if (path[0] != '/')
		return CAUSE_RELATIVE_PATH;
	for (p = path; ; p++) {
		if (*p == '/' || *p == '\0') {
			if (p - segment == 2 && segment[0] == '.' &&
			    segment[1] == '.')
				return CAUSE_DOTS_IN_PATH;
			segment = p + 1;
		}
		if (*p == '\0')
			return CAUSE_NONE;
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return CAUSE_CONTROL_IN_PATH;
	}
}

bool
path_is_plain(const char *path)
{
	for (; *path != '\0'; path++)
		if (path[0] == '/' && (path[1] == '/' || path[1] == '.'))
			return false;
	return true;
}

void
path_plain(const char *path, char *out)
{
	size_t len;

	while (*path == '/') {
		len = strcspn(path + 1, "/") + 1;
		if (len == 1 ? path[1] == '\0' :
		    len != 2 || path[1] != '.')
			out = mempcpy(out, path, len);
		path += len;
	}
	*out = '\0';
}

bool
path_leads(const char *prefix, size_t len, const char *path)
{
	return strncmp(prefix, path, len) == 0 &&
	    (path[len] == '/' || path[len] == '\0');
}
