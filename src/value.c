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
#include "units.h"

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
		units_show(*(const int64_t *)at,
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
