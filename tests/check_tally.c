/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "tally.h"

#include "check_main.h"

/* Nearest rank, of the latencies 10, 20, 30 ... n times ten. */
static const struct {
	size_t		 n;
	unsigned	 percent;
	int64_t		 want;
} ranks[] = {
	{ 0, 50, 0 }, { 1, 0, 10 }, { 1, 50, 10 }, { 1, 100, 10 },
	{ 2, 50, 10 }, { 2, 51, 20 }, { 3, 50, 20 }, { 4, 50, 20 },
	{ 4, 0, 10 }, { 4, 100, 40 }, { 10, 90, 90 }, { 10, 91, 100 },
	{ 100, 50, 500 }, { 100, 99, 990 }, { 100, 100, 1000 },
	{ 1000, 99, 9900 }, { 1000, 0, 10 },
};

START_TEST(percentile)
{
	struct tally t;
	char name[32];
	size_t i;

	(void)snprintf(name, sizeof name, "p%u of %zu", ranks[_i].percent,
	    ranks[_i].n);
	CHECK_INT(name, tally_start(&t, ranks[_i].n), 0);
	for (i = ranks[_i].n; i > 0; i--)	/* the order does not matter */
		tally_answer(&t, 200, (int64_t)i * 10);
	CHECK_INT(name, tally_percentile(&t, ranks[_i].percent),
	    ranks[_i].want);
	tally_end(&t);
}
END_TEST

START_TEST(print)
{
	static const char want[] = "requests 5\nseconds 0.500\n"
	    "per second 10.0\nstatus 200 2\nstatus 404 1\nfailed 3\n"
	    "failed for \"timeout\" 1\nfailed for \"no answer\" 1\n"
	    "latency ms min 1.000 p50 2.000 p90 3.000 p99 3.000 max 3.000\n";
	struct tally t;
	char *text;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CHECK_INT("print", tally_start(&t, 5), 0);
	tally_answer(&t, 200, 2000000);
	tally_answer(&t, 404, 3000000);
	t.unexpected++;
	tally_loss(&t, "timeout");
	tally_answer(&t, 200, 1000000);
	tally_loss(&t, "no answer");
	tally_print(&t, 500000000, to);
	(void)fclose(to);
	CHECK_TEXT("print", text, want);
	free(text);
	tally_end(&t);
}
END_TEST

/* Nothing has come: there is no latency, not one of 0. */
START_TEST(silence)
{
	static const char want[] = "requests 2\nseconds 0.500\n"
	    "per second 4.0\nfailed 2\nfailed for \"timeout\" 2\n";
	struct tally t;
	char *text;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	CHECK_INT("silence", tally_start(&t, 2), 0);
	tally_loss(&t, "timeout");
	tally_loss(&t, "timeout");
	tally_print(&t, 500000000, to);
	(void)fclose(to);
	CHECK_TEXT("silence", text, want);
	free(text);
	tally_end(&t);
}
END_TEST

/* More reasons than there is room for become one. */
START_TEST(reasons)
{
	char names[2 * TALLY_REASONS][16];
	struct tally t;
	size_t i, n = 0;

	CHECK_INT("reasons", tally_start(&t, 1), 0);
	for (i = 0; i < 4 * TALLY_REASONS; i++) {
		(void)snprintf(names[i / 2], sizeof names[0], "%zu", i / 2);
		tally_loss(&t, names[i / 2]);
	}
	for (i = 0; i < TALLY_REASONS; i++)
		n += t.reasons[i].n;
	CHECK_INT("reasons", n, 4 * TALLY_REASONS);
	CHECK_INT("reasons", t.lost, 4 * TALLY_REASONS);
	CHECK_INT("reasons", t.reasons[0].n, 2);
	CHECK_TEXT("reasons", t.reasons[TALLY_REASONS - 1].text, "other");
	tally_end(&t);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tally");

	CHECK_ROWS(suite, percentile, ranks);
	CHECK_LOOP(suite, print, 1);
	CHECK_LOOP(suite, silence, 1);
	CHECK_LOOP(suite, reasons, 1);
	return check_run(suite);
}
