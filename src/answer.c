/* SPDX-License-Identifier: ISC */
/*
 * answer: the reply, from the program's standard output to the client.
 *
 * While the header is incomplete, bytes only gather; then the canonical header
 * becomes the lead of the flow and what follows passes through, without the
 * framing if it comes in chunks. The buffer has a fixed size: when it is full,
 * the program is not read. Bulk that is not to be looked at goes past it.
 */
#include "platform.h"

#include "answer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A piece of the answer that is large, in bytes. */
#define ANSWER_BULK	(FLOW_SIZE / 2)

void
answer_free(struct answer *a)
{
	flow_free(&a->flow);
}

void
answer_begin(struct answer *a, const struct reply_style *style, bool raw,
    size_t max_header)
{
	*a = (struct answer){
		.state = raw ? ANSWER_BODY : ANSWER_HEADER,
		.style = *style,
		.raw = raw,
		.max_header = max_header,
	};
	flow_lend(&a->flow, max_header > FLOW_SIZE ? max_header : FLOW_SIZE);
}

int
answer_keep(struct answer *a)
{
	return flow_keep(&a->flow);
}

bool
answer_has_room(const struct answer *a)
{
	return a->state != ANSWER_ENDED && flow_room(&a->flow) > 0;
}

/* Keep the bytes that are to blame, for the log. */
static enum answer_result
answer_blame(struct answer *a, enum cause cause, size_t at)
{
	size_t len = a->flow.len - at;
	const char *from, *end;

	/* Before anything has come there is no buffer. */
	from = len > 0 ? a->flow.buf + a->flow.off + at : "";
	if (len > sizeof a->offender - 1)
		len = sizeof a->offender - 1;
	if ((end = memchr(from, '\n', len)) != NULL && end > from)
		len = (size_t)(end - from);
	memcpy(a->offender, from, len);
	a->offender[len] = '\0';
	for (at = 0; at < len; at++)		/* show a NUL, too */
		if (a->offender[at] == '\0')
			a->offender[at] = '\1';
	a->cause = cause;
	a->broken = true;
	a->state = ANSWER_ENDED;
	flow_drop(&a->flow, a->flow.len);	/* none of it goes out */
	return ANSWER_BAD;
}

/* Drop body bytes that are not for the client or beyond what was promised. */
static void
answer_trim(struct answer *a, size_t fresh)
{
	size_t keep = a->drop ? 0 : fresh;

	if (a->has_length && keep > a->left)
		keep = (size_t)a->left;
	a->flow.len -= fresh - keep;
	a->left -= a->has_length ? keep : 0;
}

/* The last `fresh` bytes of the buffer are the program's body. */
static enum answer_result
answer_body(struct answer *a, size_t fresh)
{
	size_t len = fresh, at, start = a->flow.len - fresh;
	enum cause cause;

	if (a->chunked && !a->drop) {
		cause = chunk_push(&a->chunk,
		    a->flow.buf + a->flow.off + start, &len, &at);
		if (cause != CAUSE_NONE)
			return answer_blame(a, cause, start + at);
		a->flow.len = start + len;
	}
	answer_trim(a, len);
	if (chunk_is_done(&a->chunk))
		a->drop = true;		/* whatever else it writes */
	return ANSWER_MOVED;
}

/* More of the header has come: is it complete? */
static enum answer_result
answer_header(struct answer *a)
{
	const char *block = a->flow.buf + a->flow.off;
	struct reply reply;
	enum cause cause;
	size_t len, at;

	len = reply_find_end(block, a->flow.len, &a->seen);
	if (len > a->max_header || (len == 0 && a->flow.len >= a->max_header))
		return answer_blame(a, CAUSE_ANSWER_TOO_LARGE, 0);
	if (len == 0)
		return ANSWER_MOVED;
	cause = reply_make(block, len, &a->style, &reply, &at);
	if (cause == CAUSE_MEMORY)
		return ANSWER_NO_MEMORY;
	if (cause != CAUSE_NONE)
		return answer_blame(a, cause, at);
	if (reply.head_len > a->max_header) {
		free(reply.head);
		return answer_blame(a, CAUSE_ANSWER_TOO_LARGE, 0);
	}
	flow_drop(&a->flow, len);
	flow_lead(&a->flow, reply.head, reply.head_len);
	a->state = ANSWER_BODY;
	a->head_len = reply.head_len;
	a->status = reply.status;
	a->drop = reply.no_body;
	a->has_length = reply.has_length;
	a->left = reply.length;
	a->chunked = reply.chunked;
	return answer_body(a, a->flow.len);
}

