/* SPDX-License-Identifier: ISC */
/*
 * arguments: what is wanted of scgi-request, from its command line.
 */
#ifndef CGID_ARGUMENTS_H
#define CGID_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "front.h"
#include "params.h"
#include "url.h"
#include "usage.h"

/* Exit statuses; a monitor has its own. */
#define ARGUMENTS_GOOD		0	/* answered, as expected */
#define ARGUMENTS_ERROR		1	/* answered, otherwise; or no request */
#define ARGUMENTS_NO_ANSWER	2
#define ARGUMENTS_USAGE		64	/* EX_USAGE */

/* Strings are those of the command line, or NULL. */
struct arguments {
	enum {
		ARGUMENTS_ASK, ARGUMENTS_CHECK, ARGUMENTS_DECODE,
		ARGUMENTS_LOAD, ARGUMENTS_PRINT
	} mode;
	/* where to */
	const char	*address_text;
	struct address	 address;
	/* what */
	struct url	 url;
	enum front_kind	 front;
	const char	*method;
	const char	*script_name, *document_root;
	struct params	 fields;	/* header fields */
	struct params	 own;		/* their names, as far as given */
	struct params	 sets, drops;	/* of parameters */
	const char	*data, *body_file, *raw_file;
	/* how */
	int64_t		 piece;		/* 0: any */
	int64_t		 pause_ms, timeout_ms;
	bool		 half_close;
	int64_t		 repeat, concurrency;
	/* what comes of it */
	bool		 show_header, show_body, verbose, json;
	const char	*output;
	const char	*expect, *expect_text;
	int64_t		 warn_ms, crit_ms;	/* -1: none */
	const char	*capture;	/* to decode; "-" for standard input */
	bool		 given[USAGE_END];	/* options, by their letter */
};

/*
 * Read the options, or say what is wrong with one and exit. Returns the index
 * of the first argument that is no option.
 */
int	arguments_read(struct arguments *, int argc, char *argv[]);

/* Give back what the structure owns. */
void	arguments_free(struct arguments *);

#endif
