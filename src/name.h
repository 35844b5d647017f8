/* SPDX-License-Identifier: ISC */
/*
 * name: the parameters that the gateway knows by name.
 *
 * The meta-variables of RFC 3875 4.1, what front ends send beside them, and the
 * request's fields that something here looks at.
 */
#ifndef CGID_NAME_H
#define CGID_NAME_H

#include <stddef.h>

#define NAMES(X) \
	X(AUTH_TYPE) X(CONTENT_LENGTH) X(CONTENT_TYPE) \
	X(CONTEXT_DOCUMENT_ROOT) X(CONTEXT_PREFIX) X(DOCUMENT_ROOT) \
	X(DOCUMENT_URI) X(GATEWAY_INTERFACE) X(HTTPS) \
	X(HTTP_AUTHORIZATION) X(HTTP_CONNECTION) X(HTTP_CONTENT_LENGTH) \
	X(HTTP_CONTENT_TYPE) X(HTTP_HOST) X(HTTP_PROXY) \
	X(HTTP_PROXY_AUTHORIZATION) X(HTTP_REFERER) \
	X(HTTP_TRANSFER_ENCODING) X(HTTP_USER_AGENT) X(PATH) X(PATH_INFO) \
	X(PATH_TRANSLATED) X(QUERY_STRING) X(REDIRECT_QUERY_STRING) \
	X(REDIRECT_STATUS) X(REDIRECT_URI) X(REDIRECT_URL) X(REMOTE_ADDR) \
	X(REMOTE_HOST) X(REMOTE_IDENT) X(REMOTE_PORT) X(REMOTE_USER) \
	X(REQUEST_METHOD) X(REQUEST_SCHEME) X(REQUEST_URI) X(SCGI) \
	X(SCRIPT_FILENAME) X(SCRIPT_NAME) X(SCRIPT_URI) X(SCRIPT_URL) \
	X(SERVER_ADDR) X(SERVER_ADMIN) X(SERVER_NAME) X(SERVER_PORT) \
	X(SERVER_PROTOCOL) X(SERVER_SIGNATURE) X(SERVER_SOFTWARE) \
	X(UNIQUE_ID)

#define NAME_ITEM(word)	NAME_##word,
enum name { NAME_OTHER, NAMES(NAME_ITEM) NAME_COUNT };
#undef NAME_ITEM

/* Which name is this? */
enum name	name_find(const char *text, size_t len);

/* How it is spelt; not for NAME_OTHER. */
const char	*name_text(enum name);
size_t		 name_len(enum name);

#endif