/* What an NPH program says its status is; only for the log. */
static void
answer_sniff(struct answer *a)
{
	const char *p = a->flow.buf + a->flow.off;
	int i;

	if (a->sent > 0 || a->flow.len < 12)
		return;
	if (memcmp(p, "HTTP/1.", 7) == 0 && p[8] == ' ')
		p += 9;
	else if (memcmp(p, "Status: ", 8) == 0)
		p += 8;
	else
		return;
	for (i = 0; i < 3 && p[i] >= '0' && p[i] <= '9'; i++)
		a->status = a->status * 10 + p[i] - '0';
}

enum answer_result
answer_receive(struct answer *a, int fd, size_t most)
{
	ssize_t n = flow_fill(&a->flow, fd, most);

	a->stuck = false;
	if (n == -1)	/* which is not the end, and must not look like it */
		return errno == EAGAIN ? ANSWER_AGAIN : ANSWER_NO_MEMORY;
	if (n == 0)
		return answer_end(a);
	a->received += (uint64_t)n;
	a->bulk = n >= ANSWER_BULK;
	if (a->state == ANSWER_HEADER)
		return answer_header(a);
	if (a->raw && a->status == 0)
		answer_sniff(a);
	return answer_body(a, (size_t)n);
}

bool
answer_passes(const struct answer *a)
{
	return a->bulk && !a->by_hand && a->state == ANSWER_BODY && a->sent > 0 &&
	    !a->chunked && !a->drop && (!a->has_length || a->left > 0) &&
	    flow_pending(&a->flow) == 0;
}

enum answer_result
answer_pass(struct answer *a, int from, int to, size_t most)
{
	ssize_t n = flow_pass(from, to,
	    a->has_length && a->left < most ? (size_t)a->left : most);

	if (n == 0)
		return answer_end(a);
	if (n == -1 && errno == EAGAIN) {
		a->stuck = flow_waiting(from) > 0;
		return ANSWER_AGAIN;
	}
	if (n == -1) {		/* writing it will tell if the client is gone */
		a->by_hand = true;
		return answer_receive(a, from, most);
	}
	a->stuck = false;
	a->received += (uint64_t)n;
	a->sent += (uint64_t)n;
	a->left -= a->has_length ? (uint64_t)n : 0;
	return ANSWER_MOVED;
}

enum answer_result
answer_end(struct answer *a)
{
	a->stuck = false;
	if (a->state == ANSWER_HEADER || (a->raw && a->received == 0))
		return answer_blame(a, a->received == 0 ? CAUSE_NO_OUTPUT :
		    CAUSE_CUT_ANSWER, 0);
	if (a->chunked && !a->drop)
		return answer_blame(a, CAUSE_CHUNKS_CUT, a->flow.len);
	a->state = ANSWER_ENDED;
	return ANSWER_END;
}

bool
answer_is_begun(const struct answer *a)
{
	return a->sent > 0;
}

bool
answer_holds(const struct answer *a)
{
	return a->state != ANSWER_HEADER && !a->broken &&
	    flow_pending(&a->flow) > 0;
}

bool
answer_pending(const struct answer *a)
{
	return a->stuck || answer_holds(a);
}

ssize_t
answer_send(struct answer *a, int fd)
{
	ssize_t n = flow_drain(&a->flow, fd, a->flow.size);

	if (n > 0)
		a->sent += (uint64_t)n;
	return n;
}

bool
answer_is_done(const struct answer *a)
{
	return a->state == ANSWER_ENDED && !a->broken &&
	    flow_pending(&a->flow) == 0;
}

bool
answer_is_served(const struct answer *a)
{
	return a->sent > 0 && a->state != ANSWER_HEADER && !a->broken &&
	    flow_pending(&a->flow) == 0 && (a->state == ANSWER_ENDED ||
	    a->drop || (a->has_length && a->left == 0));
}

void
answer_replace(struct answer *a, int status, char *text, size_t len)
{
	const char *end = memmem(text, len, "\r\n\r\n", 4);

	a->head_len = end != NULL ? (size_t)(end + 4 - text) : 0;
	flow_free(&a->flow);
	flow_lead(&a->flow, text, len);
	a->state = ANSWER_ENDED;
	a->status = status;
	a->has_length = a->stuck = a->broken = false;
}

void
answer_forget(struct answer *a)
{
	flow_drop(&a->flow, a->flow.len);
	if (a->state == ANSWER_HEADER)
		a->state = ANSWER_BODY;
	a->drop = true;
	a->has_length = a->stuck = false;
	free(a->flow.lead);
	a->flow.lead = NULL;
	a->flow.lead_len = 0;
}
