/* SPDX-License-Identifier: ISC */

/* ask: the bytes of one request, as a web server or a browser would send it. */

#ifndef ASK_H
#define ASK_H

#include <stddef.h>

enum {
	ASK_PARAMS = 128	/* the most there may be */
};

enum ask_protocol {
	ASK_SCGI,
	ASK_FASTCGI,
	ASK_HTTP		/* 1.0: no chunks, and the answer ends it */
};

struct param {
	const char	*name;
	const char	*value;
};

/* Zeroed by its owner before use; names and values are borrowed. */
struct ask {
	struct param	 params[ASK_PARAMS];
	size_t		 n_params;
	size_t		 body_len;	/* set before ask_stock */
	enum ask_protocol protocol;	/* set before ask_wire */
	char		*wire;		/* owned; NULL before ask_wire */
	size_t		 wire_len;
};

/*
 * Put in what nginx sends with its stock scgi_params for a request of path,
 * which is cut at its question mark and borrowed until the end.  Exits if
 * memory is lacking.
 */
void	ask_stock(struct ask *, char *path);

/*
 * Send NAME=VALUE too, or instead of the stock value.  The text is cut at
 * its equals sign and borrowed until the end.  Returns NULL, or a phrase
 * that says what is wrong with it.
 */
const char *ask_extra(struct ask *, char *text);

/*
 * Write the request once, as its protocol has it.  Over HTTP go the method, the
 * target, and what has a name that begins with HTTP_.  Exits on failure.
 */
void	ask_wire(struct ask *);

#endif
