/* SPDX-License-Identifier: ISC */
/*
 * reply: what a program prints becomes a canonical block or is refused. The
 * first byte of the input is the style, the rest the program's output.
 */
#include "platform.h"

#include "reply.h"

#include <strings.h>

#include "fuzz.h"

/* Beginnings of names that must not get out; the last two by x_accel only. */
static const char *const dropped[] = {
	"Connection:", "Keep-Alive:", "Proxy-Authenticate:", "Trailer:",
	"Proxy-Authorization:", "Proxy-Connection:", "TE:", "Upgrade:",
	"Transfer-Encoding:", "X-CGI-", "X-Accel-", "X-Sendfile:",
};
#define N_DROPPED	(sizeof dropped / sizeof dropped[0])

static int
reply_begins(const char *line, const char *with)
{
	return strncasecmp(line, with, strlen(with)) == 0;
}

static int
reply_is_dropped(const char *line, const struct reply_style *style)
{
	size_t i, n = style->x_accel ? N_DROPPED - 2 : N_DROPPED;

	for (i = 0; i < n; i++)
		if (reply_begins(line, dropped[i]))
			return 1;
	return 0;
}

static int
reply_is_ours(const char *line)
{
	return reply_begins(line, "Status:") || reply_begins(line, "Location:") ||
	    reply_begins(line, "Content-Type:") ||
	    reply_begins(line, "Content-Length:");
}

/* "Name: value", no control character, a name that is one word. */
static void
reply_look_at_field(const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t i;

	FUZZ_TRUE(colon != NULL && colon > line && colon[1] == ' ');
	for (i = 0; i < len; i++)
		FUZZ_TRUE(((unsigned char)line[i] >= 0x20 && line[i] != 0x7f) ||
		    line[i] == '\t');
	for (; line < colon; line++)
		FUZZ_TRUE(*line > 0x20 && *line < 0x7f);
}

/* Status first, CRLF everywhere, one empty line at the end, each field once. */
static void
reply_look_at(const struct reply *r, const struct reply_style *style)
{
	const char *line, *end = r->head + r->head_len, *crlf = r->head;
	const char *first = style->http ? "HTTP/1.1 " : "Status: ";
	int n = 0, ours = 0, inside = 0;

	FUZZ_TRUE(r->head_len > 4 && strncmp(r->head, first, strlen(first)) == 0);
	FUZZ_TRUE(atoi(r->head + strlen(first)) == r->status);
	FUZZ_TRUE(r->status >= 200 && r->status <= 599);
	FUZZ_TRUE(!r->no_body || !r->has_length);
	for (line = r->head; line < end; line = crlf + 2) {
		crlf = memmem(line, (size_t)(end - line), "\r\n", 2);
		FUZZ_TRUE(crlf != NULL);
		if (crlf == line)
			break;
		if (n++ > 0 || !style->http)
			reply_look_at_field(line, (size_t)(crlf - line));
		inside += style->redirect_inside && n == 2 &&
		    reply_begins(line, "X-Accel-Redirect: /");
		FUZZ_TRUE(!reply_is_dropped(line, style) ||
		    (inside == 1 && n == 2));
		ours += reply_is_ours(line);
	}
	FUZZ_TRUE(crlf + 2 == end && line > r->head);
	FUZZ_TRUE(ours <= 4 && (!inside || (!style->http && r->no_body)));
}

/*
 * Each line of the program's that is its own business is there. An accepted
 * block has no NUL in it, so that a copy of it is a string.
 */
static void
reply_keeps(const struct reply *r, const char *block, size_t len,
    const struct reply_style *style)
{
	const char *line, *lf, *end, *colon, *value;
	char *want, *copy = strndup(block, len);
	int n, has_status = 0;

	FUZZ_TRUE(copy != NULL && strlen(copy) == len);
	for (line = copy; (lf = strchr(line, '\n')) != NULL; line = lf + 1) {
		end = lf > line && lf[-1] == '\r' ? lf - 1 : lf;
		if (end == line)
			break;
		has_status |= reply_begins(line, "Status:");
		if (reply_is_ours(line) || reply_is_dropped(line, style))
			continue;
		FUZZ_TRUE((colon = strchr(line, ':')) != NULL && colon < end);
		for (value = colon + 1; value < end && (*value == ' ' || *value == '\t');)
			value++;
		while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		n = asprintf(&want, "\r\n%.*s: %.*s\r\n", (int)(colon - line),
		    line, (int)(end - value), value);
		FUZZ_TRUE(n > 0 && memmem(r->head, r->head_len, want,
		    (size_t)n) != NULL);
		free(want);
	}
	free(copy);
	/* RFC 3875 6.2.3 */
	FUZZ_TRUE(has_status || r->status == (memmem(r->head, r->head_len,
	    "\r\nLocation: ", 12) != NULL ? 302 : 200));
}

/* The canonical block is its own canonical block. */
static void
reply_again(const struct reply *r, const struct reply_style *style)
{
	struct reply again;
	size_t at, seen = 0;

	FUZZ_TRUE(reply_find_end(r->head, r->head_len, &seen) == r->head_len);
	if (style->http || style->redirect_inside)
		return;
	FUZZ_TRUE(reply_make(r->head, r->head_len, style, &again, &at) ==
	    CAUSE_NONE);
	FUZZ_TRUE(again.head_len == r->head_len &&
	    memcmp(again.head, r->head, r->head_len) == 0);
	FUZZ_TRUE(again.has_length == r->has_length && !again.chunked &&
	    again.no_body == r->no_body);
	FUZZ_TRUE(!r->has_length || (again.length == r->length && !r->chunked));
	free(again.head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data + 1;
	struct reply_style style;
	struct reply r;
	size_t end, at = 0, seen = 0, seen_too = 0, n;
	enum cause cause;

	if (len-- == 0)
		return 0;
	style = (struct reply_style){ .http = (data[0] & 1) != 0,
		.x_accel = (data[0] & 2) != 0, .head = (data[0] & 4) != 0,
		.redirect_inside = (data[0] & 8) != 0 };
	end = reply_find_end(text, len, &seen);
	for (n = at = 0; n < len && at == 0;)
		at = reply_find_end(text, ++n, &seen_too);
	FUZZ_TRUE(at == end && end <= len && seen == seen_too);
	if (end == 0)
		return 0;
	cause = reply_make(text, end, &style, &r, &at);
	if (cause != CAUSE_NONE) {
		FUZZ_TRUE(cause_status(cause) == 502 && at < end);
		FUZZ_TRUE(at == 0 || text[at - 1] == '\n');
		return 0;
	}
	reply_look_at(&r, &style);
	reply_keeps(&r, text, end, &style);
	reply_again(&r, &style);
	free(r.head);
	return 0;
}
