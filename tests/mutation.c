/* SPDX-License-Identifier: ISC */
/*
 * mutation: valid requests, and what can be made of them.
 *
 * The bytes of a request are spoilt where they stand; or the header block is,
 * and its netstring is then made right again, so that what is behind the first
 * check is reached too.
 */
#include "platform.h"

#include "mutation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What nginx, or somebody like it, would send to programs of tests/cgi. */
static const struct {
	const char	*method, *uri, *more, *body;
} valid[] = {
	{ "GET", "/m/hello.sh", "HTTP_ACCEPT:*/*", "" },
	{ "GET", "/m/env.sh/path%20info?a=b&c=%41", "HTTP_COOKIE:a=1|HTTP_COOKIE:b=2|HTTP_X_A:", "" },
	{ "POST", "/m/sum.sh", "CONTENT_TYPE:text/plain|HTTP_CONTENT_LENGTH:12", "twelve bytes" },
	{ "HEAD", "/m/../m/./hello.sh", "SERVER_NAME:_|HTTP_HOST:a.example:80", "" },
	{ "POST", "/m/raw.sh", "HTTP_X_B:c", "Content-Type: text/plain\nX-A: b\n\nhello\n" },
	{ "POST", "/m/raw.sh", "HTTP_X_B:c", "Status: 404 Not Here\r\nContent-Length: 5\r\n\r\nhello" },
	{ "POST", "/m/raw.sh", "SCRIPT_NAME:/m|PATH_INFO:/raw.sh", "Location: /m/hello.sh?a=b\n\n" },
	{ "POST", "/m/ignore.sh", "DOCUMENT_URI:/m/ignore.sh", "nobody reads this" },
	{ "GET", "/m/big.sh?200000", "HTTP_RANGE:bytes=0-1", "" },
	{ "GET", "/m/missing.sh", "REMOTE_USER:nobody|HTTPS:on", "" },
	{ "PUT", "/m/nph-raw.sh", "GATEWAY_INTERFACE:CGI/1.1", "HTTP/1.1 200 OK\r\n\r\nhello" },
};

/* Bytes that mean something to somebody on the way. */
static const char telling[] = "\0\0\0,:0129-+ \t\r\n=%/.?;()<>\"\\\x7f\x80\xff";

void
dice_init(struct dice *d, uint64_t seed, uint64_t number)
{
	d->state = (seed + 1) * 0x9e3779b97f4a7c15U ^
	    (number + 1) * 0xbf58476d1ce4e5b9U;
	if (d->state == 0)
		d->state = 1;
	(void)dice_roll(d, 2);
	(void)dice_roll(d, 2);
}

size_t
dice_roll(struct dice *d, size_t n)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (size_t)((d->state * 0x2545f4914f6cdd1dU) >> 33) % n;
}

static char *
mutation_param(char *to, const char *name, size_t len, const char *value)
{
	to = mempcpy(to, name, len);
	*to++ = '\0';
	return stpcpy(to, value) + 1;
}

/* The parameters of a request, without their netstring. */
static size_t
mutation_block(char *to, const char *method, const char *uri,
    const char *more, size_t body)
{
	char length[24], list[256], *rest = list, *pair, *start = to;
	size_t n;

	(void)snprintf(length, sizeof length, "%zu", body);
	(void)snprintf(list, sizeof list, "%s", more);
	to = mutation_param(to, "CONTENT_LENGTH", 14, length);
	to = mutation_param(to, "REQUEST_METHOD", 14, method);
	to = mutation_param(to, "REQUEST_URI", 11, uri);
	to = mutation_param(to, "QUERY_STRING", 12,
	    uri[strcspn(uri, "?")] != '\0' ? strchr(uri, '?') + 1 : "");
	to = mutation_param(to, "SCGI", 4, "1");
	while ((pair = strsep(&rest, "|")) != NULL && *pair != '\0') {
		n = strcspn(pair, ":");
		to = mutation_param(to, pair, n, pair + n + 1);
	}
	return (size_t)(to - start);
}

/* Put the netstring around a block, and the body behind it. */
static size_t
mutation_wrap(char *to, const char *block, size_t len, const char *body,
    size_t body_len)
{
	char *p = to + sprintf(to, "%zu:", len);

	p = mempcpy(p, block, len);
	*p++ = ',';
	p = mempcpy(p, body, body_len);
	return (size_t)(p - to);
}

/* Move what is behind `at` by `by` bytes, as far as there is room. */
static size_t
mutation_widen(char *bytes, size_t len, size_t at, size_t by)
{
	if (len + by > MUTATION_MAX / 2)
		return 0;
	memmove(bytes + at + by, bytes + at, len - at);
	return by;
}

/* A copy of some bytes, put somewhere else. */
static size_t
mutation_copy(struct dice *d, char *bytes, size_t len)
{
	char chunk[256];
	size_t n = 1 + dice_roll(d, len < sizeof chunk ? len : sizeof chunk);
	size_t from = dice_roll(d, len - n + 1), at = dice_roll(d, len + 1);
	size_t times = dice_roll(d, 8) == 0 ? 16 : 1;

	memcpy(chunk, bytes + from, n);
	while (times-- > 0 && mutation_widen(bytes, len, at, n) > 0) {
		memcpy(bytes + at, chunk, n);
		len += n;
	}
	return len;
}

