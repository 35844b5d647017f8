/* SPDX-License-Identifier: ISC */
/*
 * env: request head, and names to add and drop, to the program's environment.
 *
 * Pure, but for the memory that one environment leaves to the next. The header
 * block of the request becomes the environment where it stands; only what the
 * gateway computes is written elsewhere, into one allocation whose size is known
 * beforehand.
 */
#include "platform.h"

#include "env.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "name.h"
#include "pool.h"
#include "scgi.h"
#include "units.h"

/* An environment is gone when the next is built: its memory does for both. */
static struct pool pool = { .size = 8192, .most = 1 };

/* What becomes of a parameter, by its name. */
enum rule {
	RULE_OTHER,		/* a field of the request, or what is listed */
	RULE_FILLED,		/* as it is; empty is missing, RFC 3875 4.1 */
	RULE_COMPUTED,		/* ours; what the front end says is not used */
	RULE_DROP,
	RULE_AUTHORIZATION,	/* by the mapping's leave */
};

/* In a byte each; fields of the request are not listed. */
static const uint8_t rule_of[NAME_COUNT] = {
	[NAME_AUTH_TYPE] = RULE_FILLED,
	[NAME_CONTENT_LENGTH] = RULE_COMPUTED,
	[NAME_CONTENT_TYPE] = RULE_FILLED,
	[NAME_CONTEXT_DOCUMENT_ROOT] = RULE_FILLED,
	[NAME_CONTEXT_PREFIX] = RULE_FILLED,
	[NAME_DOCUMENT_ROOT] = RULE_FILLED,
	[NAME_DOCUMENT_URI] = RULE_FILLED,
	[NAME_GATEWAY_INTERFACE] = RULE_COMPUTED,
	[NAME_HTTPS] = RULE_FILLED,
	[NAME_HTTP_AUTHORIZATION] = RULE_AUTHORIZATION,
	[NAME_HTTP_CONNECTION] = RULE_DROP,
	[NAME_HTTP_CONTENT_LENGTH] = RULE_DROP,
	[NAME_HTTP_CONTENT_TYPE] = RULE_DROP,
	[NAME_HTTP_PROXY] = RULE_DROP,		/* CVE-2016-5385 and kin */
	[NAME_HTTP_PROXY_AUTHORIZATION] = RULE_AUTHORIZATION,
	[NAME_HTTP_TRANSFER_ENCODING] = RULE_DROP,
	[NAME_PATH] = RULE_COMPUTED,
	[NAME_PATH_INFO] = RULE_COMPUTED,
	[NAME_PATH_TRANSLATED] = RULE_COMPUTED,
	[NAME_QUERY_STRING] = RULE_COMPUTED,
	[NAME_REDIRECT_QUERY_STRING] = RULE_FILLED,
	[NAME_REDIRECT_STATUS] = RULE_COMPUTED,
	[NAME_REDIRECT_URI] = RULE_FILLED,
	[NAME_REDIRECT_URL] = RULE_FILLED,
	[NAME_REMOTE_ADDR] = RULE_COMPUTED,
	[NAME_REMOTE_HOST] = RULE_FILLED,
	[NAME_REMOTE_IDENT] = RULE_FILLED,
	[NAME_REMOTE_PORT] = RULE_FILLED,
	[NAME_REMOTE_USER] = RULE_FILLED,
	[NAME_REQUEST_METHOD] = RULE_FILLED,
	[NAME_REQUEST_SCHEME] = RULE_FILLED,
	[NAME_REQUEST_URI] = RULE_FILLED,
	[NAME_SCGI] = RULE_DROP,
	[NAME_SCRIPT_FILENAME] = RULE_COMPUTED,
	[NAME_SCRIPT_NAME] = RULE_COMPUTED,
	[NAME_SCRIPT_URI] = RULE_FILLED,
	[NAME_SCRIPT_URL] = RULE_FILLED,
	[NAME_SERVER_ADDR] = RULE_FILLED,
	[NAME_SERVER_ADMIN] = RULE_FILLED,
	[NAME_SERVER_NAME] = RULE_COMPUTED,
	[NAME_SERVER_PORT] = RULE_COMPUTED,
	[NAME_SERVER_PROTOCOL] = RULE_COMPUTED,
	[NAME_SERVER_SIGNATURE] = RULE_FILLED,
	[NAME_SERVER_SOFTWARE] = RULE_COMPUTED,
	[NAME_UNIQUE_ID] = RULE_FILLED,
};

/*
 * Names by which loaders, shells and interpreters are steered. They never
 * come from the wire, whatever is listed in `accept`.
 */
