/* SPDX-License-Identifier: ISC */
/*
 * units: numbers with units, as they stand in the configuration file.
 *
 * Pure. Digits are taken one by one with the overflow looked at, because
 * strtol and its kin accept signs, spaces and other bases.
 */
#include "platform.h"

#include "units.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char	*name;
	int64_t		 factor;
};

static const struct unit durations[] = {
	{ "ms", 1 }, { "s", 1000 }, { "", 1000 }, { "m", 60 * 1000 },
	{ "h", 3600 * 1000 }, { "d", 24 * 3600 * 1000 }, { NULL, 0 },
};

static const struct unit sizes[] = {
	{ "", 1 }, { "k", INT64_C(1) << 10 }, { "K", INT64_C(1) << 10 },
	{ "m", INT64_C(1) << 20 }, { "M", INT64_C(1) << 20 },
	{ "g", INT64_C(1) << 30 }, { "G", INT64_C(1) << 30 }, { NULL, 0 },
};

static const struct unit plain[] = { { "", 1 }, { NULL, 0 } };

/* Digits, then one of the units; the product must fit. */
static const char *
units_parse(const char *text, const struct unit *units, int64_t *value,
    const char *unknown)
{
	int64_t n = 0;
	const char *p;

	for (p = text; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *p - '0', &n))
			return "number too large";
	if (p == text)
		return "not a number";
	for (; units->name != NULL; units++)
		if (strcmp(p, units->name) == 0)
			break;
	if (units->name == NULL)
		return unknown;
	if (__builtin_mul_overflow(n, units->factor, &n))
		return "number too large";
	*value = n;
	return NULL;
}

const char *
units_duration(const char *text, int64_t *ms)
{
	return units_parse(text, durations, ms,
	    "unknown unit of time; use ms, s, m, h or d, without a space");
}

const char *
units_size(const char *text, int64_t *bytes)
{
	return units_parse(text, sizes, bytes,
	    "unknown unit of size; use k, M or G, without a space");
}

const char *
units_number(const char *text, int64_t *number)
{
	return units_parse(text, plain, number, "not a whole number");
}

const char *
units_mode(const char *text, int64_t *mode)
{
	size_t len = strlen(text);
	int64_t n = 0;

	if (len == 0 || len > 4 || strspn(text, "01234567") != len)
		return "not a file mode; use octal digits such as 0660";
	for (; *text != '\0'; text++)
		n = n * 8 + (*text - '0');
	*mode = n;
	return NULL;
}

/* A number in its largest unit that leaves no rest. */
void
units_show(int64_t n, bool duration, char *text, size_t size)
{
	static const struct {
		int64_t		 factor;
		const char	*unit;
	} times[] = {
		{ INT64_C(86400000), "d" }, { 3600000, "h" }, { 60000, "m" },
		{ 1000, "s" }, { 1, "ms" },
	}, amounts[] = {
		{ INT64_C(1) << 30, "G" }, { 1 << 20, "M" }, { 1 << 10, "k" },
		{ 1, "" }, { 1, "" },
	};
	size_t i = 0;

	while (n % (duration ? times[i].factor : amounts[i].factor) != 0)
		i++;
	if (n == 0)
		(void)snprintf(text, size, "0");
	else if (duration)
		(void)snprintf(text, size, "%lld%s", (long long)
		    (n / times[i].factor), times[i].unit);
	else
		(void)snprintf(text, size, "%lld%s", (long long)
		    (n / amounts[i].factor), amounts[i].unit);
}

int
units_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *
units_digits(char *to, uint64_t n)
{
	char digits[20];	/* the last first */
	int i = 0;

	do
		digits[i++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (i > 0)
		*to++ = digits[--i];
	*to = '\0';
	return to;
}
