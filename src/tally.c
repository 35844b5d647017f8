/* SPDX-License-Identifier: ISC */
/*
 * tally: what came of many requests.
 *
 * Pure, but for the stream that is printed to. Every latency is kept, so that
 * percentiles are those of the requests and of no model of them.
 */
#include "platform.h"

#include "tally.h"

#include <stdlib.h>
#include <string.h>

int
tally_start(struct tally *t, size_t number)
{
	*t = (struct tally){ .size = number };
	t->latencies = calloc(number > 0 ? number : 1, sizeof *t->latencies);
	return t->latencies != NULL ? 0 : -1;
}

void
tally_end(struct tally *t)
{
	free(t->latencies);
	t->latencies = NULL;
}

void
tally_answer(struct tally *t, int status, int64_t ns)
{
	if (status >= 0 && status < 1000)
		t->statuses[status]++;
	if (t->n < t->size)
		t->latencies[t->n++] = ns;
}

void
tally_loss(struct tally *t, const char *reason)
{
	size_t i;

	t->lost++;
	for (i = 0; i < TALLY_REASONS - 1; i++) {
		if (t->reasons[i].text == NULL)
			t->reasons[i].text = reason;
		if (strcmp(t->reasons[i].text, reason) == 0)
			break;
	}
	if (i == TALLY_REASONS - 1)
		t->reasons[i].text = "other";
	t->reasons[i].n++;
}

static int
tally_compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int64_t
tally_percentile(struct tally *t, unsigned percent)
{
	size_t rank;

	if (t->n == 0)
		return 0;
	qsort(t->latencies, t->n, sizeof *t->latencies, tally_compare);
	rank = (t->n * percent + 99) / 100;	/* nearest rank, from 1 */
	return t->latencies[rank > 0 ? rank - 1 : 0];
}

void
tally_print(struct tally *t, int64_t ns, FILE *to)
{
	static const unsigned percents[] = { 0, 50, 90, 99, 100 };
	static const char *const names[] = {
		"min", "p50", "p90", "p99", "max"
	};
	double s = (double)ns / 1e9;
	size_t i;

	(void)fprintf(to, "requests %zu\nseconds %.3f\nper second %.1f\n",
	    t->n + t->lost, s, s > 0 ? (double)(t->n + t->lost) / s : 0.0);
	for (i = 0; i < 1000; i++)
		if (t->statuses[i] > 0)
			(void)fprintf(to, "status %03zu %zu\n", i,
			    t->statuses[i]);
	(void)fprintf(to, "failed %zu\n", t->unexpected + t->lost);
	for (i = 0; i < TALLY_REASONS && t->reasons[i].text != NULL; i++)
		(void)fprintf(to, "failed for \"%s\" %zu\n",
		    t->reasons[i].text, t->reasons[i].n);
	if (t->n == 0)
		return;
	(void)fprintf(to, "latency ms");
	for (i = 0; i < sizeof percents / sizeof percents[0]; i++)
		(void)fprintf(to, " %s %.3f", names[i],
		    (double)tally_percentile(t, percents[i]) / 1e6);
	(void)fprintf(to, "\n");
}
