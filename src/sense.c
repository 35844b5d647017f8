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
#include "usage.h"

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

/* What would have to be ignored, where it is asked for. */
enum {
	SENSE_CHECK = 1, SENSE_DECODE = 2, SENSE_RAW = 4, SENSE_REPEAT = 8
};

static const struct sense_clash {
	int		 option;
	unsigned	 against;
} sense_clashes[] = {
	{ USAGE_AS, SENSE_DECODE | SENSE_RAW },
	{ USAGE_BODY, SENSE_DECODE },
	{ USAGE_DOCUMENT_ROOT, SENSE_DECODE | SENSE_RAW },
	{ USAGE_DROP, SENSE_DECODE | SENSE_RAW },
	{ USAGE_EXPECT, SENSE_DECODE },
	{ USAGE_EXPECT_TEXT, SENSE_DECODE | SENSE_REPEAT },
	{ USAGE_HALF_CLOSE, SENSE_DECODE },
	{ USAGE_PAUSE, SENSE_DECODE },
	{ USAGE_PIECE, SENSE_DECODE },
	{ USAGE_RAW, SENSE_DECODE },
	{ USAGE_SCRIPT_NAME, SENSE_DECODE | SENSE_RAW },
	{ USAGE_TIMEOUT, SENSE_DECODE },
	{ 'H', SENSE_DECODE | SENSE_RAW },
	{ 'I', SENSE_DECODE },
	{ 'P', SENSE_DECODE | SENSE_RAW },
	{ 'X', SENSE_DECODE | SENSE_RAW },
	{ 'd', SENSE_DECODE },
	{ 'i', SENSE_CHECK | SENSE_DECODE | SENSE_REPEAT },
	{ 's', SENSE_DECODE },
	{ 'v', SENSE_DECODE },
};

/* The options that exclude others. */
static void
sense_exclude(const struct arguments *a)
{
	const struct { unsigned what; bool on; const char *name; } modes[] = {
		{ SENSE_CHECK, a->mode == ARGUMENTS_CHECK && a->output == NULL,
		    "--check without -o" },
		{ SENSE_DECODE, a->mode == ARGUMENTS_DECODE, "--decode" },
		{ SENSE_RAW, a->raw_file != NULL, "--raw" },
		{ SENSE_REPEAT, a->mode == ARGUMENTS_LOAD, "--repeat" },
	};
	const struct sense_clash *clash;
	size_t i, j;

	for (i = 0; i < sizeof sense_clashes / sizeof sense_clashes[0]; i++) {
		clash = &sense_clashes[i];
		for (j = 0; j < sizeof modes / sizeof modes[0]; j++)
			if (modes[j].on && (clash->against & modes[j].what) &&
			    a->given[clash->option])
				fault(ARGUMENTS_USAGE, "--%s does not go with "
				    "%s", usage_name(clash->option),
				    modes[j].name);
	}
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
	sense_exclude(a);
	sense_rest(a, n, rest);
	sense_verify(a);
	sense_defaults(a);
	sense_fields(a);
}
