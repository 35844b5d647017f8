/* SPDX-License-Identifier: ISC */
/*
 * arguments: what is wanted of scgi-request, from its command line.
 *
 * Each option is checked here by itself; sense looks at all of them together.
 */
#include "platform.h"

#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "fault.h"
#include "field.h"
#include "token.h"
#include "units.h"
#include "usage.h"

#define ARGUMENTS_MOST	10000000	/* --repeat: each is remembered */
#define ARGUMENTS_CROWD	100000		/* --concurrency */

static void __attribute__((noreturn))
arguments_wrong(const char *option, const char *value, const char *why)
{
	fault(ARGUMENTS_USAGE, "%s %s: %s", option, value, why);
}

/* A value that units.h reads, not below `least` nor above `most`. */
static int64_t
arguments_number(const char *option, const char *value,
    const char *(*parse)(const char *, int64_t *), int64_t least, int64_t most)
{
	const char *why;
	int64_t number;

	if ((why = parse(value, &number)) != NULL)
		arguments_wrong(option, value, why);
	if (number < least || number > most)
		fault(ARGUMENTS_USAGE, "%s %s: not from %lld to %lld", option,
		    value, (long long)least, (long long)most);
	return number;
}

static int64_t
arguments_duration(const char *option, const char *value)
{
	return arguments_number(option, value, units_duration, 0,
	    INT64_C(365) * 24 * 3600 * 1000);
}

/*
 * The daemon takes other spellings of the two for the same, and a second one
 * for no request.
 */
static void
arguments_spelling(const char *option, const char *name, size_t len)
{
	static const char *const once[] = { "CONTENT_LENGTH", "SCGI" };
	size_t i;

	for (i = 0; i < sizeof once / sizeof once[0]; i++)
		if (params_same(name, len, once[i]) &&
		    memcmp(name, once[i], len) != 0)
			fault(ARGUMENTS_USAGE, "%s %.*s: another spelling of "
			    "%s; send such a request with --raw", option,
			    (int)len, name, once[i]);
}

/* "NAME=VALUE". */
static void
arguments_param(struct arguments *a, const char *pair)
{
	size_t len = strcspn(pair, "=");
	char *name;

	if (len == 0 || pair[len] == '\0')
		arguments_wrong("-P", pair, "not NAME=VALUE");
	arguments_spelling("-P", pair, len);
	if ((name = strndup(pair, len)) != NULL)
		params_set(&a->sets, name, pair + len + 1);
	else
		a->sets.no_memory = true;
	free(name);
}

static void
arguments_drop(struct arguments *a, const char *name)
{
	if (strcmp(name, "CONTENT_LENGTH") == 0 || strcmp(name, "SCGI") == 0)
		arguments_wrong("--drop", name, "no SCGI request is without "
		    "it; send other bytes with --raw");
	arguments_spelling("--drop", name, strlen(name));
	params_add(&a->drops, name, "");
}

/* RFC 9110 9.1: a method is a token. */
static void
arguments_method(struct arguments *a, const char *method)
{
	if (!token_is(method, strlen(method)))
		arguments_wrong("-X", method, "not a method");
	a->method = method;
}

static void
arguments_mode(struct arguments *a, int mode)
{
	if (a->mode != ARGUMENTS_ASK && a->mode != (unsigned)mode)
		fault(ARGUMENTS_USAGE, "--check, --decode, --print and "
		    "--repeat exclude each other");
	a->mode = (unsigned)mode;
}

static void __attribute__((noreturn))
arguments_say(const char *text)
{
	(void)fputs(text, stdout);
	exit(fflush(stdout) == 0 ? ARGUMENTS_GOOD : ARGUMENTS_NO_ANSWER);
}

/* The options that say what is sent. False: it is none of these. */
static bool
arguments_request(struct arguments *a, int option)
{
	const char *why;

	switch (option) {
	case USAGE_AS:
		if (!front_find(optarg, &a->front))
			arguments_wrong("--as", optarg,
			    "not nginx, apache or lighttpd");
		break;
	case USAGE_DOCUMENT_ROOT:
		a->document_root = optarg;
		break;
	case USAGE_DROP:
		arguments_drop(a, optarg);
		break;
	case USAGE_SCRIPT_NAME:
		a->script_name = optarg;
		break;
	case 'H':
		if ((why = field_set(&a->fields, &a->own, optarg)) != NULL)
			arguments_wrong("-H", optarg, why);
		break;
	case 'P':
		arguments_param(a, optarg);
		break;
	case 'X':
		arguments_method(a, optarg);
		break;
	default:
		return false;
	}
	return true;
}