/* Some bytes out of nowhere. */
static size_t
mutation_insert(struct dice *d, char *bytes, size_t len)
{
	size_t n = 1 + dice_roll(d, 16), at = dice_roll(d, len + 1), i;

	if (mutation_widen(bytes, len, at, n) == 0)
		return len;
	for (i = 0; i < n; i++)
		bytes[at + i] = dice_roll(d, 2) == 0 ?
		    (char)dice_roll(d, 256) :
		    telling[dice_roll(d, sizeof telling - 1)];
	return len + n;
}

/* A number becomes another one: one more or less, huge, or nothing like it. */
static size_t
mutation_number(struct dice *d, char *bytes, size_t len)
{
	static const char *const odd[] = { "-1", "0", "00", "4294967296",
	    "9223372036854775807", "9223372036854775808",
	    "18446744073709551616", "+1", "0x10", " 1", "1e9", "" };
	char text[32];
	size_t at = dice_roll(d, len), end, n;
	unsigned long value;

	while (at < len && (bytes[at] < '0' || bytes[at] > '9'))
		at++;
	for (end = at; end < len && bytes[end] >= '0' && bytes[end] <= '9';)
		end++;
	if (at == len || end - at > 18)
		return len;
	(void)snprintf(text, sizeof text, "%.*s", (int)(end - at), bytes + at);
	value = strtoul(text, NULL, 10);
	if (dice_roll(d, 2) == 0)
		(void)snprintf(text, sizeof text, "%lu",
		    value - 2 + dice_roll(d, 5));
	else
		(void)strcpy(text, odd[dice_roll(d,
		    sizeof odd / sizeof odd[0])]);
	n = strlen(text);
	if (len + n > MUTATION_MAX / 2)
		return len;
	memmove(bytes + at + n, bytes + end, len - end);
	memcpy(bytes + at, text, n);
	return len - (end - at) + n;
}

/* Spoil once. Returns the new length, which may be 0. */
static size_t
mutation_spoil(struct dice *d, char *bytes, size_t len)
{
	size_t at, n;

	if (len == 0)
		return mutation_insert(d, bytes, len);
	at = dice_roll(d, len);
	switch (dice_roll(d, 8)) {
	case 0:
		bytes[at] ^= (char)(1 << dice_roll(d, 8));
		return len;
	case 1:
		bytes[at] = (char)dice_roll(d, 256);
		return len;
	case 2:
		bytes[at] = telling[dice_roll(d, sizeof telling - 1)];
		return len;
	case 3:
		return dice_roll(d, 4) == 0 ? at : len;
	case 4:
		n = 1 + dice_roll(d, len - at < 32 ? len - at : 32);
		memmove(bytes + at, bytes + at + n, len - at - n);
		return len - n;
	case 5:
		return mutation_insert(d, bytes, len);
	case 6:
		return mutation_copy(d, bytes, len);
	default:
		return mutation_number(d, bytes, len);
	}
}

size_t
mutation_make(struct dice *d, char *to)
{
	static char block[MUTATION_MAX], body[MUTATION_MAX];
	size_t row = dice_roll(d, sizeof valid / sizeof valid[0]);
	size_t body_len = strlen(valid[row].body), len, n;
	size_t where = dice_roll(d, 4), times = 1 + dice_roll(d, 4);

	memcpy(body, valid[row].body, body_len);
	for (n = 0; where == 0 && n < times; n++)
		body_len = mutation_spoil(d, body, body_len);
	if (body_len > MUTATION_MAX / 4)
		body_len = MUTATION_MAX / 4;
	len = mutation_block(block, valid[row].method, valid[row].uri,
	    valid[row].more, body_len);
	for (n = 0; where == 1 && n < times; n++)
		len = mutation_spoil(d, block, len);
	len = mutation_wrap(to, block, len, body, body_len);
	for (n = 0; where >= 2 && n < times; n++)
		len = mutation_spoil(d, to, len);
	return len;
}

size_t
mutation_good(struct dice *d, char *to, const char **begins,
    const char **ends, size_t *ends_len)
{
	static char block[1024], body[1000];
	size_t i, len;

	*begins = "Status: 200 OK\r\nContent-Type: ";
	if (dice_roll(d, 2) == 0) {
		*ends = "\r\n\r\nhello\n";
		*ends_len = strlen(*ends);
		len = mutation_block(block, "GET", "/m/hello.sh",
		    "HTTP_HOST:a.example", 0);
		return mutation_wrap(to, block, len, "", 0);
	}
	for (i = 0; i < sizeof body; i++)
		body[i] = (char)dice_roll(d, 256);
	*ends = body;
	*ends_len = sizeof body;
	len = mutation_block(block, "POST", "/m/mirror.sh",
	    "HTTP_HOST:a.example", sizeof body);
	return mutation_wrap(to, block, len, body, sizeof body);
}
