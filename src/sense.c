/* SPDX-License-Identifier: ISC */
/*
 * sense: do the arguments make sense together, and what follows from them?
 *
 * When this is done nothing on the command line can be wrong any more, so
 * that nothing is sent if something is.
 */
#include "platform.h"

#include "sense.h"

#include <stdlib.h>

#include "arguments.h"
#include "fault.h"
#include "field.h"

/* What is left on the command line: a URL, or the file to decode. */
static void
sense_rest(struct arguments *a, int n, char *rest[])
{
	const char *why;

	if (a->mode == ARGUMENTS_DECODE) {
		a->capture = n > 0 ? rest[0] : "-";
		if (n > 1)
			fault(ARGUMENTS_USAGE, "more than one file to decode");
		return;
	}
	if (a->raw_file != NULL) {
		if (n > 0)
			fault(ARGUMENTS_USAGE, "--raw sends a whole request; "
			    "leave the URL out");
		return;
	}
	if (n != 1)
		fault(ARGUMENTS_USAGE, "%s; --help shows the options",
		    n == 0 ? "no URL" : "more than one URL");
	if ((why = url_parse(rest[0], &a->url)) != NULL)
		fault(ARGUMENTS_USAGE, "%s: %s", rest[0], why);
}

/* Options that make sense only together. */
static void
sense_verify(const struct arguments *a)
{
	const char *why = NULL;

	if (a->pause_ms > 0 && a->piece == 0)
		why = "--pause wants --piece";
	else if (a->concurrency > 1 && a->mode != ARGUMENTS_LOAD)
		why = "--concurrency wants --repeat";
	else if (a->json && a->mode != ARGUMENTS_DECODE)
		why = "--json wants --decode";
	else if ((a->warn_ms != -1 || a->crit_ms != -1) &&
	    a->mode != ARGUMENTS_CHECK)
		why = "--warn and --crit want --check";
	else if (a->expect_text != NULL && a->mode == ARGUMENTS_LOAD)
		why = "--expect-text does not go with --repeat";
	else if (a->script_name != NULL && a->front != FRONT_LIGHTTPD)
		why = "--script-name wants --as lighttpd";
	if (why != NULL)
		fault(ARGUMENTS_USAGE, "%s", why);
}

/* What follows from other options. */
static void
sense_defaults(struct arguments *a)
{
	bool has_body = a->data != NULL || a->body_file != NULL;

	if (a->address_text == NULL)
		a->address_text = "unix:" SOCKET_FILE;
	if (a->method == NULL)
		a->method = has_body ? "POST" :
		    !a->show_body ? "HEAD" : "GET";
	if (a->timeout_ms == -1)
		a->timeout_ms = a->mode == ARGUMENTS_CHECK ? 10000 : 60000;
}

/* The address, and fields that depend on others. */
static void
sense_fields(struct arguments *a)
{
	bool form = a->data != NULL;
	const char *why;

	if ((why = address_parse(a->address_text, &a->address)) != NULL)
		fault(ARGUMENTS_USAGE, "-s %s: %s", a->address_text, why);
	if (a->url.authority != NULL && field_get(&a->own, "Host") == NULL)
		params_set(&a->fields, "Host", a->url.authority);
	/* Length, then type: in the order in which curl sends them. */
	if (!form && a->body_file == NULL)
		return;
	if (field_get(&a->own, "Content-Length") == NULL)
		params_add(&a->fields, "Content-Length", "");
	if (field_get(&a->own, "Content-Type") == NULL)
		params_add(&a->fields, "Content-Type", form ?
		    "application/x-www-form-urlencoded" :
		    "application/octet-stream");
}

void
sense_make(struct arguments *a, int n, char *rest[])
{
	sense_rest(a, n, rest);
	sense_verify(a);
	sense_defaults(a);
	sense_fields(a);
}
