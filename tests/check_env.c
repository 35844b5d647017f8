/* SPDX-License-Identifier: ISC */
/*
 * env: what gets into the environment, what does not, and what is said.
 */
#include "platform.h"

#include "env.h"

#include "check_main.h"
#include "scgi.h"

/* Lists are written "A|B"; what comes over the wire likewise. */
struct list {
	char	*copy;
	char	*v[32];
};

static const struct {
	const char	*name;
	const char	*wire;		/* CONTENT_LENGTH and SCGI are added */
	const char	*accept, *set, *pass, *unset;
	bool		 authorization;
	const char	*path_info;
	/* "NAME=value": is there; "-NAME": is not; "?NAME": nor is it, and
	 * that was said. */
	const char	*want;
} rows[] = {
/* RFC 3875 4.1: what must be there even if the front end sends nothing */
{ "least", "", "", "", "", "", false, "", "GATEWAY_INTERFACE=CGI/1.1|QUERY_STRING=|REDIRECT_STATUS=200|REMOTE_ADDR=127.0.0.1|SCRIPT_NAME=/cgi/x|SCRIPT_FILENAME=/srv/x|SERVER_NAME=localhost|SERVER_PORT=80|SERVER_PROTOCOL=HTTP/1.0|SERVER_SOFTWARE=ours/1|PATH=/usr/local/bin:/usr/bin:/bin|-CONTENT_LENGTH|-CONTENT_TYPE|-PATH_INFO|-PATH_TRANSLATED|-SCGI" },
{ "from the wire", "QUERY_STRING=a=b|SERVER_NAME=example.org|SERVER_PORT=8080|SERVER_PROTOCOL=HTTP/1.1|SERVER_SOFTWARE=nginx|REMOTE_ADDR=192.0.2.1|REQUEST_METHOD=GET", "", "", "", "", false, "", "QUERY_STRING=a=b|SERVER_NAME=example.org|SERVER_PORT=8080|SERVER_PROTOCOL=HTTP/1.1|SERVER_SOFTWARE=nginx|REMOTE_ADDR=192.0.2.1|REQUEST_METHOD=GET" },
{ "empty is missing", "QUERY_STRING=|SERVER_NAME=|SERVER_PORT=|SERVER_PROTOCOL=|SERVER_SOFTWARE=|REMOTE_ADDR=|CONTENT_TYPE=|REMOTE_USER=|AUTH_TYPE=", "", "", "", "", false, "", "QUERY_STRING=|SERVER_NAME=localhost|SERVER_PORT=80|SERVER_PROTOCOL=HTTP/1.0|SERVER_SOFTWARE=ours/1|REMOTE_ADDR=127.0.0.1|-CONTENT_TYPE|-REMOTE_USER|-AUTH_TYPE" },
{ "the gateway computes", "SCRIPT_NAME=/wire|PATH_INFO=/wire|SCRIPT_FILENAME=/etc/passwd|PATH_TRANSLATED=/wire|GATEWAY_INTERFACE=CGI/9|PATH=/wire|REDIRECT_STATUS=404", "", "", "", "", false, "", "SCRIPT_NAME=/cgi/x|SCRIPT_FILENAME=/srv/x|-PATH_INFO|-PATH_TRANSLATED|GATEWAY_INTERFACE=CGI/1.1|PATH=/usr/local/bin:/usr/bin:/bin|REDIRECT_STATUS=200" },
{ "body", "CONTENT_LENGTH=12|CONTENT_TYPE=text/plain", "", "", "", "", false, "", "CONTENT_LENGTH=12|CONTENT_TYPE=text/plain" },
{ "largest body", "CONTENT_LENGTH=9223372036854775807", "", "", "", "", false, "", "CONTENT_LENGTH=9223372036854775807" },
{ "length in another spelling", "CONTENT_LENGTH=007", "", "", "", "", false, "", "CONTENT_LENGTH=7" },
{ "path info", "DOCUMENT_ROOT=/var/www", "", "", "", "", false, "/a b", "PATH_INFO=/a b|PATH_TRANSLATED=/var/www/a b|DOCUMENT_ROOT=/var/www" },
{ "path info, no root", "", "", "", "", "", false, "/a", "PATH_INFO=/a|-PATH_TRANSLATED" },
{ "path info, odd root", "DOCUMENT_ROOT=var", "", "", "", "", false, "/a", "PATH_INFO=/a|-PATH_TRANSLATED" },
{ "path info, a root that ends in /", "DOCUMENT_ROOT=/srv/", "", "", "", "", false, "/x", "PATH_TRANSLATED=/srv/x|DOCUMENT_ROOT=/srv/" },
{ "path info, the root of all", "DOCUMENT_ROOT=/", "", "", "", "", false, "/x", "PATH_TRANSLATED=/x|DOCUMENT_ROOT=/" },
{ "no path info, a root", "DOCUMENT_ROOT=/var/www", "", "", "", "", false, "", "-PATH_INFO|-PATH_TRANSLATED" },
/* the name and port of the server */
{ "name is _", "SERVER_NAME=_|HTTP_HOST=example.org:81", "", "", "", "", false, "", "SERVER_NAME=example.org|HTTP_HOST=example.org:81" },
{ "no name, host without port", "HTTP_HOST=example.org", "", "", "", "", false, "", "SERVER_NAME=example.org" },
{ "no name, IPv6 host", "HTTP_HOST=[::1]:81", "", "", "", "", false, "", "SERVER_NAME=[::1]" },
{ "no name, IPv6 host not closed", "HTTP_HOST=[::1", "", "", "", "", false, "", "SERVER_NAME=localhost" },
{ "no name, empty host", "HTTP_HOST=", "", "", "", "", false, "", "SERVER_NAME=localhost|HTTP_HOST=" },
{ "https", "HTTPS=on", "", "", "", "", false, "", "SERVER_PORT=443|HTTPS=on" },
{ "https off", "HTTPS=off", "", "", "", "", false, "", "SERVER_PORT=80|HTTPS=off" },
/* by list */
{ "fields", "HTTP_ACCEPT=*/*|HTTP_COOKIE=a=1|HTTP_X_Y=z|HTTP_EMPTY=", "", "", "", "", false, "", "HTTP_ACCEPT=*/*|HTTP_COOKIE=a=1|HTTP_X_Y=z|HTTP_EMPTY=" },
{ "customary", "DOCUMENT_URI=/u|REQUEST_URI=/r|REQUEST_SCHEME=http|SERVER_ADDR=::1|REMOTE_PORT=1|UNIQUE_ID=u|SSL_CLIENT_S_DN=CN|REMOTE_USER=joe|AUTH_TYPE=Basic", "", "", "", "", false, "", "DOCUMENT_URI=/u|REQUEST_URI=/r|REQUEST_SCHEME=http|SERVER_ADDR=::1|REMOTE_PORT=1|UNIQUE_ID=u|SSL_CLIENT_S_DN=CN|REMOTE_USER=joe|AUTH_TYPE=Basic" },
{ "nobody asked for it", "APP_MODE=x|GEO=de", "", "", "", "", false, "", "?APP_MODE|?GEO" },
{ "accepted by name", "APP_MODE=x|GEO=de", "GEO", "", "", "", false, "", "?APP_MODE|GEO=de" },
{ "accepted by pattern", "APP_MODE=x|APP_=y|APPLE=z", "APP_*", "", "", "", false, "", "APP_MODE=x|APP_=y|?APPLE" },
{ "accepted by ?", "X1=a|X12=b", "X?", "", "", "", false, "", "X1=a|?X12" },
{ "accepted, in small letters", "app-mode=x", "APP_MODE", "", "", "", false, "", "APP_MODE=x" },
{ "accepted, empty value", "APP_MODE=", "APP_MODE", "", "", "", false, "", "APP_MODE=" },
{ "sent before a redirect", "REDIRECT_HTTP_HOST=h|REDIRECT_REMOTE_USER=u|REDIRECT_STATUS=404|REDIRECT_URL=/a|REDIRECT_URI=/b|REDIRECT_QUERY_STRING=q", "", "", "", "", false, "", "-REDIRECT_HTTP_HOST|-REDIRECT_REMOTE_USER|REDIRECT_STATUS=200|REDIRECT_URL=/a|REDIRECT_URI=/b|REDIRECT_QUERY_STRING=q" },
{ "sent before a redirect, accepted", "REDIRECT_HTTP_HOST=h|REDIRECT_REMOTE_USER=u", "REDIRECT_REMOTE_USER", "", "", "", false, "", "-REDIRECT_HTTP_HOST|REDIRECT_REMOTE_USER=u" },
/* never, whatever is listed */
{ "httpoxy", "HTTP_PROXY=http://evil|http-proxy=x|Proxy=y", "*", "", "", "", false, "", "-HTTP_PROXY|PROXY=y" },
{ "about the connection", "HTTP_CONNECTION=close|HTTP_CONTENT_LENGTH=3|HTTP_CONTENT_TYPE=a|HTTP_TRANSFER_ENCODING=chunked", "*", "", "", "", false, "", "-HTTP_CONNECTION|-HTTP_CONTENT_LENGTH|-HTTP_CONTENT_TYPE|-HTTP_TRANSFER_ENCODING" },
{ "shellshock", "HTTP_USER_AGENT=() { :;}; id|QUERY_STRING=() { x|APP=() { x|SERVER_PROTOCOL=() { x", "*", "", "", "", false, "", "-HTTP_USER_AGENT|QUERY_STRING=|-APP|SERVER_PROTOCOL=HTTP/1.0" },
{ "shellshock as the server's name", "SERVER_NAME=() { :;}; id", "", "", "", "", false, "", "SERVER_NAME=localhost" },
{ "shellshock as the host", "HTTP_HOST=() { x", "", "", "", "", false, "", "-HTTP_HOST|SERVER_NAME=localhost" },
{ "shellshock as the address", "REMOTE_ADDR=() { x", "", "", "", "", false, "", "REMOTE_ADDR=127.0.0.1" },
{ "no shellshock", "HTTP_X=(){ x|HTTP_Y=a() { x", "", "", "", "", false, "", "HTTP_X=(){ x|HTTP_Y=a() { x" },
{ "loaders and shells", "LD_PRELOAD=x|LD_LIBRARY_PATH=x|BASH_ENV=x|BASH_FUNC_A=x|ENV=x|IFS=x|SHELLOPTS=x|PS4=x", "*", "", "", "", false, "", "-LD_PRELOAD|-LD_LIBRARY_PATH|-BASH_ENV|-BASH_FUNC_A|-ENV|-IFS|-SHELLOPTS|-PS4" },
{ "interpreters", "PERL5LIB=x|PERL5OPT=x|PYTHONPATH=x|RUBYLIB=x|NODE_OPTIONS=x|PHPRC=x|JAVA_TOOL_OPTIONS=x|GCONV_PATH=x", "*", "", "", "", false, "", "-PERL5LIB|-PERL5OPT|-PYTHONPATH|-RUBYLIB|-NODE_OPTIONS|-PHPRC|-JAVA_TOOL_OPTIONS|-GCONV_PATH" },
{ "whom to trust", "SSL_CERT_FILE=x|SSL_CERT_DIR=x|SSL_CLIENT_S_DN=CN", "", "", "", "", false, "", "-SSL_CERT_FILE|-SSL_CERT_DIR|SSL_CLIENT_S_DN=CN" },
{ "whom to trust, whatever is listed", "SSL_CERT_FILE=x|ssl-cert-dir=x|OPENSSL_CONF=x", "*", "", "", "", false, "", "-SSL_CERT_FILE|-SSL_CERT_DIR|-OPENSSL_CONF" },
{ "by way of whom", "HTTPS_PROXY=x|https_proxy=x|ALL_PROXY=x|FTP_PROXY=x|NO_PROXY=x", "*", "", "", "", false, "", "-HTTPS_PROXY|-ALL_PROXY|-FTP_PROXY|-NO_PROXY" },
{ "what git runs", "GIT_SSH=x|GIT_SSH_COMMAND=x|GIT_EXEC_PATH=x|GIT_CONFIG_COUNT=1|GIT_ASKPASS=x|GIT_PROXY_COMMAND=x|GIT_EXTERNAL_DIFF=x", "*", "", "", "", false, "", "-GIT_SSH|-GIT_SSH_COMMAND|-GIT_EXEC_PATH|-GIT_CONFIG_COUNT|-GIT_ASKPASS|-GIT_PROXY_COMMAND|-GIT_EXTERNAL_DIFF" },
{ "what git serves", "GIT_PROJECT_ROOT=/srv/git|GIT_HTTP_EXPORT_ALL=", "GIT_PROJECT_ROOT|GIT_HTTP_EXPORT_ALL", "", "", "", false, "", "GIT_PROJECT_ROOT=/srv/git|GIT_HTTP_EXPORT_ALL=" },
{ "no name for a shell", "A.B=x|1A=x|A%%=x|A B=x|HTTP_A.B=x", "*", "", "", "", false, "", "-A.B|-1A|-A%%|-A B|-HTTP_A.B" },
{ "authorization", "HTTP_AUTHORIZATION=Basic x", "*", "", "", "", false, "", "-HTTP_AUTHORIZATION" },
{ "authorization for a proxy", "HTTP_PROXY_AUTHORIZATION=Basic x", "*", "", "", "", false, "", "-HTTP_PROXY_AUTHORIZATION" },
{ "query only in the URI", "REQUEST_URI=/x?a=b?c", "", "", "", "", false, "", "QUERY_STRING=a=b?c" },
{ "query in the URI, up to the fragment", "REQUEST_URI=/x?a=b#c", "", "", "", "", false, "", "QUERY_STRING=a=b" },
{ "no name, host without one", "HTTP_HOST=:80", "", "", "", "", false, "", "SERVER_NAME=localhost" },
{ "query in neither", "REQUEST_URI=/x", "", "", "", "", false, "", "QUERY_STRING=" },
{ "query empty, whatever the URI says", "REQUEST_URI=/x?a|QUERY_STRING=", "", "", "", "", false, "", "QUERY_STRING=" },
{ "shellshock in the URI", "REQUEST_URI=/x?() { :;}", "", "", "", "", false, "", "QUERY_STRING=" },
{ "fields on several lines", "HTTP_X=a\r\n b\n\tc|REMOTE_USER=d\ne", "", "", "", "", false, "", "HTTP_X=a   b \tc|REMOTE_USER=d\ne" },
{ "shellshock on two lines", "HTTP_X=()\n{ :;}; id|HTTP_Y=()\r{ x|HTTP_Z=() \n{ x", "*", "", "", "", false, "", "-HTTP_X|-HTTP_Y|HTTP_Z=()  { x" },
{ "a Unix peer of the front end", "REMOTE_ADDR=unix:", "", "", "", "", false, "", "REMOTE_ADDR=127.0.0.1" },
{ "authorization by leave", "HTTP_AUTHORIZATION=Basic x", "", "", "", "", true, "", "HTTP_AUTHORIZATION=Basic x" },
/* ours */
{ "set", "", "", "A=1|B=x=y|C=", "", "", false, "", "A=1|B=x=y|C=" },
{ "set wins over the wire", "HTTP_X=wire|REMOTE_USER=wire|GEO=wire", "*", "HTTP_X=ours|REMOTE_USER=|GEO=ours", "", "", false, "", "HTTP_X=ours|REMOTE_USER=|GEO=ours" },
{ "set wins over the default", "", "", "PATH=/opt/bin|SERVER_NAME=s|SERVER_PORT=1", "", "", false, "", "PATH=/opt/bin|SERVER_NAME=s|SERVER_PORT=1" },
{ "set wins over what stands in place", "SERVER_NAME=w|SERVER_PORT=8|REMOTE_ADDR=192.0.2.1", "", "SERVER_NAME=s", "SERVER_PORT=1", "REMOTE_ADDR", false, "", "SERVER_NAME=s|SERVER_PORT=1|-REMOTE_ADDR" },
{ "unset what stands in place", "QUERY_STRING=a|SERVER_PROTOCOL=HTTP/1.1|SERVER_SOFTWARE=n", "", "", "", "QUERY_STRING|SERVER_PROTOCOL|SERVER_SOFTWARE", false, "", "-QUERY_STRING|-SERVER_PROTOCOL|-SERVER_SOFTWARE" },
{ "set may steer", "LD_LIBRARY_PATH=wire", "", "LD_LIBRARY_PATH=/opt/lib", "", "", false, "", "LD_LIBRARY_PATH=/opt/lib" },
{ "set, a longer name from the wire", "HTTP_XY=wire", "", "HTTP_X=ours", "", "", false, "", "HTTP_X=ours|HTTP_XY=wire" },
{ "set, a shorter name from the wire", "HTTP_X=wire", "", "HTTP_XY=ours", "", "", false, "", "HTTP_X=wire|HTTP_XY=ours" },
{ "passed", "TZ=wire|LANG=wire", "*", "", "TZ=UTC|LANG=C", "", false, "", "TZ=UTC|LANG=C" },
{ "passed wins over the default", "", "", "", "PATH=/home/bin", "", false, "", "PATH=/home/bin" },
{ "set wins over passed", "", "", "TZ=UTC", "TZ=CET", "", false, "", "TZ=UTC" },
{ "path translated from elsewhere", "DOCUMENT_ROOT=/w", "", "", "PATH_TRANSLATED=/x", "", false, "/a", "PATH_INFO=/a" },
{ "unset", "HTTP_X=a|HTTP_Y=b|REMOTE_USER=joe", "", "", "", "HTTP_X|REMOTE_USER", false, "", "-HTTP_X|HTTP_Y=b|-REMOTE_USER" },
{ "unset what is computed", "CONTENT_LENGTH=3|DOCUMENT_ROOT=/w", "", "", "", "SERVER_SOFTWARE|REDIRECT_STATUS|PATH_TRANSLATED", false, "/a", "-SERVER_SOFTWARE|-REDIRECT_STATUS|-PATH_TRANSLATED|PATH_INFO=/a" },
{ "unset what is passed", "", "", "", "TZ=UTC|LANG=C", "TZ", false, "", "-TZ|LANG=C" },
{ "unset, and never said", "GEO=de", "", "", "", "GEO", false, "", "-GEO" },
/* fields that came in pieces */
{ "joined", "HTTP_X=a|HTTP_X=b|HTTP_COOKIE=c=1|HTTP_COOKIE=d=2", "", "", "", "", false, "", "HTTP_X=a, b|HTTP_COOKIE=c=1; d=2" },
{ "repeated in place", "SERVER_NAME=a|server-name=b|QUERY_STRING=c|QUERY_STRING=d", "", "", "", "", false, "", "SERVER_NAME=b|QUERY_STRING=d" },
{ "a query with a fragment", "QUERY_STRING=a#b", "", "", "", "", false, "", "QUERY_STRING=a" },
{ "a query that is a fragment", "QUERY_STRING=#", "", "", "", "", false, "", "QUERY_STRING=" },
{ "repeated", "REMOTE_USER=a|REMOTE_USER=b", "", "", "", "", false, "", "REMOTE_USER=b" },
};

