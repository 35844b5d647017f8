/* SPDX-License-Identifier: ISC */
/*
 * query: the words of an indexed query.
 */
#ifndef CGID_QUERY_H
#define CGID_QUERY_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes for the words of a query, and the most words it can have. */
#define QUERY_ROOM(query)	(2 * strlen(query) + 1)
#define QUERY_WORDS(query)	(strlen(query) / 2 + 1)

/*
 * Split a query of the form of RFC 3875 4.4 at '+', decode the words and put a
 * backslash before what is active in the Bourne shell (RFC 3875 7.2). `room`
 * has QUERY_ROOM bytes, `words` QUERY_WORDS entries, which point into it.
 * Returns how many words there are: all or, if one cannot be an argument, none.
 * A word that begins with '-' cannot (CVE-2012-1823).
 */
size_t	query_split(const char *query, char *room, char **words);

/*
 * Is this program, by its name, an interpreter, which would take words for
 * names of files to run?
 */
bool	query_is_for_interpreter(const char *program);

#endif
