/* SPDX-License-Identifier: ISC */
/*
 * flood: how many messages of a kind are written, and that none is forgotten.
 */
#include "platform.h"

#include "flood.h"

#include "check_main.h"

/* So many messages of a kind; how many of them may be written? */
static unsigned
say(struct flood *f, uint32_t kind, unsigned most, unsigned n, int64_t now_ms)
{
	struct flood_kind *k;
	unsigned i, said = 0;

	for (i = 0; i < n; i++) {
		if ((k = flood_refuse(f, kind, most, now_ms)) == NULL)
			said++;
		else if (k->more == 1)
			(void)snprintf(k->text, sizeof k->text, "%u at %lld",
			    kind, (long long)now_ms);
	}
	return said;
}

START_TEST(one_kind)
{
	struct flood f = { .kinds[0].said = 0 };
	struct flood_kind told;

	CHECK_INT("nothing", flood_due(&f), -1);
	CHECK_INT("few", say(&f, 7, 10, 10, 1000), 10);
	CHECK_INT("few", flood_due(&f), -1);
	CHECK_INT("the eleventh", say(&f, 7, 10, 1, 1500), 0);
	CHECK_INT("and more", say(&f, 7, 10, 41, 1000 + FLOOD_SPAN_MS - 1), 0);
	CHECK_INT("due", flood_due(&f), 1000 + FLOOD_SPAN_MS);
	CHECK_TRUE("too early",
	    !flood_tell(&f, 1000 + FLOOD_SPAN_MS - 1, &told));
	CHECK_TRUE("told", flood_tell(&f, 1000 + FLOOD_SPAN_MS, &told));
	CHECK_INT("told", told.more, 42);
	CHECK_TEXT("told", told.text, "7 at 1500");
	CHECK_TRUE("told once", !flood_tell(&f, INT64_MAX, &told));
	CHECK_INT("told", flood_due(&f), -1);
	CHECK_INT("anew", say(&f, 7, 10, 20, 9000), 10);
	CHECK_INT("anew", flood_due(&f), 9000 + FLOOD_SPAN_MS);
}
END_TEST

/* A slow drip is no flood, and a quiet span begins anew. */
START_TEST(slow)
{
	struct flood f = { .kinds[0].said = 0 };
	int64_t now;

	for (now = 0; now < 100 * FLOOD_SPAN_MS; now += FLOOD_SPAN_MS / 8)
		CHECK_INT("drip", say(&f, 7, 10, 1, now), 1);
	CHECK_INT("drip", flood_due(&f), -1);
	CHECK_INT("another measure", say(&f, 8, 500, 600, now), 500);
}
END_TEST

/* More kinds than there are places for: all are limited and counted. */
START_TEST(kinds)
{
	struct flood f = { .kinds[0].said = 0 };
	unsigned kind, said = 0, more = 0;
	struct flood_kind told;

	CHECK_INT("one", say(&f, 1000, 10, 12, 0), 10);
	CHECK_INT("does not hold back another", say(&f, 1001, 10, 12, 0), 10);
	for (kind = 1; kind <= 200; kind++)
		said += say(&f, kind, 10, 15, 10);
	CHECK_TRUE("a measure for each place", said >= 10 * (FLOOD_KINDS - 3) &&
	    said <= 10 * FLOOD_KINDS);
	while (flood_tell(&f, 10 + FLOOD_SPAN_MS, &told))
		more += told.more;
	CHECK_INT("none is forgotten", said + more, 200 * 15 + 4);
	CHECK_INT("places are free again",
	    say(&f, 5000, 10, 10, 20 + FLOOD_SPAN_MS), 10);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("flood");

	CHECK_LOOP(suite, one_kind, 1);
	CHECK_LOOP(suite, slow, 1);
	CHECK_LOOP(suite, kinds, 1);
	return check_run(suite);
}