static const char *const steering[] = {
	"ALL_PROXY", "ASAN_*", "AWKLIBPATH", "AWKPATH", "BASHOPTS", "BASH_*",
	"BROWSER", "BUNDLE_*", "CAML_*", "CDPATH", "CGI_HTTP_PROXY",
	"CLASSPATH", "CORECLR_*", "CURL_*", "CVS_RSH", "DOTNET_*", "DYLD_*",
	"EDITOR", "ENV", "ERL_*", "FPATH", "FTP_PROXY", "GCONV_*", "GCOV_*",
	"GEM_*", "GETCONF_DIR", "GIT_ASKPASS", "GIT_CONFIG*", "GIT_EDITOR",
	"GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_PROXY_*",
	"GIT_SSH*", "GIT_TEMPLATE_DIR", "GLIBC_*", "GLOBIGNORE", "GS_LIB",
	"GS_OPTIONS", "GUILE_*", "HOME", "HOSTALIASES", "HTTPS_PROXY", "IFS",
	"INPUTRC", "JAVA_*", "JDK_JAVA_*", "LD_*", "LESSCLOSE", "LESSOPEN",
	"LLVM_PROFILE_*", "LOCALDOMAIN", "LOCPATH", "LSAN_*", "LUA_*",
	"MAGICK_*", "MAKEFLAGS", "MALLOC_*", "MANPAGER", "MONO_*", "NLSPATH",
	"NODE_*", "NO_PROXY", "OPENSSL_*", "PAGER", "PERL*", "PHP*",
	"PROMPT_COMMAND", "PS[0-9]", "PYTHON*", "RES_OPTIONS", "RSYNC_PROXY",
	"RSYNC_RSH", "RUBY*", "R_ENVIRON*", "R_LIBS*", "R_PROFILE*", "SHELL",
	"SHELLOPTS", "SSH_ASKPASS", "SSL_CERT_DIR", "SSL_CERT_FILE", "SUDO_*",
	"SVN_SSH", "TCL*", "TERMCAP", "TERMINFO*", "TMPDIR", "TSAN_*", "TZDIR",
	"UBSAN_*", "VISUAL", "WGETRC", "XDG_*", "ZDOTDIR", "_JAVA_*", NULL
};

bool
env_is_computed(const char *text)
{
	size_t len = strcspn(text, "=");
	enum name name = name_find(text, len);

	/* An administrator may set PATH, and name server and client. */
	return rule_of[name] == RULE_COMPUTED && name != NAME_PATH &&
	    name != NAME_REMOTE_ADDR && strncmp(text, "SERVER_", 7) != 0;
}

bool
env_lists(char *const *list, const char *name)
{
	size_t len = *list != NULL ? strcspn(name, "=") : 0;

	for (; *list != NULL; list++)
		if (strncmp(*list, name, len) == 0 &&
		    ((*list)[len] == '\0' || (*list)[len] == '='))
			return true;
	return false;
}

static bool
env_matches(const char *const *patterns, const char *name)
{
	for (; *patterns != NULL; patterns++)
		if (fnmatch(*patterns, name, 0) == 0)
			return true;
	return false;
}

bool
env_is_steering(const char *name)
{
	return env_matches(steering, name);
}

/* What old shells take for a function, and run: CVE-2014-6271. */
static bool
env_is_function(const char *value)
{
	return *value == '(' && strncmp(value, "() {", 4) == 0;
}

/* Where the environment is put together. */
struct builder {
	struct scgi		*head;
	const struct env_rules	*rules;
	const struct env_facts	*facts;
	void			(*refused)(void *, const char *);
	void			*arg;
	bool			 has_lines;	/* some field may have several */
	bool			 has_rules;	/* some name may be claimed */
	char			**v;	/* next entry */
	char			*to;	/* next byte of text */
};

/* Does the mapping itself say what the program gets by this name? */
static bool
env_is_claimed(const struct builder *b, const char *name)
{
	/* Almost always the lists are empty. */
	return b->has_rules && (env_lists(b->rules->set, name) ||
	    env_lists(b->rules->pass, name) ||
	    env_lists(b->rules->unset, name));
}

/* A field on several lines is given on one (RFC 3875 4.1.18). */
static void
env_unfold(char *value)
{
	for (; (value = strpbrk(value, "\r\n")) != NULL; value++)
		*value = ' ';
}

