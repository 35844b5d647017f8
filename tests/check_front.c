/* SPDX-License-Identifier: ISC */
/*
 * The lists were seen at nginx 1.22.1, Apache 2.4.71 and lighttpd 1.4.69;
 * e2e_request_as asks them again where they are installed.
 */
#include "platform.h"

#include "front.h"

#include "check_main.h"
#include "field.h"
#include "params.h"
#include "url.h"

#define FIELDS	{ "Host: h.example", "X-A: 1", "x-a: 2", "X_U: u", "E;",	\
	"Cookie: a", "cookie: b", "Proxy: p", "Authorization: q",		\
	"Content-Length: 3", "Content-Type: t/t" }

static const struct {
	const char		*name;
	enum front_kind		 kind;
	const char		*method, *url;
	const char		*script_name, *root;
	const char		*fields[12];
	const char		*params;	/* "|" behind each */
	const char		*why;
} rows[] = {
{ "nginx", FRONT_NGINX, "GET", "/a//b/../c%20d?e=%41", NULL, NULL, { NULL },
  "REQUEST_METHOD=GET|REQUEST_URI=/a//b/../c%20d?e=%41|QUERY_STRING=e=%41|CONTENT_TYPE=|"
  "DOCUMENT_URI=/a/c d|DOCUMENT_ROOT=/usr/share/nginx/html|SCGI=1|SERVER_PROTOCOL=HTTP/1.1|"
  "REQUEST_SCHEME=http|REMOTE_ADDR=127.0.0.1|REMOTE_PORT=40000|SERVER_PORT=80|"
  "SERVER_NAME=localhost|", NULL },
{ "nginx, https", FRONT_NGINX, "POST", "https://h.example:81/", NULL, "/r", FIELDS,
  "REQUEST_METHOD=POST|REQUEST_URI=/|QUERY_STRING=|CONTENT_TYPE=t/t|DOCUMENT_URI=/|"
  "DOCUMENT_ROOT=/r|SCGI=1|SERVER_PROTOCOL=HTTP/1.1|REQUEST_SCHEME=https|HTTPS=on|"
  "REMOTE_ADDR=127.0.0.1|REMOTE_PORT=40000|SERVER_PORT=81|SERVER_NAME=h.example|"
  "HTTP_HOST=h.example|HTTP_X_A=1|HTTP_X_A=2|HTTP_E=|HTTP_COOKIE=a|HTTP_COOKIE=b|"
  "HTTP_PROXY=p|HTTP_AUTHORIZATION=q|HTTP_CONTENT_LENGTH=3|HTTP_CONTENT_TYPE=t/t|", NULL },
{ "Apache", FRONT_APACHE, "POST", "https://h.example/a%20b/~%7e?c", NULL, "/r", FIELDS,
  "SCGI=1|HTTPS=on|HTTP_HOST=h.example|HTTP_X_A=1, 2|HTTP_E=|HTTP_COOKIE=a, b|CONTENT_TYPE=t/t|"
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin|SERVER_SIGNATURE=|"
  "SERVER_SOFTWARE=Apache|SERVER_NAME=h.example|SERVER_ADDR=127.0.0.1|SERVER_PORT=443|"
  "REMOTE_ADDR=127.0.0.1|DOCUMENT_ROOT=/r|REQUEST_SCHEME=https|CONTEXT_PREFIX=|"
  "CONTEXT_DOCUMENT_ROOT=/r|SERVER_ADMIN=[no address given]|"
  "SCRIPT_FILENAME=proxy:scgi://g:1/a%20b/~~|REMOTE_PORT=40000|SERVER_PROTOCOL=HTTP/1.1|"
  "REQUEST_METHOD=POST|QUERY_STRING=c|REQUEST_URI=/a%20b/~%7e?c|SCRIPT_NAME=/a b/~~|", NULL },
{ "lighttpd", FRONT_LIGHTTPD, "POST", "https://h.example/a/./b%20c?%41%2f", "/a", "/r", FIELDS,
  "QUERY_STRING=A%2F|REQUEST_URI=/a/./b%20c?%41%2f|REDIRECT_URI=/a/b%20c?A%2F|REDIRECT_STATUS=200|"
  "SCRIPT_NAME=/a|PATH_INFO=/b c|PATH_TRANSLATED=/r/b c|SCRIPT_FILENAME=/r/a|DOCUMENT_ROOT=/r|"
  "REQUEST_METHOD=POST|SERVER_PROTOCOL=HTTP/1.1|SERVER_SOFTWARE=lighttpd|GATEWAY_INTERFACE=CGI/1.1|"
  "REQUEST_SCHEME=https|HTTPS=on|SERVER_PORT=443|SERVER_ADDR=127.0.0.1|SERVER_NAME=h.example|"
  "REMOTE_ADDR=127.0.0.1|REMOTE_PORT=40000|HTTP_HOST=h.example|HTTP_X_A=1, 2|HTTP_X_U=u|"
  "HTTP_COOKIE=a; b|HTTP_AUTHORIZATION=q|HTTP_CONTENT_LENGTH=3|CONTENT_TYPE=t/t|SCGI=1|", NULL },
{ "lighttpd, whole", FRONT_LIGHTTPD, "GET", "/a/b", NULL, NULL, { NULL },
  "QUERY_STRING=|REQUEST_URI=/a/b|REDIRECT_STATUS=200|SCRIPT_NAME=/a/b|SCRIPT_FILENAME=/var/www/html/a/b|"
  "DOCUMENT_ROOT=/var/www/html|REQUEST_METHOD=GET|SERVER_PROTOCOL=HTTP/1.1|SERVER_SOFTWARE=lighttpd|"
  "GATEWAY_INTERFACE=CGI/1.1|REQUEST_SCHEME=http|SERVER_PORT=80|SERVER_ADDR=127.0.0.1|"
  "SERVER_NAME=localhost|REMOTE_ADDR=127.0.0.1|REMOTE_PORT=40000|SCGI=1|", NULL },
{ "split with a slash", FRONT_LIGHTTPD, "GET", "/a/b", "/a/", "/r", { NULL },
  "QUERY_STRING=|REQUEST_URI=/a/b|REDIRECT_STATUS=200|SCRIPT_NAME=/a|PATH_INFO=/b|PATH_TRANSLATED=/r/b|"
  "SCRIPT_FILENAME=/r/a|DOCUMENT_ROOT=/r|REQUEST_METHOD=GET|SERVER_PROTOCOL=HTTP/1.1|"
  "SERVER_SOFTWARE=lighttpd|GATEWAY_INTERFACE=CGI/1.1|REQUEST_SCHEME=http|SERVER_PORT=80|"
  "SERVER_ADDR=127.0.0.1|SERVER_NAME=localhost|REMOTE_ADDR=127.0.0.1|REMOTE_PORT=40000|SCGI=1|", NULL },
{ "split elsewhere", FRONT_LIGHTTPD, "GET", "/ab", "/a", NULL, { NULL }, NULL,
  "the path does not begin with the script name" },
{ "climbs", FRONT_NGINX, "GET", "/../a", NULL, NULL, { NULL }, NULL, "path climbs above the root" },
{ "NUL", FRONT_APACHE, "GET", "/%00", NULL, NULL, { NULL }, NULL, "NUL in the path" },
{ "hidden slash", FRONT_APACHE, "GET", "/a%2Fb", NULL, NULL, { NULL }, NULL,
  "Apache itself answers 404 to an encoded slash" },
};

