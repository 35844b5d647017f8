/* SPDX-License-Identifier: ISC */
#include "platform.h"

#include "units.h"

#include "check_main.h"

#define TIME	"unknown unit of time; use ms, s, m, h or d, without a space"
#define SIZE	"unknown unit of size; use k, M or G, without a space"
#define MODE	"not a file mode; use octal digits such as 0660"

static const struct {
	const char	*name;
	const char	*(*parse)(const char *, int64_t *);
	const char	*text;
	const char	*why;	/* NULL: good */
	int64_t		 value;
} rows[] = {
	{ "milliseconds", units_duration, "250ms", NULL, 250 },
	{ "seconds", units_duration, "30s", NULL, 30000 },
	{ "bare seconds", units_duration, "30", NULL, 30000 },
	{ "minutes", units_duration, "5m", NULL, 300000 },
	{ "hours", units_duration, "2h", NULL, 7200000 },
	{ "days", units_duration, "1d", NULL, 86400000 },
	{ "no time", units_duration, "0", NULL, 0 },
	{ "no milliseconds", units_duration, "0ms", NULL, 0 },
	{ "leading zero", units_duration, "010", NULL, 10000 },
	{ "most milliseconds", units_duration, "9223372036854775807ms", NULL, INT64_MAX },
	{ "milliseconds overflow", units_duration, "9223372036854775808ms", "number too large", 0 },
	{ "seconds overflow", units_duration, "9223372036854776s", "number too large", 0 },
	{ "days overflow", units_duration, "106751991168d", "number too large", 0 },
	{ "no number", units_duration, "s", "not a number", 0 },
	{ "empty duration", units_duration, "", "not a number", 0 },
	{ "negative duration", units_duration, "-1s", "not a number", 0 },
	{ "signed duration", units_duration, "+1s", "not a number", 0 },
	{ "space before", units_duration, " 1s", "not a number", 0 },
	{ "space between", units_duration, "1 s", TIME, 0 },
	{ "space behind", units_duration, "1s ", TIME, 0 },
	{ "fraction", units_duration, "1.5s", TIME, 0 },
	{ "two units", units_duration, "1m30s", TIME, 0 },
	{ "capital", units_duration, "1S", TIME, 0 },
	{ "weeks", units_duration, "1w", TIME, 0 },
	{ "hexadecimal", units_duration, "0x10", TIME, 0 },

	{ "bytes", units_size, "4096", NULL, 4096 },
	{ "kibibytes", units_size, "64k", NULL, 65536 },
	{ "kibibytes, capital", units_size, "64K", NULL, 65536 },
	{ "mebibytes", units_size, "1M", NULL, 1048576 },
	{ "mebibytes, small", units_size, "1m", NULL, 1048576 },
	{ "gibibytes", units_size, "2G", NULL, INT64_C(2147483648) },
	{ "gibibytes, small", units_size, "2g", NULL, INT64_C(2147483648) },
	{ "no bytes", units_size, "0", NULL, 0 },
	{ "most bytes", units_size, "9223372036854775807", NULL, INT64_MAX },
	{ "bytes overflow", units_size, "9223372036854775808", "number too large", 0 },
	{ "gibibytes overflow", units_size, "8589934592G", "number too large", 0 },
	{ "endless size", units_size, "999999999999999999999999999", "number too large", 0 },
	{ "empty size", units_size, "", "not a number", 0 },
	{ "unit alone", units_size, "k", "not a number", 0 },
	{ "negative size", units_size, "-1", "not a number", 0 },
	{ "unit of two letters", units_size, "1kB", SIZE, 0 },
	{ "unit of time", units_size, "1s", SIZE, 0 },
	{ "space in a size", units_size, "1 k", SIZE, 0 },

	{ "zero", units_number, "0", NULL, 0 },
	{ "number", units_number, "1024", NULL, 1024 },
	{ "most", units_number, "9223372036854775807", NULL, INT64_MAX },
	{ "number overflow", units_number, "9223372036854775808", "number too large", 0 },
	{ "empty number", units_number, "", "not a number", 0 },
	{ "negative number", units_number, "-1", "not a number", 0 },
	{ "word", units_number, "auto", "not a number", 0 },
	{ "number with unit", units_number, "1k", "not a whole number", 0 },
	{ "fraction of a number", units_number, "1.5", "not a whole number", 0 },

	{ "mode", units_mode, "0660", NULL, 0660 },
	{ "mode of three digits", units_mode, "600", NULL, 0600 },
	{ "mode zero", units_mode, "0", NULL, 0 },
	{ "largest mode", units_mode, "7777", NULL, 07777 },
	{ "five digits", units_mode, "00660", MODE, 0 },
	{ "not octal", units_mode, "0680", MODE, 0 },
	{ "empty mode", units_mode, "", MODE, 0 },
	{ "mode in letters", units_mode, "rw", MODE, 0 },
	{ "negative mode", units_mode, "-600", MODE, 0 },
};

START_TEST(unit)
{
	int64_t value = -77;	/* nothing is stored for bad text */

	CHECK_TEXT(rows[_i].name, rows[_i].parse(rows[_i].text, &value),
	    rows[_i].why);
	CHECK_INT(rows[_i].name, value,
	    rows[_i].why == NULL ? rows[_i].value : -77);
}
END_TEST

static const struct {
	const char	*name;
	int64_t		 n;
	bool		 duration;
	const char	*text;
} shown[] = {
	{ "no time", 0, true, "0" },
	{ "milliseconds", 10, true, "10ms" },
	{ "seconds", 90000, true, "90s" },
	{ "hours", 7200000, true, "2h" },
	{ "days", 604800000, true, "7d" },
	{ "nothing", 0, false, "0" },
	{ "bytes", 1025, false, "1025" },
	{ "k", 124 * 1024, false, "124k" },
	{ "M", 1 << 20, false, "1M" },
	{ "most", INT64_MAX, false, "9223372036854775807" },
};

START_TEST(show)
{
	char text[24];

	units_show(shown[_i].n, shown[_i].duration, text, sizeof text);
	CHECK_TEXT(shown[_i].name, text, shown[_i].text);
}
END_TEST

static const struct {
	const char	*name;
	uint64_t	 n;
	const char	*text;
} numbers[] = {
	{ "nothing", 0, "0" },
	{ "one digit", 9, "9" },
	{ "two", 10, "10" },
	{ "a nought in it", 1020, "1020" },
	{ "most", UINT64_MAX, "18446744073709551615" },
};

START_TEST(digits)
{
	char text[24] = "........";

	CHECK_INT(numbers[_i].name, units_digits(text, numbers[_i].n) - text,
	    (long)strlen(numbers[_i].text));
	CHECK_TEXT(numbers[_i].name, text, numbers[_i].text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("units");

	CHECK_ROWS(suite, unit, rows);
	CHECK_ROWS(suite, show, shown);
	CHECK_ROWS(suite, digits, numbers);
	return check_run(suite);
}
