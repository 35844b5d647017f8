/* SPDX-License-Identifier: ISC */
/*
 * stamp: the local time, as logs write it.
 *
 * In the C locale, which the program never leaves: names of months are
 * English.
 */
#include "platform.h"

#include "stamp.h"

#include <stdio.h>

void
stamp_rfc3339(char text[STAMP_SIZE], const struct timespec *ts)
{
	struct tm tm;
	char day[32], zone[8];

	(void)localtime_r(&ts->tv_sec, &tm);
	(void)strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)strftime(zone, sizeof zone, "%z", &tm);
	(void)snprintf(text, STAMP_SIZE, "%s.%03ld%.3s:%s", day,
	    ts->tv_nsec / 1000000, zone, zone + 3);
}

void
stamp_ncsa(char text[STAMP_SIZE], const struct timespec *ts)
{
	struct tm tm;

	(void)localtime_r(&ts->tv_sec, &tm);
	(void)strftime(text, STAMP_SIZE, "%d/%b/%Y:%H:%M:%S %z", &tm);
}
