/* SPDX-License-Identifier: ISC */
/*
 * excuse: why a visit brought no whole answer, in words.
 *
 * Pure, but for the system's own words. Each sentence ends with what to look
 * at next.
 */
#include "platform.h"

#include "excuse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "plan.h"
#include "visit.h"

const char *
excuse_short(const struct visit *v)
{
	switch (v->end) {
	case VISIT_UNCONNECTED:
		return strerror(v->error);
	case VISIT_TIMEOUT:
		return "timeout";
	case VISIT_RESET:
		return "connection broken";
	case VISIT_EMPTY:
		return "no answer";
	case VISIT_BAD:
		return "bad reply";
	case VISIT_SHORT:
		return "answer cut short";
	case VISIT_UNREADABLE:
		return "body unreadable";
	default:
		return "answer not written";
	}
}

/* What to look at when there is no connection. */
static const char *
excuse_remedy(const struct visit *v)
{
	bool inet = v->plan->address->kind == ADDRESS_INET;

	switch (v->error) {
	case ENOENT:
		return "; is scgi-cgid running, and is this socket in its "
		    "option listen?";
	case ECONNREFUSED:
		return inet ? "; is scgi-cgid running, and is this address in "
		    "its option listen?" :
		    "; nobody listens on that socket: is scgi-cgid running?";
	case EACCES:
	case EPERM:
		return "; ask as a member of the socket's group (socket-group "
		    "and socket-mode in scgi-cgid.conf), or as root";
	case EMFILE:
		return "; use a smaller --concurrency, or raise ulimit -n";
	default:
		return "";
	}
}

static void
excuse_timeout(const struct visit *v, const char *address, char *text,
    size_t size)
{
	const char *what = "the answer is not whole";

	if (v->connected == 0)
		what = "no connection";
	else if (v->sent < plan_len(v->plan))
		what = "the request is not sent";
	else if (v->first == 0)
		what = "no answer";
	(void)snprintf(text, size, "%s: %s after %" PRId64 " ms; --timeout "
	    "gives it more time", address, what, v->plan->timeout_ms);
}

void
excuse_long(const struct visit *v, const char *address, char *text, size_t size)
{
	switch (v->end) {
	case VISIT_UNCONNECTED:
		(void)snprintf(text, size, "cannot connect to %s: %s%s",
		    address, strerror(v->error), excuse_remedy(v));
		break;
	case VISIT_TIMEOUT:
		excuse_timeout(v, address, text, size);
		break;
	case VISIT_RESET:
		(void)snprintf(text, size, "%s: %s after %" PRIu64 " bytes of "
		    "the answer's body; the gateway's log may say why",
		    address, strerror(v->error), v->body_len);
		break;
	case VISIT_EMPTY:
		(void)snprintf(text, size, "%s: closed without an answer; is "
		    "it an SCGI server? Its log may say why", address);
		break;
	case VISIT_BAD:
		(void)snprintf(text, size, "%s: bad reply, web servers refuse "
		    "such a one: %s", address, v->why);
		break;
	case VISIT_SHORT:
		(void)snprintf(text, size, "%s: the answer's body has %" PRIu64
		    " of %" PRIu64 " bytes; the gateway's log may say why",
		    address, v->body_len, v->response.length);
		break;
	case VISIT_UNREADABLE:
		(void)snprintf(text, size, "cannot read the body to send: %s",
		    strerror(v->error));
		break;
	default:
		(void)snprintf(text, size, "cannot write the answer: %s",
		    strerror(v->error));
		break;
	}
}
