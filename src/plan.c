/* SPDX-License-Identifier: ISC */
/*
 * plan: what a visit sends, where to, and in which pieces.
 *
 * The plan itself never changes: where a visit is in it is the visit's.
 */
#include "platform.h"

#include "plan.h"

#include <string.h>

#include "feed.h"

uint64_t
plan_len(const struct plan *p)
{
	return p->head_len + p->feed->len;
}

ssize_t
plan_read(const struct plan *p, uint64_t sent, char *bytes, size_t size)
{
	size_t left;

	if (sent < p->head_len) {
		left = p->head_len - (size_t)sent;
		if (left > size)
			left = size;
		memcpy(bytes, p->head + sent, left);
		return (ssize_t)left;
	}
	sent -= p->head_len;
	if (p->piece > 0) {
		left = p->piece - (size_t)(sent % p->piece);
		if (size > left)
			size = left;
	}
	return feed_read(p->feed, sent, bytes, size);
}

bool
plan_pauses(const struct plan *p, uint64_t sent)
{
	if (p->pause_ms == 0 || sent <= p->head_len || sent >= plan_len(p))
		return false;
	return (sent - p->head_len) % p->piece == 0;
}
