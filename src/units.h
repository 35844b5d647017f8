/* SPDX-License-Identifier: ISC */
/*
 * units: numbers with units, as they stand in the configuration file.
 *
 * Each parser returns NULL and stores the value, or returns a phrase that
 * says what is wrong with the text; nothing is stored then.
 */
#ifndef CGID_UNITS_H
#define CGID_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "250ms", "30s", "5m", "2h", "1d" or bare seconds, to milliseconds. */
const char	*units_duration(const char *text, int64_t *ms);

/* "4096", "64k", "1M", "2G" (powers of 1024), to bytes. */
const char	*units_size(const char *text, int64_t *bytes);

/* A whole decimal number from 0 up. */
const char	*units_number(const char *text, int64_t *number);

/* A file mode: up to four octal digits. */
const char	*units_mode(const char *text, int64_t *mode);

/* The way back: milliseconds, or bytes, in the largest unit without a rest. */
void		 units_show(int64_t n, bool duration, char *text, size_t size);

/*
 * The decimal digits of a number, and a NUL at the place that is returned. There
 * must be room for 21 bytes. For where snprintf(3) would cost too much.
 */
char		*units_digits(char *to, uint64_t n);

/* The value of a hexadecimal digit, or -1. */
int		 units_hex(char);

#endif
