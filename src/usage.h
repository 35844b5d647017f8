/* SPDX-License-Identifier: ISC */
/*
 * usage: the options of scgi-request, and what --help says of them.
 */
#ifndef CGID_USAGE_H
#define CGID_USAGE_H

#include <getopt.h>

/* Options without a letter. */
enum {
	USAGE_AS = 256, USAGE_BODY, USAGE_CHECK, USAGE_CONCURRENCY,
	USAGE_CRIT, USAGE_DECODE, USAGE_DOCUMENT_ROOT, USAGE_DROP,
	USAGE_EXPECT, USAGE_EXPECT_TEXT, USAGE_HALF_CLOSE, USAGE_JSON,
	USAGE_PAUSE, USAGE_PIECE, USAGE_PRINT, USAGE_RAW, USAGE_REPEAT,
	USAGE_SCRIPT_NAME, USAGE_TIMEOUT, USAGE_WARN,
	USAGE_END
};

/* For getopt_long(3). */
#define USAGE_LETTERS	"H:IP:VX:d:hio:s:v"
extern const struct option	usage_options[];

/* The long name of an option. */
const char	*usage_name(int option);

extern const char		usage_text[];

#endif
