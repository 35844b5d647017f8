/* SPDX-License-Identifier: ISC */
/*
 * chunk: whatever the pieces in which a body arrives, the same content comes
 * out; content that is put into chunks comes out as it was.
 */
#include "platform.h"

#include "chunk.h"

#include <errno.h>

#include "fuzz.h"

/* What has come out of a decoder. */
struct content {
	struct chunk	 chunk;
	enum cause	 cause;
	char		*bytes;
	size_t		 len;
	size_t		 bad;		/* where the bad line begins, of the body */
};

/* Push pieces of `step` bytes; the content has at most as many as came in. */
static void
chunk_feed(struct content *c, const char *bytes, size_t len, size_t step)
{
	size_t i, n, out, at = 0;
	char *piece;

	*c = (struct content){ .bytes = malloc(len + 1) };
	FUZZ_TRUE(c->bytes != NULL);
	for (i = 0; i < len && c->cause == CAUSE_NONE; i += n) {
		n = out = len - i < step ? len - i : step;
		FUZZ_TRUE((piece = malloc(n)) != NULL);
		memcpy(piece, bytes + i, n);
		c->cause = chunk_push(&c->chunk, piece, &out, &at);
		FUZZ_TRUE(out <= n && at <= n);
		memcpy(c->bytes + c->len, piece, out);
		c->len += out;
		c->bad = i + at;
		free(piece);
	}
	FUZZ_TRUE(c->cause == CAUSE_NONE || c->cause == CAUSE_BAD_CHUNK);
	FUZZ_TRUE(c->cause == CAUSE_NONE || !chunk_is_done(&c->chunk));
}

/* A whole body, decoded in the plainest way. */
static void
chunk_plainly(const struct content *c, const char *bytes, size_t len)
{
	const char *end = bytes + len, *line;
	size_t out = 0, n;

	do {
		errno = 0;
		n = strtoull(bytes, NULL, 16);
		FUZZ_TRUE(errno == 0);
		line = memmem(bytes, (size_t)(end - bytes), "\r\n", 2);
		FUZZ_TRUE(line != NULL && n <= c->len - out);
		FUZZ_TRUE(memcmp(c->bytes + out, line + 2, n) == 0);
		out += n;
		bytes = line + 2 + n + 2;
	} while (n > 0);
	FUZZ_TRUE(out == c->len);
}

/* Behind the end everything is dropped, behind a fault nothing is taken. */
static void
chunk_after(struct content *c)
{
	char more[] = "1\r\nx\r\n0\r\n\r\n";
	size_t len = sizeof more - 1, at;
	enum cause cause;

	if (c->cause == CAUSE_NONE && !chunk_is_done(&c->chunk))
		return;
	cause = chunk_push(&c->chunk, more, &len, &at);
	FUZZ_TRUE(cause == c->cause && len == 0);
}

/* Any bytes at all, put into chunks of `step`, are these bytes again. */
static void
chunk_again(const char *bytes, size_t len, size_t step)
{
	struct content c;
	char *body;
	size_t i, n, body_len;
	FILE *to = open_memstream(&body, &body_len);

	FUZZ_TRUE(to != NULL);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		(void)fprintf(to, i % 2 != 0 ? "%zx\r\n" : "0%zX;a=b\r\n", n);
		(void)fwrite(bytes + i, 1, n, to);
		(void)fputs("\r\n", to);
	}
	(void)fputs("0\r\nA: b\r\n\r\n", to);
	(void)fclose(to);
	chunk_feed(&c, body, body_len, step);
	FUZZ_TRUE(chunk_is_done(&c.chunk) && c.len == len);
	FUZZ_TRUE(memcmp(c.bytes, bytes, len) == 0);
	free(c.bytes);
	free(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *bytes = (const char *)data;
	size_t step = len > 2 ? 1 + data[len / 2] % (len / 2) : 1;
	struct content whole, pieces;

	if (len == 0)
		return 0;
	chunk_feed(&whole, bytes, len, len);
	chunk_feed(&pieces, bytes, len, step);
	FUZZ_TRUE(whole.cause == pieces.cause && whole.len == pieces.len);
	FUZZ_TRUE(memcmp(whole.bytes, pieces.bytes, whole.len) == 0);
	FUZZ_TRUE(whole.chunk.state == pieces.chunk.state);
	FUZZ_TRUE(whole.cause == CAUSE_NONE || whole.bad == 0 ||
	    bytes[whole.bad - 1] == '\n' || whole.len > 0);
	if (chunk_is_done(&whole.chunk))
		chunk_plainly(&whole, bytes, len);
	chunk_after(&whole);
	chunk_after(&pieces);
	chunk_again(bytes, len, step);
	free(whole.bytes);
	free(pieces.bytes);
	return 0;
}