/* Those that say how it is sent. */
static bool
arguments_sending(struct arguments *a, int option)
{
	switch (option) {
	case 's':
		a->address_text = optarg;
		break;
	case 'd':
	case USAGE_BODY:
	case USAGE_RAW:
		if (a->data != NULL || a->body_file != NULL ||
		    a->raw_file != NULL)
			fault(ARGUMENTS_USAGE, "one of -d, --body and --raw "
			    "is enough");
		*(option == 'd' ? &a->data : option == USAGE_BODY ?
		    &a->body_file : &a->raw_file) = optarg;
		break;
	case USAGE_PIECE:
		a->piece = arguments_number("--piece", optarg, units_size, 1,
		    INT64_C(1) << 40);
		break;
	case USAGE_PAUSE:
		a->pause_ms = arguments_duration("--pause", optarg);
		break;
	case USAGE_HALF_CLOSE:
		a->half_close = true;
		break;
	case USAGE_TIMEOUT:
		a->timeout_ms = arguments_duration("--timeout", optarg);
		break;
	default:
		return false;
	}
	return true;
}

/* Those that say what is done with the answer. */
static bool
arguments_answer(struct arguments *a, int option)
{
	switch (option) {
	case 'I':
		a->show_body = false;
		/* FALLTHROUGH */
	case 'i':
		a->show_header = true;
		break;
	case 'o':
		a->output = optarg;
		break;
	case 'v':
		a->verbose = true;
		break;
	case USAGE_EXPECT:
		if (!expect_is_list(optarg))
			arguments_wrong("--expect", optarg, "not a list of "
			    "statuses such as 200,3xx");
		a->expect = optarg;
		break;
	case USAGE_EXPECT_TEXT:
		a->expect_text = optarg;
		break;
	case USAGE_WARN:
		a->warn_ms = arguments_duration("--warn", optarg);
		break;
	case USAGE_CRIT:
		a->crit_ms = arguments_duration("--crit", optarg);
		break;
	default:
		return false;
	}
	return true;
}

/* Those that say what to do at all. */
static void
arguments_doing(struct arguments *a, int option)
{
	switch (option) {
	case USAGE_CHECK:
		arguments_mode(a, ARGUMENTS_CHECK);
		break;
	case USAGE_DECODE:
		arguments_mode(a, ARGUMENTS_DECODE);
		break;
	case USAGE_PRINT:
		arguments_mode(a, ARGUMENTS_PRINT);
		break;
	case USAGE_JSON:
		a->json = true;
		break;
	case USAGE_REPEAT:
		arguments_mode(a, ARGUMENTS_LOAD);
		a->repeat = arguments_number("--repeat", optarg, units_number,
		    1, ARGUMENTS_MOST);
		break;
	case USAGE_CONCURRENCY:
		a->concurrency = arguments_number("--concurrency", optarg,
		    units_number, 1, ARGUMENTS_CROWD);
		break;
	case 'h':
		arguments_say(usage_text);
	case 'V':
		arguments_say("scgi-request (" PACKAGE_STRING ")\n");
	default:	/* getopt_long(3) has said what it is */
		fault(ARGUMENTS_USAGE, "bad usage; --help shows the options");
	}
}

/*
 * Is --check among the options, in any spelling that getopt_long(3) takes?
 * What is wrong with the others must be said to a monitor then.
 */
static bool
arguments_check(int argc, char *argv[])
{
	bool check = false;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, USAGE_LETTERS, usage_options,
	    NULL)) != -1)
		if (c == USAGE_CHECK || (c == '?' && optopt == USAGE_CHECK))
			check = true;
	opterr = 1;
	optind = 0;	/* GNU: begin anew */
	return check;
}

int
arguments_read(struct arguments *a, int argc, char *argv[])
{
	int c;

	*a = (struct arguments){ .show_body = true, .repeat = 1,
	    .concurrency = 1, .timeout_ms = -1, .warn_ms = -1, .crit_ms = -1 };
	params_add(&a->fields, "Host", "");
	params_add(&a->fields, "User-Agent", "scgi-request/" VERSION);
	params_add(&a->fields, "Accept", "*/*");
	fault_for_monitor(arguments_check(argc, argv));
	while ((c = getopt_long(argc, argv, USAGE_LETTERS, usage_options,
	    NULL)) != -1) {
		a->given[c] = true;
		if (!arguments_request(a, c) && !arguments_sending(a, c) &&
		    !arguments_answer(a, c))
			arguments_doing(a, c);
	}
	return optind;
}

void
arguments_free(struct arguments *a)
{
	url_free(&a->url);
	params_free(&a->fields);
	params_free(&a->own);
	params_free(&a->sets);
	params_free(&a->drops);
}