/* Does a parameter from the wire get into the environment? */
static bool
env_admits(const struct builder *b, const struct scgi_param *p)
{
	enum rule rule = (enum rule)rule_of[p->which];

	if (!p->plain || env_is_function(p->value) ||
	    env_is_claimed(b, p->name))
		return false;
	if (rule == RULE_AUTHORIZATION)
		return b->rules->authorization;
	if (rule != RULE_OTHER)
		return rule == RULE_FILLED && *p->value != '\0';
	if (scgi_is_field(p)) {
		if (b->has_lines)
			env_unfold(p->value);
		return !env_is_function(p->value);	/* once more */
	}
	if (env_is_steering(p->name))
		return false;
	if (strncmp(p->name, "SSL_", 4) == 0)
		return true;
	if (env_matches((const char *const *)b->rules->accept, p->name))
		return true;
	/* After a redirect of its own Apache sends all it had sent, renamed. */
	if (strncmp(p->name, "REDIRECT_", 9) != 0)
		b->refused(b->arg, p->name);
	return false;
}

/* A parameter of the block becomes an entry where it stands. */
static void
env_take(struct builder *b, struct scgi_param *p)
{
	p->name[p->name_len] = '=';
	*b->v++ = p->name;
}

/* Add one, unless the mapping sets it itself or wants none of it. */
static void
env_add_param(struct builder *b, struct scgi_param *p)
{
	if (!env_is_claimed(b, p->name))
		env_take(b, p);
}

/* Likewise an entry that is always the same. */
static void
env_add_constant(struct builder *b, char *entry)
{
	if (!env_is_claimed(b, entry))
		*b->v++ = entry;
}

/* Likewise "name=value". */
static void
env_add(struct builder *b, enum name name, const char *value, size_t len)
{
	if (env_is_claimed(b, name_text(name)))
		return;
	*b->v++ = b->to;
	b->to = mempcpy(b->to, name_text(name), name_len(name));
	*b->to++ = '=';
	b->to = mempcpy(b->to, value, len);
	*b->to++ = '\0';
}

/* The wire's parameter if it has a value, and a harmless one; or NULL. */
static struct scgi_param *
env_param(const struct builder *b, enum name name)
{
	struct scgi_param *p = scgi_param(b->head, name);

	return p == NULL || *p->value == '\0' || env_is_function(p->value) ?
	    NULL : p;
}

static void
env_add_or(struct builder *b, enum name name, const char *otherwise)
{
	struct scgi_param *p = env_param(b, name);

	if (p != NULL)
		env_add_param(b, p);
	else
		env_add(b, name, otherwise, strlen(otherwise));
}

size_t
env_host_len(const char *host)
{
	const char *end;

	if (host[0] != '[')
		return strcspn(host, ":");
	end = strchr(host, ']');
	return end != NULL ? (size_t)(end - host) + 1 : 0;
}

/* SERVER_NAME is the host that the client has asked for, without its port. */
static void
env_add_host(struct builder *b)
{
	const struct scgi_param *host = env_param(b, NAME_HTTP_HOST);
	const char *name = host != NULL ? host->value : "";
	size_t len = env_host_len(name);

	if (len == 0) {
		name = "localhost";
		len = strlen(name);
	}
	env_add(b, NAME_SERVER_NAME, name, len);
}

/*
 * SERVER_NAME and SERVER_PORT must be set (RFC 3875 4.1.14, 4.1.15). A front
 * end without a name of its own says nothing, or "_".
 */
static void
env_add_server(struct builder *b)
{
	struct scgi_param *name = env_param(b, NAME_SERVER_NAME);
	const struct scgi_param *https = env_param(b, NAME_HTTPS);

	if (name != NULL && strcmp(name->value, "_") != 0)
		env_add_param(b, name);
	else
		env_add_host(b);
	env_add_or(b, NAME_SERVER_PORT, https != NULL &&
	    strcasecmp(https->value, "on") == 0 ? "443" : "80");
}

const char *
env_query(const struct scgi *head)
{
	const char *query = scgi_get(head, NAME_QUERY_STRING), *uri;

	if (query == NULL && (uri = scgi_get(head, NAME_REQUEST_URI)) != NULL &&
	    (query = strchr(uri, '?')) != NULL)
		query++;
	return query != NULL ? query : "";
}

/* QUERY_STRING must be there (RFC 3875 4.1.7), and be the query that was sent. */
static void
env_add_query(struct builder *b)
{
	struct scgi_param *p = scgi_param(b->head, NAME_QUERY_STRING);
	const char *query = env_query(b->head), *end;

	if (env_is_function(query))
		query = "";
	end = strchrnul(query, '#');
	if (p != NULL && query == p->value && *end == '\0')
		env_add_param(b, p);
	else
		env_add(b, NAME_QUERY_STRING, query, (size_t)(end - query));
}

