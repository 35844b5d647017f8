/* SPDX-License-Identifier: ISC */
/*
 * env: request head, and names to add and drop, to the program's environment.
 *
 * Pure. The header block of the request becomes the environment where it
 * stands; only what the gateway computes is written elsewhere, into one
 * allocation whose size is known beforehand.
 */
#include "platform.h"

#include "env.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hash.h"
#include "scgi.h"

#define ENV_SLOTS	128	/* more than twice the known names */

/* What becomes of a parameter of a known name. */
enum rule {
	RULE_FILLED,		/* as it is; empty is missing, RFC 3875 4.1 */
	RULE_COMPUTED,		/* ours; what the front end says is not used */
	RULE_DROP,
	RULE_AUTHORIZATION,	/* by the mapping's leave */
};

struct known {
	const char	*name;
	enum rule	 rule;
};

static const struct known known[] = {
	{ "AUTH_TYPE", RULE_FILLED },
	{ "CONTENT_LENGTH", RULE_COMPUTED },
	{ "CONTENT_TYPE", RULE_FILLED },
	{ "CONTEXT_DOCUMENT_ROOT", RULE_FILLED },
	{ "CONTEXT_PREFIX", RULE_FILLED },
	{ "DOCUMENT_ROOT", RULE_FILLED },
	{ "DOCUMENT_URI", RULE_FILLED },
	{ "GATEWAY_INTERFACE", RULE_COMPUTED },
	{ "HTTPS", RULE_FILLED },
	{ "HTTP_AUTHORIZATION", RULE_AUTHORIZATION },
	{ "HTTP_CONNECTION", RULE_DROP },
	{ "HTTP_CONTENT_LENGTH", RULE_DROP },
	{ "HTTP_CONTENT_TYPE", RULE_DROP },
	{ "HTTP_PROXY", RULE_DROP },		/* CVE-2016-5385 and kin */
	{ "HTTP_PROXY_AUTHORIZATION", RULE_AUTHORIZATION },
	{ "HTTP_TRANSFER_ENCODING", RULE_DROP },
	{ "PATH", RULE_COMPUTED },
	{ "PATH_INFO", RULE_COMPUTED },
	{ "PATH_TRANSLATED", RULE_COMPUTED },
	{ "QUERY_STRING", RULE_COMPUTED },
	{ "REDIRECT_QUERY_STRING", RULE_FILLED },
	{ "REDIRECT_STATUS", RULE_COMPUTED },
	{ "REDIRECT_URI", RULE_FILLED },
	{ "REDIRECT_URL", RULE_FILLED },
	{ "REMOTE_ADDR", RULE_COMPUTED },
	{ "REMOTE_HOST", RULE_FILLED },
	{ "REMOTE_IDENT", RULE_FILLED },
	{ "REMOTE_PORT", RULE_FILLED },
	{ "REMOTE_USER", RULE_FILLED },
	{ "REQUEST_METHOD", RULE_FILLED },
	{ "REQUEST_SCHEME", RULE_FILLED },
	{ "REQUEST_URI", RULE_FILLED },
	{ "SCGI", RULE_DROP },
	{ "SCRIPT_FILENAME", RULE_COMPUTED },
	{ "SCRIPT_NAME", RULE_COMPUTED },
	{ "SCRIPT_URI", RULE_FILLED },
	{ "SCRIPT_URL", RULE_FILLED },
	{ "SERVER_ADDR", RULE_FILLED },
	{ "SERVER_ADMIN", RULE_FILLED },
	{ "SERVER_NAME", RULE_COMPUTED },
	{ "SERVER_PORT", RULE_COMPUTED },
	{ "SERVER_PROTOCOL", RULE_COMPUTED },
	{ "SERVER_SIGNATURE", RULE_FILLED },
	{ "SERVER_SOFTWARE", RULE_COMPUTED },
	{ "UNIQUE_ID", RULE_FILLED },
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

/* The rows by the hashes of their names; made at the first call. */
static const struct known *
env_known(const char *name, size_t len, uint32_t hash)
{
	static const struct known *slots[ENV_SLOTS];
	static bool made;
	size_t i, at;

	assert(2 * sizeof known / sizeof known[0] < ENV_SLOTS);
	for (i = 0; !made && i < sizeof known / sizeof known[0]; i++) {
		at = hash_bytes(HASH_NONE, known[i].name,
		    strlen(known[i].name));
		while (slots[at % ENV_SLOTS] != NULL)
			at++;
		slots[at % ENV_SLOTS] = &known[i];
	}
	made = true;
	for (at = hash; slots[at % ENV_SLOTS] != NULL; at++)
		if (strncmp(slots[at % ENV_SLOTS]->name, name, len) == 0 &&
		    slots[at % ENV_SLOTS]->name[len] == '\0')
			return slots[at % ENV_SLOTS];
	return NULL;
}

bool
env_is_computed(const char *name)
{
	size_t len = strcspn(name, "=");
	const struct known *row = env_known(name, len,
	    hash_bytes(HASH_NONE, name, len));

	/* An administrator may set PATH, and name server and client. */
	return row != NULL && row->rule == RULE_COMPUTED &&
	    strcmp(row->name, "PATH") != 0 &&
	    strcmp(row->name, "REMOTE_ADDR") != 0 &&
	    strncmp(row->name, "SERVER_", 7) != 0;
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
	return strncmp(value, "() {", 4) == 0;
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
env_admits(const struct scgi_param *p, const struct env_rules *rules,
    void (*refused)(void *, const char *), void *arg)
{
	const struct known *row;

	if (!p->plain || env_is_function(p->value) ||
	    env_lists(rules->unset, p->name) ||
	    env_lists(rules->set, p->name) || env_lists(rules->pass, p->name))
		return false;
	if ((row = env_known(p->name, p->name_len, p->hash)) != NULL) {
		if (row->rule == RULE_AUTHORIZATION)
			return rules->authorization;
		return row->rule == RULE_FILLED && *p->value != '\0';
	}
	if (strncmp(p->name, "HTTP_", 5) == 0) {
		env_unfold(p->value);
		return true;
	}
	if (env_is_steering(p->name))
		return false;
	if (strncmp(p->name, "SSL_", 4) == 0)
		return true;
	if (env_matches((const char *const *)rules->accept, p->name))
		return true;
	/* After a redirect of its own Apache sends all it had sent, renamed. */
	if (strncmp(p->name, "REDIRECT_", 9) != 0)
		refused(arg, p->name);
	return false;
}

/* Where the variables that the gateway computes are put together. */
struct builder {
	const struct scgi	*head;
	const struct env_rules	*rules;
	const struct env_facts	*facts;
	char			**v;	/* next entry */
	char			*to;	/* next byte of text */
};

/* Add "name=value" unless the mapping sets it itself or wants none of it. */
static void
env_add(struct builder *b, const char *name, const char *value, size_t len)
{
	if (env_lists(b->rules->set, name) || env_lists(b->rules->pass, name) ||
	    env_lists(b->rules->unset, name))
		return;
	*b->v++ = b->to;
	b->to = stpcpy(stpcpy(b->to, name), "=");
	b->to = mempcpy(b->to, value, len);
	*b->to++ = '\0';
}

/* The wire's value if there is one and it is harmless, or the other. */
static const char *
env_value_or(const struct builder *b, const char *name, const char *otherwise)
{
	const char *value = scgi_get(b->head, name);

	return value == NULL || *value == '\0' || env_is_function(value) ?
	    otherwise : value;
}

static void
env_add_or(struct builder *b, const char *name, const char *otherwise)
{
	const char *value = env_value_or(b, name, otherwise);

	env_add(b, name, value, strlen(value));
}

/*
 * SERVER_NAME and SERVER_PORT must be set (RFC 3875 4.1.14, 4.1.15). A front
 * end without a name of its own says nothing, or "_"; the host then is what
 * the client asked for.
 */
static void
env_add_server(struct builder *b)
{
	const char *name = env_value_or(b, "SERVER_NAME", "_");
	const char *https = env_value_or(b, "HTTPS", "off");
	size_t len = 0;

	if (strcmp(name, "_") == 0) {
		name = env_value_or(b, "HTTP_HOST", "");
		if (name[0] != '[')
			len = strcspn(name, ":");
		else if (strchr(name, ']') != NULL)
			len = strcspn(name, "]") + 1;
		if (len == 0) {
			name = "localhost";
			len = strlen(name);
		}
	} else
		len = strlen(name);
	env_add(b, "SERVER_NAME", name, len);
	env_add_or(b, "SERVER_PORT",
	    strcasecmp(https, "on") == 0 ? "443" : "80");
}

const char *
env_query(const struct scgi *head)
{
	const char *query = scgi_get(head, "QUERY_STRING"), *uri;

	if (query == NULL && (uri = scgi_get(head, "REQUEST_URI")) != NULL &&
	    (query = strchr(uri, '?')) != NULL)
		query++;
	return query != NULL ? query : "";
}

/* QUERY_STRING must be there (RFC 3875 4.1.7), and be the query that was sent. */
static void
env_add_query(struct builder *b)
{
	const char *query = env_query(b->head);

	if (env_is_function(query))
		query = "";
	env_add(b, "QUERY_STRING", query, strcspn(query, "#"));
}

static void
env_add_computed(struct builder *b)
{
	const struct env_facts *facts = b->facts;
	const char *value;
	char number[24], *to;
	size_t len;
	int n;

	env_add(b, "GATEWAY_INTERFACE", "CGI/1.1", 7);
	env_add(b, "PATH", "/usr/local/bin:/usr/bin:/bin", 28);
	env_add(b, "REDIRECT_STATUS", "200", 3);
	env_add(b, "SCRIPT_NAME", facts->script_name,
	    strlen(facts->script_name));
	env_add(b, "SCRIPT_FILENAME", facts->script_filename,
	    strlen(facts->script_filename));
	env_add_query(b);
	env_add_or(b, "SERVER_PROTOCOL", "HTTP/1.0");
	env_add_or(b, "SERVER_SOFTWARE", facts->server_software);
	env_add_server(b);
	value = env_value_or(b, "REMOTE_ADDR", facts->remote_addr);
	if (strncmp(value, "unix:", 5) == 0)	/* of nginx; 4.1.8 has none */
		value = facts->remote_addr;
	env_add(b, "REMOTE_ADDR", value, strlen(value));
	if (b->head->content_length > 0) {	/* RFC 3875 4.1.2 */
		n = snprintf(number, sizeof number, "%llu",
		    (unsigned long long)b->head->content_length);
		env_add(b, "CONTENT_LENGTH", number, (size_t)n);
	}
	if (*facts->path_info == '\0')
		return;
	env_add(b, "PATH_INFO", facts->path_info, strlen(facts->path_info));
	value = env_value_or(b, "DOCUMENT_ROOT", "");
	if (*value != '/')
		return;
	for (len = strlen(value); len > 0 && value[len - 1] == '/'; len--)
		;
	/* RFC 3875 4.1.6: added with the root, then lengthened by the path */
	to = b->to;
	env_add(b, "PATH_TRANSLATED", value, len);
	if (b->to > to)
		b->to = stpcpy(b->to - 1, facts->path_info) + 1;
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
	struct builder b = { .head = head, .rules = rules, .facts = facts };
	char *const *list;
	struct scgi_param *p;
	size_t i, n;

	n = head->n_params + 20 + env_count(rules->set) +
	    env_count(rules->pass);
	env->v = b.v = calloc(n, sizeof *env->v);
	env->text = b.to = malloc(env_room(head, facts));
	if (env->v == NULL || env->text == NULL) {
		env_free(env);
		return -1;
	}
	env_add_computed(&b);	/* of values as they came */
	for (list = rules->pass; *list != NULL; list++)
		if (!env_lists(rules->unset, *list) &&
		    !env_lists(rules->set, *list))
			*b.v++ = *list;
	for (list = rules->set; *list != NULL; list++)
		*b.v++ = *list;
	for (i = 0; i < head->n_params; i++) {
		p = &head->params[i];
		if (p->name == NULL || !env_admits(p, rules, refused, arg))
			continue;
		p->name[p->name_len] = '=';
		*b.v++ = p->name;
	}
	return 0;
}

void
env_free(struct env *env)
{
	free(env->v);
	free(env->text);
	*env = (struct env){ .v = NULL };
}
