/* SPDX-License-Identifier: ISC */
/*
 * reply: the program's header block, and the canonical one made from it.
 *
 * Pure. Only bytes that have been looked at get into the canonical block:
 * names are tokens, values have no control characters, so nothing a program
 * prints can split the reply or reach the front end's own fields.
 */
#include "platform.h"

#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token.h"
#include "units.h"

/* A piece of the program's block. */
struct slice {
	const char	*at;
	size_t		 len;
};
#define SLICE(literal)	{ (literal), sizeof (literal) - 1 }

/* What the block says, before it is written anew. */
struct fields {
	int		status;		/* 0: none given */
	struct slice	status_field, reason, location, type, length_field;
	bool		has_length, chunked;
	uint64_t	length;
	bool		has_options;	/* X-Content-Type-Options */
	bool		inside;		/* the front end is to redirect */
	bool		empty;		/* such a reply has no body */
};

/* Fields that concern one connection only, or that a script must not set. */
static const struct slice dropped[] = {
	SLICE("Connection"), SLICE("Keep-Alive"), SLICE("Proxy-Authenticate"),
	SLICE("Proxy-Authorization"), SLICE("Proxy-Connection"), SLICE("TE"),
	SLICE("Trailer"), SLICE("Transfer-Encoding"), SLICE("Upgrade"),
	{ NULL, 0 }
};

/* Fields of which one only may be sent; written by reply_make itself. */
static const struct slice ours[] = {
	SLICE("Status"), SLICE("Location"), SLICE("Content-Type"),
	SLICE("Content-Length"), { NULL, 0 }
};

