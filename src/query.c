/* SPDX-License-Identifier: ISC */
/*
 * query: the words of an indexed query.
 *
 * Pure. What it gives is meant to become arguments of a program, so it must
 * never give an option.
 */
#include "platform.h"

#include "query.h"

#include <fnmatch.h>
#include <string.h>

#include "path.h"

/* What may stand in a word unencoded: schar of RFC 3875 4.4. */
#define QUERY_PLAIN	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
			"0123456789-_.!~*'();/?:@&,$"

/* With a backslash before each byte, Linux takes no longer argument. */
#define QUERY_MAX	65535

/* What old scripts pass to eval. */
#define QUERY_ACTIVE	"&;`'\"|*?~<>^()[]{}$\\"

/* Programs that run the file which their first argument names. */
static const char *const interpreters[] = {
	"ash", "awk", "bash", "busybox", "csh", "dash", "env", "expect", "fish",
	"gawk", "guile*", "ksh*", "lua", "lua[0-9]*", "mawk", "mksh", "node",
	"nodejs", "perl", "perl[0-9]*", "php", "php[0-9]*", "php-cgi*", "python",
	"python[0-9]*", "ruby", "ruby[0-9]*", "sh", "tclsh*", "tcsh", "wish*",
	"zsh*", NULL
};

bool
query_is_for_interpreter(const char *program)
{
	const char *slash = strrchr(program, '/');
	size_t i;

	for (i = 0; interpreters[i] != NULL; i++)
		if (fnmatch(interpreters[i], slash != NULL ? slash + 1 :
		    program, 0) == 0)
			return true;
	return false;
}

/* Decode one word, which ends at '+' or NUL; NULL if it cannot be one. */
static char *
query_word(const char **query, char *to)
{
	const char *p = *query;
	char *start = to;
	int c;

	for (; *p != '+' && *p != '\0'; p++) {
		c = (unsigned char)*p;
		if (c == '%') {
			if ((c = path_escaped(p)) == -1)
				return NULL;
			p += 2;
		} else if (strchr(QUERY_PLAIN, c) == NULL) {
			return NULL;
		}
		if (c < 0x20 || c == 0x7f || (to == start && c == '-'))
			return NULL;
		if (strchr(QUERY_ACTIVE, c) != NULL)
			*to++ = '\\';
		*to++ = (char)c;
	}
	*query = p;
	if (to == start)
		return NULL;
	*to++ = '\0';
	return to;
}

size_t
query_split(const char *query, char *room, char **words)
{
	size_t n = 0;

	if (strlen(query) > QUERY_MAX)
		return 0;
	for (;; query++) {
		words[n++] = room;
		if ((room = query_word(&query, room)) == NULL)
			return 0;
		if (*query == '\0')
			return n;
	}
}
