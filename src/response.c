/* SPDX-License-Identifier: ISC */
/*
 * response: what a gateway's header block says, as a web server reads it.
 *
 * Pure. What one of the web servers refuses, or passes on to its client's
 * harm, is refused: a gateway that sends it does not work, whoever looks.
 */
#include "platform.h"

#include "response.h"

#include <string.h>

#include "reply.h"
#include "token.h"

/* A line without its end. */
struct response_line {
	const char	*text;
	size_t		 len;
};

/* Is this a field of that name? Its value then, without blanks around it. */
static bool
response_field(const struct response_line *line, const char *name,
    struct response_line *value)
{
	size_t len = strlen(name);

	if (line->len <= len || line->text[len] != ':' ||
	    strncasecmp(line->text, name, len) != 0)
		return false;
	*value = (struct response_line){ line->text + len + 1,
	    line->len - len - 1 };
	while (value->len > 0 &&
	    (*value->text == ' ' || *value->text == '\t')) {
		value->text++;
		value->len--;
	}
	while (value->len > 0 && (value->text[value->len - 1] == ' ' ||
	    value->text[value->len - 1] == '\t'))
		value->len--;
	return true;
}

static bool
response_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "NNN Reason" or "NNN". */
static const char *
response_status(const struct response_line *line, struct response *r)
{
	const char *p = line->text;
	size_t i, len;

	if (line->len < 3 || !response_is_digit(p[0]) ||
	    !response_is_digit(p[1]) || !response_is_digit(p[2]) ||
	    (line->len > 3 && p[3] != ' '))
		return "the status is not three digits and a reason";
	r->status = (p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0';
	if (r->status < 200 || r->status > 599)
		return "the status is not from 200 to 599";
	len = line->len > 4 ? line->len - 4 : 0;
	if (len >= sizeof r->reason)
		len = sizeof r->reason - 1;
	for (i = 0; i < len; i++)
		r->reason[i] = (unsigned char)p[4 + i] < 0x20 ||
		    (unsigned char)p[4 + i] >= 0x7f ? '?' : p[4 + i];
	r->reason[len] = '\0';
	return NULL;
}

static const char *
response_length(const struct response_line *value, struct response *r)
{
	size_t i;

	r->length = 0;
	for (i = 0; i < value->len; i++)
		if (!response_is_digit(value->text[i]) ||
		    __builtin_mul_overflow(r->length, 10U, &r->length) ||
		    __builtin_add_overflow(r->length,
		    (unsigned)(value->text[i] - '0'), &r->length))
			return "Content-Length is not a number";
	r->has_length = value->len > 0;
	return NULL;
}

/* "HTTP/1.1 " with any minor version. */
static bool
response_is_http(const struct response_line *line)
{
	return line->len > 9 && strncmp(line->text, "HTTP/1.", 7) == 0 &&
	    response_is_digit(line->text[7]) && line->text[8] == ' ';
}

/* What no line may have, whatever it says (RFC 9110 5.5). */
static const char *
response_verify(const struct response_line *line)
{
	size_t i;

	if (*line->text == ' ' || *line->text == '\t')
		return "a header line that begins with a blank";
	for (i = 0; i < line->len; i++)
		if (((unsigned char)line->text[i] < 0x20 &&
		    line->text[i] != '\t') || line->text[i] == 0x7f)
			return "a control character in the header";
	return NULL;
}

/* One line of the block. */
static const char *
response_take(const struct response_line *line, bool first, struct response *r,
    bool *location)
{
	struct response_line value;
	const char *colon, *why;

	if ((why = response_verify(line)) != NULL)
		return why;
	if (first && response_is_http(line)) {
		value = (struct response_line){ line->text + 9, line->len - 9 };
		return response_status(&value, r);
	}
	if ((colon = memchr(line->text, ':', line->len)) == NULL)
		return "a header line without a colon";
	if (!token_is(line->text, (size_t)(colon - line->text)))
		return "a header name that is none";
	if (response_field(line, "Status", &value) && r->status == 0)
		return response_status(&value, r);
	if (response_field(line, "Content-Length", &value))
		return response_length(&value, r);
	if (response_field(line, "Location", &value))
		*location = true;
	return NULL;
}

const char *
response_parse(const char *block, size_t len, struct response *r)
{
	const char *p = block, *end = block + len, *eol, *why;
	struct response_line line;
	bool location = false;

	*r = (struct response){ 0 };
	for (; p < end; p = eol + 1) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		line = (struct response_line){ p, (size_t)(eol - p) };
		if (line.len > 0 && p[line.len - 1] == '\r')
			line.len--;
		if (line.len == 0 && p == block)
			return "a header without a line";
		if (line.len == 0)
			break;
		why = response_take(&line, p == block, r, &location);
		if (why != NULL)
			return why;
	}
	if (r->status == 0) {
		r->status = location ? 302 : 200;
		(void)strncpy(r->reason, reply_reason(r->status),
		    sizeof r->reason - 1);
	}
	return NULL;
}