static const struct {
	int		 status;
	const char	*reason;
} reasons[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
	{ 203, "Non-Authoritative Information" }, { 204, "No Content" },
	{ 205, "Reset Content" }, { 206, "Partial Content" },
	{ 207, "Multi-Status" }, { 208, "Already Reported" },
	{ 226, "IM Used" }, { 300, "Multiple Choices" },
	{ 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" },
	{ 304, "Not Modified" }, { 305, "Use Proxy" },
	{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
	{ 400, "Bad Request" }, { 401, "Unauthorized" },
	{ 402, "Payment Required" }, { 403, "Forbidden" },
	{ 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" }, { 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" }, { 409, "Conflict" }, { 410, "Gone" },
	{ 411, "Length Required" }, { 412, "Precondition Failed" },
	{ 413, "Content Too Large" }, { 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" }, { 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" }, { 421, "Misdirected Request" },
	{ 422, "Unprocessable Content" }, { 423, "Locked" },
	{ 424, "Failed Dependency" }, { 425, "Too Early" },
	{ 426, "Upgrade Required" }, { 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 451, "Unavailable For Legal Reasons" },
	{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
	{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" },
	{ 506, "Variant Also Negotiates" }, { 507, "Insufficient Storage" },
	{ 508, "Loop Detected" }, { 511, "Network Authentication Required" },
};

const char *
reply_reason(int status)
{
	size_t i;

	for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

size_t
reply_find_end(const char *bytes, size_t len, size_t *seen)
{
	const char *p = bytes + *seen, *end = bytes + len, *line;

	/* *seen is always the start of a line that is not complete yet. */
	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		line = bytes + *seen;
		p++;
		*seen = (size_t)(p - bytes);
		if (p - line == 1 || (p - line == 2 && line[0] == '\r'))
			return *seen;
	}
	return 0;
}

static bool
reply_same(struct slice name, struct slice other)
{
	return name.len == other.len &&
	    token_same(name.at, other.at, name.len);
}

static bool
reply_is(struct slice name, const char *literal)
{
	return reply_same(name, (struct slice){ literal, strlen(literal) });
}

static bool
reply_is_among(struct slice name, const struct slice *list)
{
	for (; list->at != NULL; list++)
		if (reply_same(name, *list))
			return true;
	return false;
}

static bool
reply_begins(struct slice s, const char *literal)
{
	return s.len >= strlen(literal) &&
	    token_same(s.at, literal, strlen(literal));
}

/* Should a field be kept from the front end (RFC 3875 6.3.4, 6.3.5)? */
static bool
reply_is_dropped(struct slice name, const struct reply_style *style)
{
	if (reply_is_among(name, dropped) || reply_begins(name, "X-CGI-"))
		return true;
	return !style->x_accel && (reply_begins(name, "X-Accel-") ||
	    reply_is(name, "X-Sendfile"));
}

/* No control character but the tab: no NUL, no bare CR (RFC 9110 5.5). */
static bool
reply_is_value(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (((unsigned char)s.at[i] < 0x20 && s.at[i] != '\t') ||
		    s.at[i] == 0x7f)
			return false;
	return true;
}

static struct slice
reply_trim(struct slice s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t')) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && (s.at[s.len - 1] == ' ' ||
	    s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* "NNN" or "NNN Reason", NNN from 200 to 599 (RFC 3875 6.3.3). */
static enum cause
reply_status(struct slice s, struct fields *f)
{
	int i, status = 0;

	if (s.len < 3 || (s.len > 3 && s.at[3] != ' ' && s.at[3] != '\t'))
		return CAUSE_STATUS_FORM;
	for (i = 0; i < 3; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return CAUSE_STATUS_FORM;
		status = status * 10 + s.at[i] - '0';
	}
	if (status < 200 || status > 599)
		return CAUSE_STATUS_RANGE;
	f->status = status;
	f->reason = reply_trim((struct slice){ s.at + 3, s.len - 3 });
	return CAUSE_NONE;
}

static enum cause
reply_length(struct slice s, struct fields *f)
{
	uint64_t n = 0;
	size_t i;

	if (s.len == 0 || s.len > 18)
		return CAUSE_LENGTH_FORM;
	for (i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return CAUSE_LENGTH_FORM;
		n = n * 10 + (uint64_t)(s.at[i] - '0');
	}
	if (f->has_length && f->length != n)
		return CAUSE_LENGTHS_DIFFER;
	f->has_length = true;
	f->length = n;
	f->length_field = s;
	return CAUSE_NONE;
}

/*
 * The one coding that can be taken off. It comes once: RFC 9112 6.1 forbids
 * to apply it twice.
 */
static enum cause
reply_coding(struct slice s, struct fields *f)
{
	if (f->chunked || !reply_is(s, "chunked"))
		return CAUSE_CODING;
	f->chunked = true;
	return CAUSE_NONE;
}

/* Take the line that begins at *p off the block; false at the empty line. */
static bool
reply_line(const char **p, const char *end, struct slice *line)
{
	const char *lf = memchr(*p, '\n', (size_t)(end - *p));

	*line = (struct slice){ *p, (size_t)((lf != NULL ? lf : end) - *p) };
	*p = lf != NULL ? lf + 1 : end;
	if (line->len > 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return line->len > 0;
}

/* A line to name and value; false without a colon. */
static bool
reply_split(struct slice line, struct slice *name, struct slice *value)
{
	const char *colon = memchr(line.at, ':', line.len);

	if (colon == NULL)
		return false;
	*name = (struct slice){ line.at, (size_t)(colon - line.at) };
	*value = reply_trim((struct slice){ colon + 1,
	    line.len - name->len - 1 });
	return true;
}

/* The same, looked at. No continuations (RFC 3875 6.3). */
static enum cause
reply_field(struct slice line, struct slice *name, struct slice *value)
{
	if (line.at[0] == ' ' || line.at[0] == '\t')
		return CAUSE_CONTINUATION;
	if (!reply_split(line, name, value))
		return CAUSE_NO_COLON;
	if (!token_is(name->at, name->len))
		return CAUSE_BAD_FIELD_NAME;
	if (!reply_is_value(*value))
		return CAUSE_BAD_FIELD_VALUE;
	return CAUSE_NONE;
}

/* A CGI field may stand once (RFC 3875 6.3); the same again does no harm. */
static enum cause
reply_once(struct slice value, struct slice *field)
{
	if (field->len > 0 && (field->len != value.len ||
	    memcmp(field->at, value.at, value.len) != 0))
		return CAUSE_FIELD_TWICE;
	*field = value;
	return CAUSE_NONE;
}

/* Note the fields that decide what kind of reply this is. */
static enum cause
reply_note(struct slice name, struct slice value, struct fields *f)
{
	enum cause cause;

	if (value.len == 0)
		return CAUSE_NONE;		/* as if not sent, RFC 3875 6.3 */
	if (reply_is(name, "Content-Length"))
		return reply_length(value, f);
	if (reply_is(name, "Transfer-Encoding"))
		return reply_coding(value, f);
	if (reply_is(name, "X-Content-Type-Options"))
		f->has_options = true;
	if (reply_is(name, "Location"))
		return reply_once(value, &f->location);
	if (reply_is(name, "Content-Type"))
		return reply_once(value, &f->type);
	if (!reply_is(name, "Status"))
		return CAUSE_NONE;
	cause = reply_once(value, &f->status_field);
	return cause != CAUSE_NONE ? cause : reply_status(value, f);
}

/* First pass: look at every line. *at is the offset of a bad one. */
static enum cause
reply_read(const char *block, size_t len, struct fields *f, size_t *at)
{
	const char *p = block;
	enum cause cause;
	struct slice line, name, value;

	*at = 0;
	while (reply_line(&p, block + len, &line)) {
		*at = (size_t)(line.at - block);
		if ((cause = reply_field(line, &name, &value)) == CAUSE_NONE)
			cause = reply_note(name, value, f);
		if (cause != CAUSE_NONE)
			return cause;
	}
	if (f->status == 0 && f->location.len == 0 && f->type.len == 0) {
		*at = 0;
		return CAUSE_NO_CGI_FIELD;
	}
	return CAUSE_NONE;
}

static char *
reply_put(char *to, const char *name, struct slice value)
{
	to = stpcpy(stpcpy(to, name), ": ");
	to = mempcpy(to, value.at, value.len);
	return stpcpy(to, "\r\n");
}

/* The first line. A reason of the program's own is kept. */
static char *
reply_put_status(char *to, int status, struct slice reason, bool http)
{
	to = stpcpy(to, http ? "HTTP/1.1 " : "Status: ");
	to = units_digits(to, (uint64_t)status);
	*to++ = ' ';
	if (reason.len > 0)
		to = mempcpy(to, reason.at, reason.len);
	else
		to = stpcpy(to, reply_reason(status));
	return stpcpy(to, "\r\n");
}

/* Second pass: copy the fields that are neither ours nor to be dropped. */
static char *
reply_put_others(char *to, const char *block, size_t len,
    const struct reply_style *style)
{
	const char *p = block;
	struct slice line, name, value;

	while (reply_line(&p, block + len, &line)) {
		if (!reply_split(line, &name, &value) ||
		    reply_is_among(name, ours) || reply_is_dropped(name, style))
			continue;
		to = mempcpy(to, name.at, name.len);
		to = stpcpy(to, ": ");
		to = mempcpy(to, value.at, value.len);
		to = stpcpy(to, "\r\n");
	}
	return to;
}

/* What kind of reply it is, and so what becomes of its body. */
static void
reply_decide(struct fields *f, const struct reply_style *style,
    struct reply *out)
{
	/* RFC 3875 6.2.2 and 6.2.3: what a Location without Status means. */
	bool local = f->location.len > 0 && f->status == 0 &&
	    f->location.at[0] == '/' && !reply_begins(f->location, "//");

	f->inside = local && style->redirect_inside && !style->http;
	if (f->status == 0)
		f->status = f->location.len > 0 && !f->inside ? 302 : 200;
	f->empty = f->inside || f->status == 204 || f->status == 205 ||
	    f->status == 304;
	/* The length of what is left out; but that of a 304 is of a 200. */
	if (f->chunked || (f->empty && f->status != 304))
		f->has_length = false;
	*out = (struct reply){
		.status = f->status,
		.no_body = f->empty || style->head,
		.chunked = f->chunked,
		.length = f->length,
	};
	out->has_length = f->has_length && !out->no_body;
}

enum cause
reply_make(const char *block, size_t len, const struct reply_style *style,
    struct reply *out, size_t *at)
{
	struct fields f = { .status = 0 };
	enum cause cause = reply_read(block, len, &f, at);
	char *to;

	if (cause != CAUSE_NONE)
		return cause;
	reply_decide(&f, style, out);
	/* A line grows by ": " and CRLF at most; the rest is the first line. */
	if ((out->head = malloc(3 * len + 128)) == NULL)
		return CAUSE_MEMORY;
	to = reply_put_status(out->head, f.status, f.reason, style->http);
	if (f.type.len > 0 && !f.inside)
		to = reply_put(to, "Content-Type", f.type);
	if (f.location.len > 0)
		to = reply_put(to, f.inside ? "X-Accel-Redirect" : "Location",
		    f.location);
	if (f.has_length)
		to = reply_put(to, "Content-Length", f.length_field);
	if (f.type.len == 0 && f.location.len == 0 && !f.empty &&
	    !f.has_options)
		/* No type is guessed here (RFC 3875 6.3.1), nor elsewhere. */
		to = stpcpy(to, "X-Content-Type-Options: nosniff\r\n");
	to = reply_put_others(to, block, len, style);
	to = stpcpy(to, "\r\n");
	out->head_len = (size_t)(to - out->head);
	return CAUSE_NONE;
}

char *
reply_document(int status, const char *why, const char *fields,
    const struct reply_style *style, size_t *len)
{
	const char *reason = reply_reason(status);
	const char *gap = why != NULL ? "\n" : "";
	size_t body;
	char *text;
	int n;

	why = why != NULL ? why : "";
	body = (size_t)snprintf(NULL, 0, "%d %s\n%s%s%s", status, reason, gap,
	    why, gap);
	n = asprintf(&text, "%s %d %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: %zu\r\n"
	    "X-Content-Type-Options: nosniff\r\n"
	    "%s\r\n"
	    "%d %s\n%s%s%s",
	    style->http ? "HTTP/1.1" : "Status:", status, reason, body, fields,
	    status, reason, gap, why, gap);
	if (n == -1)
		return NULL;
	*len = (size_t)n - (style->head ? body : 0);
	return text;
}
