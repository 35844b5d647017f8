/* SPDX-License-Identifier: ISC */
/*
 * refusal: an answer of our own, as a mapping wants its answers to look.
 */
#include "platform.h"

#include "refusal.h"

#include <bsd/string.h>

#include <stdio.h>
#include <string.h>

#include "settings.h"


/* Seconds after which a client may try again. */
#define REFUSAL_RETRY	"5"

struct reply_style
refusal_style(const struct settings *set, const char *method)
{
	return (struct reply_style){
		.http = set->response == RESPONSE_HTTP,
		.x_accel = set->x_accel,
		.redirect_inside =
		    set->local_redirect == LOCAL_REDIRECT_X_ACCEL,
		.head = method != NULL && strcmp(method, "HEAD") == 0,
	};
}

/* Allow, with a 405 (RFC 9110 15.5.6). Too many to fit are left out. */
static void
refusal_allow(const struct strings *methods, char *fields, size_t size)
{
	size_t i, used = (size_t)snprintf(fields, size, "Allow: ");

	for (i = 0; i < methods->n && used < size; i++)
		used += (size_t)snprintf(fields + used, size - used, "%s%s",
		    i > 0 ? ", " : "", methods->v[i]);
	if (used >= size || strlcat(fields, "\r\n", size) >= size)
		fields[0] = '\0';
}

char *
refusal_make(const struct settings *set, const char *method,
    enum cause cause, size_t *len)
{
	struct reply_style style = refusal_style(set, method);
	int status = cause_status(cause);
	char fields[512] = "";

	if (status == 503)
		(void)strlcpy(fields, "Retry-After: " REFUSAL_RETRY "\r\n",
		    sizeof fields);
	else if (status == 405)
		refusal_allow(&set->methods, fields, sizeof fields);
	return reply_document(status, set->error_body == ERROR_BODY_BRIEF ?
	    NULL : cause_phrase(cause), fields, &style, len);
}
