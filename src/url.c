/* SPDX-License-Identifier: ISC */
/*
 * url: what a request asks for, from the words of a command line.
 *
 * Pure. Nothing is decoded or resolved here: front ends do that, each in its
 * way. What could not stand in a request line is refused.
 */
#include "platform.h"

#include "url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "units.h"

void
url_free(struct url *u)
{
	free(u->text);
	*u = (struct url){ 0 };
}

/* RFC 9112 3.2: a target has no blanks and no control characters. */
static const char *
url_verify(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= 0x20 || *text == 0x7f)
			return "blank or control character in the URL; "
			    "percent-encode it, a space is %20";
	return NULL;
}

/* Find the port behind a host, and end the host there. */
static const char *
url_port(struct url *u)
{
	char *end = u->host;
	int64_t number;

	if (*end == '[') {
		if ((end = strchr(end, ']')) == NULL)
			return "no ] after the address in the URL";
		if (*++end != '\0' && *end != ':')
			return "something between the ] and the port in the "
			    "URL";
	}
	end += strcspn(end, ":");
	if (*end == ':') {
		*end = '\0';
		u->port = end + 1;
		if (units_number(u->port, &number) != NULL || number < 1 ||
		    number > 65535)
			return "the URL's port is not a number from 1 to 65535";
	}
	return *u->host == '\0' ? "no host in the URL" : NULL;
}

/* "host:port" in front of the path; it is kept with the port and without. */
static const char *
url_authority(struct url *u, const char *from, size_t len, char *room)
{
	if (memchr(from, '@', len) != NULL)
		return "user in the URL; use -H 'Authorization: ...'";
	u->authority = room;
	memcpy(u->authority, from, len);
	u->authority[len] = '\0';
	u->host = room + len + 1;
	memcpy(u->host, u->authority, len + 1);
	return url_port(u);
}

const char *
url_parse(const char *text, struct url *u)
{
	size_t len = strcspn(text, "#"), host = strlen("localhost");
	const char *why, *from = "localhost", *rest = text;
	char *target;

	*u = (struct url){ .port = "80" };
	if ((why = url_verify(text)) != NULL)
		return why;
	/* RFC 3986 3.1: schemes are the same in any case. */
	if (strncasecmp(text, "https://", 8) == 0) {
		u->https = true;
		u->port = "443";
		from = text + 8;
	} else if (strncasecmp(text, "http://", 7) == 0) {
		from = text + 7;
	} else if (*text != '/') {
		return "neither a path that begins with a slash nor an "
		    "http:// or https:// URL";
	}
	if (rest != from && *text != '/') {
		host = strcspn(from, "/?#");
		rest = from + host;
		len -= (size_t)(rest - text);
	}
	/* Host twice, and the target with a slash that may be missing. */
	if ((u->text = malloc(2 * (host + 1) + len + 2)) == NULL)
		return "no memory for the URL";
	if ((why = url_authority(u, from, host, u->text)) != NULL) {
		url_free(u);
		return why;
	}
	u->target = target = u->text + 2 * (host + 1);
	if (len == 0 || *rest != '/')
		*target++ = '/';
	memcpy(target, rest, len);
	target[len] = '\0';
	u->query = strchrnul(u->target, '?');
	u->has_query = *u->query == '?';
	u->query += u->has_query;
	return NULL;
}