static char said[1024];		/* "|A|B|" */

static void
note_refused(void *arg, const char *name)
{
	ck_assert(arg == said);
	(void)strcat(strcat(said, name), "|");
}

static void
list_make(struct list *list, const char *text)
{
	char *rest = list->copy = strdup(text);
	size_t n = 0;

	while (*text != '\0' && (list->v[n] = strsep(&rest, "|")) != NULL)
		n++;
	list->v[n] = NULL;
}

/* Have the decoder make a head of "A=b|C=d". */
static void
head_make(struct scgi *head, const char *name, const char *text)
{
	char wire[2048], block[2000];
	struct list list;
	size_t i, len = 0, used;
	int n;

	list_make(&list, text);
	if (strstr(text, "CONTENT_LENGTH") != text)
		len = (size_t)sprintf(block, "CONTENT_LENGTH%c0", 0) + 1;
	len += (size_t)sprintf(block + len, "SCGI%c1", 0) + 1;
	for (i = 0; list.v[i] != NULL; i++) {
		len += (size_t)sprintf(block + len, "%s", list.v[i]) + 1;
		*strchr(block + len - strlen(list.v[i]) - 1, '=') = '\0';
	}
	n = sprintf(wire, "%zu:", len);
	memcpy(wire + n, block, len);
	wire[(size_t)n + len] = ',';
	scgi_init(head, 4096, 1024);
	CHECK_INT(name, scgi_push(head, wire, (size_t)n + len + 1, &used),
	    SCGI_DONE);
	free(list.copy);
}

