/* SPDX-License-Identifier: ISC */
/*
 * value: the value of an option, in the words of the configuration file.
 *
 * The way back from what option_store() has made of them, for people.
 */
#include "platform.h"

#include "value.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "option.h"

/* A number in its largest unit that leaves no rest. */
static void
value_show_unit(int64_t n, bool duration, char *text, size_t size)
{
	static const struct {
		int64_t		 factor;
		const char	*unit;
	} durations[] = {
		{ INT64_C(86400000), "d" }, { 3600000, "h" }, { 60000, "m" },
		{ 1000, "s" }, { 1, "ms" },
	}, sizes[] = {
		{ INT64_C(1) << 30, "G" }, { 1 << 20, "M" }, { 1 << 10, "k" },
		{ 1, "" }, { 1, "" },
	};
	size_t i = 0;

	while (n % (duration ? durations[i].factor : sizes[i].factor) != 0)
		i++;
	if (n == 0)
		(void)snprintf(text, size, "0");
	else if (duration)
		(void)snprintf(text, size, "%lld%s", (long long)
		    (n / durations[i].factor), durations[i].unit);
	else
		(void)snprintf(text, size, "%lld%s", (long long)
		    (n / sizes[i].factor), sizes[i].unit);
}

bool
value_show(const struct option_row *row, const void *base, char *text,
    size_t size)
{
	const void *at = (const char *)base + row->offset;
	const char *word = row->words;
	int i;

	switch (row->kind) {
	case OPTION_DURATION:
	case OPTION_SIZE:
		value_show_unit(*(const int64_t *)at,
		    row->kind == OPTION_DURATION, text, size);
		return true;
	case OPTION_NUMBER:
		(void)snprintf(text, size, "%lld",
		    (long long)*(const int64_t *)at);
		return true;
	case OPTION_WORD:
		for (i = *(const int *)at; i > 0; i--)
			word = strchr(word, '|') + 1;
		(void)snprintf(text, size, "%.*s", (int)strcspn(word, "|"),
		    word);
		return true;
	case OPTION_SWITCH:
		(void)snprintf(text, size, "%s",
		    *(const bool *)at ? "yes" : "no");
		return true;
	default:
		return false;
	}
}
