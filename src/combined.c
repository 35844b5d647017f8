/* SPDX-License-Identifier: ISC */
/*
 * combined: a request in the combined log format, as web servers write it.
 *
 * Those who read it split it by spaces and quotes and know no escapes: so a
 * quote inside a value is \x22 here, and never a quote.
 */
#include "platform.h"

#include "combined.h"

#include <stdbool.h>
#include <stdio.h>

#include "line.h"

/* Three long values fit into a line with all the rest, and a name of a user. */
#define COMBINED_LONGEST	1024
#define COMBINED_NAME		256

/* Add a value, or "-" for none. */
static void
combined_value(struct line *line, const char *value, bool spaces, size_t most)
{
	char spelt[8];
	size_t used = 0;
	int n;

	if (value == NULL || *value == '\0')
		value = "-";
	for (; *value != '\0'; value++, used += (size_t)n) {
		if (*value > 0x20 && *value < 0x7f && *value != '"' &&
		    *value != '\\')
			n = snprintf(spelt, sizeof spelt, "%c", *value);
		else if (*value == ' ' && spaces)
			n = snprintf(spelt, sizeof spelt, " ");
		else
			n = snprintf(spelt, sizeof spelt, "\\x%02x",
			    (unsigned char)*value);
		if (used + (size_t)n > most) {
			line_put(line, "...", 3);
			return;
		}
		line_put(line, spelt, (size_t)n);
	}
}

/* The request line; a bad request has none. */
static void
combined_request(struct line *line, const struct combined *c)
{
	if (c->method == NULL) {
		line_add(line, "-");
		return;
	}
	combined_value(line, c->method, false, COMBINED_NAME);
	line_add(line, " ");
	combined_value(line, c->uri, false, COMBINED_LONGEST);
	line_add(line, " ");
	combined_value(line, c->protocol, false, COMBINED_NAME);
}

void
combined_line(struct line *line, const char *time, const struct combined *c)
{
	combined_value(line, c->host, false, COMBINED_NAME);
	line_add(line, " - ");
	combined_value(line, c->user, false, COMBINED_NAME);
	line_add(line, " [%s] \"", time);
	combined_request(line, c);
	line_add(line, "\" %03d %llu \"", c->status,
	    (unsigned long long)c->bytes);
	combined_value(line, c->referer, true, COMBINED_LONGEST);
	line_add(line, "\" \"");
	combined_value(line, c->agent, true, COMBINED_LONGEST);
	line_add(line, "\"");
}
