/* SPDX-License-Identifier: ISC */
/*
 * refusal: our own answers to the last byte, so that no field is lost or added
 * unseen.
 */
#include "platform.h"

#include "check_main.h"

#include "refusal.h"
#include "settings.h"

#define TYPE	"Content-Type: text/plain; charset=utf-8\r\n"
#define NOSNIFF	"X-Content-Type-Options: nosniff\r\n"

static const struct {
	const char	*name;
	enum cause	 cause;
	const char	*method;
	int		 error_body, response;
	const char	*text;
} rows[] = {
{ "plain", CAUSE_NO_METHOD, NULL, ERROR_BODY_FULL, RESPONSE_STATUS, "Status: 400 Bad Request\r\n" TYPE "Content-Length: 35\r\n" NOSNIFF "\r\n400 Bad Request\n\nno REQUEST_METHOD\n" },
{ "503", CAUSE_QUEUE_FULL, "GET", ERROR_BODY_FULL, RESPONSE_STATUS, "Status: 503 Service Unavailable\r\n" TYPE "Content-Length: 56\r\n" NOSNIFF "Retry-After: 5\r\n\r\n503 Service Unavailable\n\ntoo many requests wait already\n" },
{ "503, brief", CAUSE_QUEUE_FULL, "GET", ERROR_BODY_BRIEF, RESPONSE_STATUS, "Status: 503 Service Unavailable\r\n" TYPE "Content-Length: 24\r\n" NOSNIFF "Retry-After: 5\r\n\r\n503 Service Unavailable\n" },
{ "503, HEAD", CAUSE_QUEUE_FULL, "HEAD", ERROR_BODY_BRIEF, RESPONSE_STATUS, "Status: 503 Service Unavailable\r\n" TYPE "Content-Length: 24\r\n" NOSNIFF "Retry-After: 5\r\n\r\n" },
{ "405", CAUSE_METHOD, "POST", ERROR_BODY_BRIEF, RESPONSE_STATUS, "Status: 405 Method Not Allowed\r\n" TYPE "Content-Length: 23\r\n" NOSNIFF "Allow: GET, HEAD\r\n\r\n405 Method Not Allowed\n" },
{ "502 over HTTP", CAUSE_NO_COLON, "GET", ERROR_BODY_BRIEF, RESPONSE_HTTP, "HTTP/1.1 502 Bad Gateway\r\n" TYPE "Content-Length: 16\r\n" NOSNIFF "\r\n502 Bad Gateway\n" },
};

START_TEST(refusal)
{
	char get[] = "GET", head[] = "HEAD", *methods[] = { get, head, NULL };
	const struct settings set = {
		.methods = { .v = methods, .n = 2 },
		.error_body = rows[_i].error_body,
		.response = rows[_i].response,
	};
	size_t len = 0;
	char *text = refusal_make(&set, rows[_i].method, rows[_i].cause, &len);

	ck_assert_ptr_nonnull(text);
	ck_assert_msg(len == strlen(rows[_i].text) &&
	    memcmp(text, rows[_i].text, len) == 0, "%s: made\n%.*s",
	    rows[_i].name, (int)len, text);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("refusal");

	CHECK_ROWS(suite, refusal, rows);
	return check_run(suite);
}