static const char *
env_value(const struct env *env, const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; env->v[i] != NULL; i++)
		if (strncmp(env->v[i], name, len) == 0 && env->v[i][len] == '=')
			return env->v[i] + len + 1;
	return NULL;
}

static void
look_at(const char *name, const struct env *env, const char *text)
{
	struct list want;
	char *value, key[64];
	size_t i;

	list_make(&want, text);
	for (i = 0; want.v[i] != NULL; i++) {
		if (want.v[i][0] != '-' && want.v[i][0] != '?') {
			value = strchr(want.v[i], '=');
			*value++ = '\0';
			ck_assert_msg(check_same(env_value(env, want.v[i]),
			    value), "%s: %s is \"%s\", not \"%s\"", name,
			    want.v[i], env_value(env, want.v[i]), value);
			continue;
		}
		ck_assert_msg(env_value(env, want.v[i] + 1) == NULL,
		    "%s: %s got in", name, want.v[i] + 1);
		(void)snprintf(key, sizeof key, "|%s|", want.v[i] + 1);
		ck_assert_msg((strstr(said, key) != NULL) ==
		    (want.v[i][0] == '?'), "%s: %s, said of %s", name, said,
		    want.v[i] + 1);
	}
	free(want.copy);
}

/* Every entry is a name with a value, and no name stands there twice. */
static void
look_at_names(const char *name, char *const *v)
{
	size_t i, j, len;

	for (i = 0; v[i] != NULL; i++) {
		len = strcspn(v[i], "=");
		ck_assert_msg(len > 0 && v[i][len] == '=', "%s: entry %s",
		    name, v[i]);
		for (j = 0; j < i; j++)
			ck_assert_msg(strncmp(v[i], v[j], len + 1) != 0,
			    "%s: %s and %s", name, v[j], v[i]);
	}
}

