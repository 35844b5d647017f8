/* SPDX-License-Identifier: ISC */
/*
 * fault: leave because there is nothing to ask, or no way to.
 *
 * A monitoring system reads standard output and knows four exit statuses
 * only; everybody else gets a line on standard error.
 */
#include "platform.h"

#include "fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "monitor.h"

static bool fault_monitor;

void
fault_for_monitor(bool on)
{
	fault_monitor = on;
}

/* What was given may have what would confuse a terminal. */
static void
fault_clean(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

void
fault(int status, const char *format, ...)
{
	char text[512], line[600];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	fault_clean(text);
	if (fault_monitor) {
		monitor_unknown(text, line, sizeof line);
		(void)puts(line);
		exit(MONITOR_UNKNOWN);
	}
	(void)fprintf(stderr, "scgi-request: %s\n", text);
	exit(status);
}
