/* SPDX-License-Identifier: ISC */
/*
 * usage: the options of scgi-request, and what --help says of them.
 *
 * Two lists of the same things, in sight of each other; make lint compares
 * what --help says with the manual.
 */
#include "platform.h"

#include "usage.h"

#include <stddef.h>

const struct option usage_options[] = {
	{ "as", required_argument, NULL, USAGE_AS },
	{ "body", required_argument, NULL, USAGE_BODY },
	{ "check", no_argument, NULL, USAGE_CHECK },
	{ "concurrency", required_argument, NULL, USAGE_CONCURRENCY },
	{ "crit", required_argument, NULL, USAGE_CRIT },
	{ "data", required_argument, NULL, 'd' },
	{ "decode", no_argument, NULL, USAGE_DECODE },
	{ "document-root", required_argument, NULL, USAGE_DOCUMENT_ROOT },
	{ "drop", required_argument, NULL, USAGE_DROP },
	{ "expect", required_argument, NULL, USAGE_EXPECT },
	{ "expect-text", required_argument, NULL, USAGE_EXPECT_TEXT },
	{ "half-close", no_argument, NULL, USAGE_HALF_CLOSE },
	{ "head-only", no_argument, NULL, 'I' },
	{ "header", required_argument, NULL, 'H' },
	{ "help", no_argument, NULL, 'h' },
	{ "include", no_argument, NULL, 'i' },
	{ "json", no_argument, NULL, USAGE_JSON },
	{ "method", required_argument, NULL, 'X' },
	{ "output", required_argument, NULL, 'o' },
	{ "param", required_argument, NULL, 'P' },
	{ "pause", required_argument, NULL, USAGE_PAUSE },
	{ "piece", required_argument, NULL, USAGE_PIECE },
	{ "print", no_argument, NULL, USAGE_PRINT },
	{ "raw", required_argument, NULL, USAGE_RAW },
	{ "repeat", required_argument, NULL, USAGE_REPEAT },
	{ "script-name", required_argument, NULL, USAGE_SCRIPT_NAME },
	{ "server", required_argument, NULL, 's' },
	{ "timeout", required_argument, NULL, USAGE_TIMEOUT },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "warn", required_argument, NULL, USAGE_WARN },
	{ NULL, 0, NULL, 0 }
};

const char *
usage_name(int option)
{
	const struct option *o;

	for (o = usage_options; o->name != NULL && o->val != option; o++)
		;
	return o->name;
}

const char usage_text[] =
"usage: scgi-request [options] URL\n"
"       scgi-request [options] --raw FILE\n"
"       scgi-request --decode [--json] [-o OUTPUT] [FILE]\n"
"The URL is a path, or http://host:port/path.\n"
"  -s, --server ADDRESS  the gateway; unix:" SOCKET_FILE "\n"
"      --as SERVER       ask like nginx (the default), apache or lighttpd\n"
"  -X, --method METHOD   GET, or POST with a body, or HEAD with -I\n"
"  -H, --header 'N: V'   a header field; 'N:' leaves it out, 'N;' is empty\n"
"  -P, --param N=V       set a parameter\n"
"      --drop NAME       leave a parameter out\n"
"      --script-name S   where lighttpd splits the path\n"
"      --document-root D the server's directory\n"
"  -d, --data DATA       the body\n"
"      --body FILE       the body from a file, - for standard input\n"
"      --piece SIZE      send the body in pieces\n"
"      --pause TIME      wait between pieces\n"
"      --half-close      close our side when all is sent\n"
"      --raw FILE        send these bytes instead of a request\n"
"      --timeout TIME    for the whole of it; 60s, with --check 10s\n"
"  -i, --include         show the answer's header too\n"
"  -I, --head-only       ask for the header, and show it alone\n"
"  -o, --output FILE     write the answer to a file\n"
"  -v, --verbose         say what is sent, and how long it takes\n"
"      --expect LIST     the statuses that are good: 200,3xx\n"
"      --expect-text T   what must be in the body\n"
"      --check           be a monitoring plugin\n"
"      --warn TIME       with --check: slower is a warning\n"
"      --crit TIME       with --check: slower is critical\n"
"      --repeat N        ask N times, and count\n"
"      --concurrency N   so many at a time\n"
"      --print           write the request to standard output\n"
"      --decode          show what is in a recorded request\n"
"      --json            with --decode: as JSON\n"
"  -h, --help            show this\n"
"  -V, --version         show the version\n"
"scgi-request(1) tells the rest.\n";
