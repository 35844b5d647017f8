/* SPDX-License-Identifier: ISC */
/*
 * normal: a request target as front ends write it anew.
 *
 * Pure. lighttpd writes unreserved characters bare (RFC 3986 2.3), encodes
 * what must be encoded, and leaves the rest as it came; Apache encodes the
 * decoded path.
 */
#include "platform.h"

#include "normal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path.h"

#define NORMAL_UNRESERVED	"-._~"
#define NORMAL_APACHE_STAYS	"-._~$+!*'(),;:@&=/"
#define NORMAL_MUST_ENCODE	" \"%<>\\^`{|}"

static char *
normal_encode(char *to, const char *percent, unsigned char c)
{
	return to + sprintf(to, "%s%02X", percent, c);
}

char *
normal_apache(const char *path)
{
	char *out = malloc(3 * strlen(path) + 1), *to = out;

	if (out == NULL)
		return NULL;
	for (; *path != '\0'; path++) {
		if (isalnum((unsigned char)*path) ||
		    strchr(NORMAL_APACHE_STAYS, *path) != NULL)
			*to++ = *path;
		else
			to = normal_encode(to, "%", (unsigned char)*path);
	}
	*to = '\0';
	return out;
}

/* lighttpd's normal form, with `percent` for each '%' and `bare` also bare. */
static char *
normal_lighttpd(const char *from, const char *percent, const char *bare)
{
	char *out = malloc(5 * strlen(from) + 1), *to = out;
	int c;

	if (out == NULL)
		return NULL;
	for (; *from != '\0'; from++) {
		if ((c = path_escaped(from)) != -1) {
			from += 2;
			if (isalnum(c) || (c != 0 && c < 0x80 &&
			    (strchr(NORMAL_UNRESERVED, c) != NULL ||
			    strchr(bare, c) != NULL)))
				*to++ = (char)c;
			else
				to = normal_encode(to, percent,
				    (unsigned char)c);
		} else if ((unsigned char)*from >= 0x7f ||
		    strchr(NORMAL_MUST_ENCODE, *from) != NULL) {
			to = normal_encode(to, percent, (unsigned char)*from);
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return out;
}

char *
normal_query(const char *query)
{
	return normal_lighttpd(query, "%", "");
}

char *
normal_target(const char *target)
{
	const char *question = strchrnul(target, '?');
	char *raw, *coded = NULL, *path = NULL, *query = NULL, *out = NULL;

	/* Each '%' is encoded once more: path_decode() gives it back. */
	if ((raw = strndup(target, (size_t)(question - target))) == NULL ||
	    (coded = normal_lighttpd(raw, "%25", "/")) == NULL ||
	    (path = malloc(strlen(coded) + 2)) == NULL ||
	    path_decode(coded, path) != CAUSE_NONE ||
	    (query = normal_query(question)) == NULL ||
	    asprintf(&out, "%s%s", path, query) == -1)
		out = NULL;
	free(raw);
	free(coded);
	free(path);
	free(query);
	return out;
}
