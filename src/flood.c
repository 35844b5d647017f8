/* SPDX-License-Identifier: ISC */
/*
 * flood: messages of one kind, and how many of them are too many.
 *
 * Pure: what a kind is and what time it is, the caller says. Invariant: each
 * message that was refused is in one count, and each count is told.
 */
#include "platform.h"

#include "flood.h"

#include <stddef.h>

static bool
flood_is_over(const struct flood_kind *k, int64_t now_ms)
{
	return now_ms - k->since_ms >= FLOOD_SPAN_MS;
}

/* Where a kind is counted; the first place is for those that have none. */
static struct flood_kind *
flood_find(struct flood *f, uint32_t kind, int64_t now_ms)
{
	struct flood_kind *k, *idle = NULL;

	for (k = f->kinds + 1; k < f->kinds + FLOOD_KINDS; k++) {
		if (k->said > 0 && k->kind == kind)
			return k;
		if (k->said == 0 || (k->more == 0 && flood_is_over(k, now_ms)))
			idle = k;
	}
	if (idle == NULL)
		return f->kinds;
	idle->kind = kind;
	idle->said = 0;
	return idle;
}

struct flood_kind *
flood_refuse(struct flood *f, uint32_t kind, unsigned most, int64_t now_ms)
{
	struct flood_kind *k = flood_find(f, kind, now_ms);

	if (k->said == 0 || (k->more == 0 && flood_is_over(k, now_ms))) {
		k->since_ms = now_ms;
		k->said = 0;
	}
	if (k->said < most) {
		k->said++;
		return NULL;
	}
	if (k->more++ == 0)
		f->owing++;
	return k;
}

bool
flood_tell(struct flood *f, int64_t now_ms, struct flood_kind *told)
{
	struct flood_kind *k;

	for (k = f->kinds; k < f->kinds + FLOOD_KINDS; k++) {
		if (k->more == 0 || !flood_is_over(k, now_ms))
			continue;
		*told = *k;
		k->said = k->more = 0;
		f->owing--;
		return true;
	}
	return false;
}

int64_t
flood_due(const struct flood *f)
{
	const struct flood_kind *k;
	int64_t due = -1;

	if (f->owing == 0)	/* which is asked often */
		return due;
	for (k = f->kinds; k < f->kinds + FLOOD_KINDS; k++)
		if (k->more > 0 && (due == -1 ||
		    k->since_ms + FLOOD_SPAN_MS < due))
			due = k->since_ms + FLOOD_SPAN_MS;
	return due;
}
