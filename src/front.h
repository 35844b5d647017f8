/* SPDX-License-Identifier: ISC */
/*
 * front: the parameters that a web server makes of an HTTP request.
 *
 * The names, their order and the form of the values are those of nginx's
 * scgi_params, Apache's mod_proxy_scgi and lighttpd's mod_scgi.
 */
#ifndef CGID_FRONT_H
#define CGID_FRONT_H

#include <stdbool.h>

struct params;
struct url;

enum front_kind { FRONT_NGINX, FRONT_APACHE, FRONT_LIGHTTPD };

/* An HTTP request, as the web server gets it; all is borrowed. */
struct front_request {
	enum front_kind		 kind;
	const char		*method;
	const struct url	*url;
	const struct params	*fields;	/* header fields, in order */
	/* may be NULL */
	const char		*script_name;	/* lighttpd: to split at */
	const char		*document_root;	/* NULL: the usual */
	const char		*gateway;	/* Apache: scgi://THIS/ */
};

/* "nginx", "apache", "lighttpd". */
bool	front_find(const char *name, enum front_kind *);

/*
 * Make the parameters, without CONTENT_LENGTH, in `out`, which is the
 * caller's to free in any case. NULL, or a phrase that says why the server
 * would not pass such a request on.
 */
const char	*front_params(const struct front_request *, struct params *out);

#endif