/* Put together what was made. */
static char *
joined(const struct params *params)
{
	char *text;
	size_t i, len;
	FILE *to = open_memstream(&text, &len);

	for (i = 0; i < params->n; i++)
		(void)fprintf(to, "%s=%s|", params->list[i].name,
		    params->list[i].value);
	(void)fclose(to);
	return text;
}

START_TEST(params)
{
	struct params fields = { 0 }, own = { 0 }, out = { 0 };
	const char *name = rows[_i].name;
	struct url url;
	struct front_request request = { .kind = rows[_i].kind,
	    .method = rows[_i].method, .url = &url, .fields = &fields,
	    .script_name = rows[_i].script_name,
	    .document_root = rows[_i].root, .gateway = "proxy:scgi://g:1" };
	char *text;
	size_t i;

	for (i = 0; rows[_i].fields[i] != NULL; i++)
		CHECK_TEXT(name, field_set(&fields, &own, rows[_i].fields[i]),
		    NULL);
	CHECK_TEXT(name, url_parse(rows[_i].url, &url), NULL);
	CHECK_TEXT(name, front_params(&request, &out), rows[_i].why);
	text = joined(&out);
	CHECK_TEXT(name, text, rows[_i].params != NULL ? rows[_i].params : "");
	free(text);
	url_free(&url);
	params_free(&fields);
	params_free(&own);
	params_free(&out);
}
END_TEST

/* Lines on top of "A=1|B=2|A=3|", which are not our own. */
static const struct {
	const char	*lines[3];
	const char	*fields;
	const char	*why;
} sets[] = {
	{ { "C: 3" }, "A=1|B=2|A=3|C=3|", NULL },
	{ { "B: 3" }, "A=1|B=3|A=3|", NULL },
	{ { "b:\t3 \t" }, "A=1|B=3|A=3|", NULL },
	{ { "B: 3", "b: 4" }, "A=1|B=3|A=3|b=4|", NULL },
	{ { "B:" }, "A=1|A=3|", NULL },
	{ { "a:" }, "B=2|", NULL },
	{ { "B:", "B: 4" }, "A=1|A=3|B=4|", NULL },
	{ { "B;" }, "A=1|B=|A=3|", NULL },
	{ { "C;" }, "A=1|B=2|A=3|C=|", NULL },
	{ { "C:" }, "A=1|B=2|A=3|", NULL },
	{ { "C: a:b;c" }, "A=1|B=2|A=3|C=a:b;c|", NULL },
	{ { "C" }, NULL, "no colon" }, { { "C;x" }, NULL, "semicolon" },
	{ { ": x" }, NULL, "no name" }, { { "C D: x" }, NULL, "no field name" },
	{ { "C: a\r\nD: b" }, NULL, "control" }, { { "C: \x7f" }, NULL, "control" },
	{ { "C\n: x" }, NULL, "no field name" }, { { "" }, NULL, "no colon" },
};

START_TEST(set)
{
	struct params fields = { 0 }, own = { 0 };
	const char *name = sets[_i].lines[0], *why = NULL;
	char *text;
	size_t i;

	params_add(&fields, "A", "1");
	params_add(&fields, "B", "2");
	params_add(&fields, "A", "3");
	for (i = 0; sets[_i].lines[i] != NULL && why == NULL; i++)
		why = field_set(&fields, &own, sets[_i].lines[i]);
	if (sets[_i].why != NULL)
		CHECK_TRUE(name, why != NULL && strstr(why, sets[_i].why));
	else
		CHECK_TEXT(name, why, NULL);
	text = joined(&fields);
	CHECK_TEXT(name, text, sets[_i].fields != NULL ? sets[_i].fields :
	    "A=1|B=2|A=3|");
	free(text);
	params_free(&fields);
	params_free(&own);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("front");

	CHECK_ROWS(suite, params, rows);
	CHECK_ROWS(suite, set, sets);
	return check_run(suite);
}