/* A client's address; what nginx says of a Unix socket is none (4.1.8). */
static void
env_add_client(struct builder *b)
{
	struct scgi_param *p = env_param(b, NAME_REMOTE_ADDR);
	const char *peer = b->facts->remote_addr;

	if (p != NULL && strncmp(p->value, "unix:", 5) != 0)
		env_add_param(b, p);
	else
		env_add(b, NAME_REMOTE_ADDR, peer, strlen(peer));
}

/* PATH_INFO, and PATH_TRANSLATED where there is a root to translate with. */
static void
env_add_path_info(struct builder *b, const char *info)
{
	const struct scgi_param *root = env_param(b, NAME_DOCUMENT_ROOT);
	const char *before;
	size_t len;

	env_add(b, NAME_PATH_INFO, info, strlen(info));
	if (root == NULL || *root->value != '/')
		return;
	for (len = strlen(root->value); len > 0 &&
	    root->value[len - 1] == '/'; len--)
		;
	/* RFC 3875 4.1.6: added with the root, then lengthened by the path */
	before = b->to;
	env_add(b, NAME_PATH_TRANSLATED, root->value, len);
	if (b->to > before)
		b->to = stpcpy(b->to - 1, info) + 1;
}

static void
env_add_computed(struct builder *b)
{
	static char interface[] = "GATEWAY_INTERFACE=CGI/1.1";
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
	static char status[] = "REDIRECT_STATUS=200";
	const struct env_facts *facts = b->facts;
	char number[24], *to;

	env_add_constant(b, interface);
	env_add_constant(b, path);
	env_add_constant(b, status);
	env_add(b, NAME_SCRIPT_NAME, facts->script_name,
	    strlen(facts->script_name));
	env_add(b, NAME_SCRIPT_FILENAME, facts->script_filename,
	    strlen(facts->script_filename));
	env_add_query(b);
	env_add_or(b, NAME_SERVER_PROTOCOL, "HTTP/1.0");
	env_add_or(b, NAME_SERVER_SOFTWARE, facts->server_software);
	env_add_server(b);
	env_add_client(b);
	if (b->head->content_length > 0) {	/* RFC 3875 4.1.2 */
		to = units_digits(number, b->head->content_length);
		env_add(b, NAME_CONTENT_LENGTH, number, (size_t)(to - number));
	}
	if (*facts->path_info != '\0')
		env_add_path_info(b, facts->path_info);
}

/*
 * Bytes enough for all that env_add_computed() writes: names, what is always the
 * same, the facts, and no value of the request more than once.
 */
static size_t
env_room(const struct scgi *head, const struct env_facts *facts)
{
	return 512 + strlen(facts->script_name) +
	    strlen(facts->script_filename) + strlen(facts->server_software) +
	    strlen(facts->remote_addr) + 2 * strlen(facts->path_info) +
	    head->len + head->joined_size;
}

static size_t
env_count(char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

int
env_build(struct env *env, struct scgi *head, const struct env_rules *rules,
    const struct env_facts *facts, void (*refused)(void *, const char *), void *arg)
{
	struct builder b = { .head = head, .rules = rules, .facts = facts,
	    .refused = refused, .arg = arg, .has_rules = *rules->set != NULL ||
	    *rules->pass != NULL || *rules->unset != NULL };
	const size_t n = head->n_params + 20 + env_count(rules->set) +
	    env_count(rules->pass);
	char *const *list;
	struct scgi_param *p;

	env->size = n * sizeof *env->v + env_room(head, facts);
	if ((env->v = b.v = pool_take(&pool, env->size)) == NULL)
		return -1;
	b.to = (char *)(env->v + n);
	b.has_lines = memchr(head->block, '\n', head->len) != NULL ||
	    memchr(head->block, '\r', head->len) != NULL;
	env_add_computed(&b);	/* of values as they came */
	for (list = rules->pass; *list != NULL; list++)
		if (!env_lists(rules->unset, *list) && !env_lists(rules->set, *list))
			*b.v++ = *list;
	for (list = rules->set; *list != NULL; list++)
		*b.v++ = *list;
	for (p = head->params; p < head->params + head->n_params; p++)
		if (p->name != NULL && env_admits(&b, p))
			env_take(&b, p);
	*b.v = NULL;
	return 0;
}

void
env_free(struct env *env)
{
	pool_give(&pool, env->v, env->size);
	*env = (struct env){ .v = NULL };
}