START_TEST(build)
{
	struct list lists[4];
	struct scgi head;
	struct env env;
	size_t i;

	list_make(&lists[0], rows[_i].accept);
	list_make(&lists[1], rows[_i].set);
	list_make(&lists[2], rows[_i].pass);
	list_make(&lists[3], rows[_i].unset);
	head_make(&head, rows[_i].name, rows[_i].wire);
	(void)strcpy(said, "|");
	CHECK_INT(rows[_i].name, env_build(&env, &head, &(struct env_rules){
	    .accept = lists[0].v, .set = lists[1].v, .pass = lists[2].v,
	    .unset = lists[3].v, .authorization = rows[_i].authorization },
	    &(struct env_facts){ .script_name = "/cgi/x",
	    .path_info = rows[_i].path_info, .script_filename = "/srv/x",
	    .server_software = "ours/1", .remote_addr = "127.0.0.1" },
	    note_refused, said), 0);
	look_at(rows[_i].name, &env, rows[_i].want);
	look_at_names(rows[_i].name, env.v);
	env_free(&env);
	env_free(&env);
	scgi_free(&head);
	for (i = 0; i < 4; i++)
		free(lists[i].copy);
}
END_TEST

static const struct {
	const char	*name;
	bool		 computed;
} names[] = {
	{ "SCRIPT_NAME", true }, { "PATH_INFO", true },
	{ "PATH_TRANSLATED", true }, { "QUERY_STRING", true },
	{ "CONTENT_LENGTH", true }, { "GATEWAY_INTERFACE", true },
	{ "SCRIPT_FILENAME", true }, { "REDIRECT_STATUS", true },
	{ "PATH", false }, { "SERVER_NAME", false }, { "SERVER_PORT", false },
	{ "SERVER_SOFTWARE", false }, { "REMOTE_USER", false },
	{ "HTTP_HOST", false }, { "script_name", false },
	{ "SCRIPT_NAMES", false }, { "SCRIPT", false }, { "", false },
};

START_TEST(computed)
{
	CHECK_INT(names[_i].name, env_is_computed(names[_i].name),
	    names[_i].computed);
}
END_TEST

/* check_setenv() of the configuration asks with the value still there. */
static const struct {
	const char	*name, *list, *asked;
	bool		 has;
} asks[] = {
	{ "name in names", "A|B", "B", true },
	{ "name in pairs", "A=1|B=2", "B", true },
	{ "pair in names", "A|B", "B=3", true },
	{ "pair in pairs", "A=1|B=2", "B=3", true },
	{ "not there", "A|B", "C", false },
	{ "beginning of a name", "AB", "A", false },
	{ "more than a name", "A", "AB", false },
	{ "a value", "A=B", "B", false },
	{ "empty list", "", "A", false },
};

START_TEST(ask)
{
	struct list list;

	list_make(&list, asks[_i].list);
	CHECK_INT(asks[_i].name, env_lists(list.v, asks[_i].asked),
	    asks[_i].has);
	free(list.copy);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("env");

	CHECK_ROWS(suite, build, rows);
	CHECK_ROWS(suite, computed, names);
	CHECK_ROWS(suite, ask, asks);
	return check_run(suite);
}
