/* SPDX-License-Identifier: ISC */
/*
 * roundtrip: the Script-URI of RFC 3875 3.3, as a property.
 *
 * A request is split into SCRIPT_NAME, PATH_INFO and QUERY_STRING as a program
 * sees them; of these a Script-URI is made, and asked for; it must be split
 * into the same three. The requests are pseudo-random paths over a small tree
 * of names that need encoding, from a fixed seed, so that a failure comes again.
 */
#include "platform.h"

#include "map.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>
#include <stdint.h>

#include "check_main.h"
#include "config.h"
#include "env.h"
#include "path.h"
#include "scgi.h"

#define ROUNDS	5000		/* for each source of the path */
#define MAX	2048

static const char *const configuration =
"map \"/cgi/\" { directory = \"%1$s\" index = { \"index.sh\" } }\n"
"map \"/cgi/d e/deep/\" { program = \"/bin/sh\" }\n"
"map \"/odd ;=%%+/\" { program = \"/bin/cat\" }\n"
"map \"/\" { program = \"/bin/true\" }\n";

/* What paths are made of: names in the tree, on the way there, and nowhere. */
static const char *const pieces[] = {
	"/cgi", "/cgi", "/cgi", "/odd ;=%+", "/a.sh", "/a b%41;=?#.sh",
	"/d e", "/\xc3\xa4+&.sh", "/deep", "/index.sh", "/no", "/", "//",
	"/.", "/...", "/x;y=z", "/a?b", "/#", "/%2e%2e", "/%", "/+", "/\xff",
	"/\"'\\", "/ ", "/A.SH", "/a.sh/", "/.dot", "/..", "/e\033",
};

enum source { NAME_AND_INFO, DOCUMENT_URI, REQUEST_URI, SOURCES };

struct split {
	char	name[MAX], info[MAX], query[MAX];
};

static struct config *config;
static uint64_t state;

/* A number below n; any full-period generator will do. */
static size_t
pick(size_t n)
{
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(state >> 33) % n;
}

/* RFC 3986: all but what is unreserved, and but slashes. */
static void
encode(char *to, const char *path)
{
	for (; *path != '\0'; path++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789-_.~/", *path) != NULL)
			*to++ = *path;
		else
			to += sprintf(to, "%%%02X", (unsigned char)*path);
	*to = '\0';
}

/* What a front end does before it sends DOCUMENT_URI. */
static void
decode(char *to, const char *uri)
{
	unsigned int byte;

	while (*uri != '\0' && *uri != '?') {
		if (*uri == '%' && sscanf(uri + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			uri += 3;
		} else {
			*to++ = *uri++;
		}
	}
	*to = '\0';
}

static size_t
add(char *to, size_t len, const char *name, const char *value)
{
	len += (size_t)sprintf(to + len, "%s", name) + 1;
	return len + (size_t)sprintf(to + len, "%s", value) + 1;
}

/* A request for a Script-URI's path and query, from one kind of front end. */
static void
head_make(struct scgi *head, enum source source, const char *uri,
    const char *query)
{
	char block[5 * MAX], wire[5 * MAX + 16], path[MAX], both[2 * MAX];
	size_t len = 0, used, cut, n;

	len = add(block, len, "CONTENT_LENGTH", "0");
	len = add(block, len, "SCGI", "1");
	len = add(block, len, "REQUEST_METHOD", "GET");
	len = add(block, len, "QUERY_STRING", query);
	decode(path, uri);
	(void)sprintf(both, "%s%s%s", uri, *query != '\0' ? "?" : "", query);
	if (source == NAME_AND_INFO) {
		cut = pick(strlen(path) + 1);
		len = add(block, len, "PATH_INFO", path + cut);
		path[cut] = '\0';
		len = add(block, len, "SCRIPT_NAME", path);
	} else if (source == DOCUMENT_URI) {
		len = add(block, len, "DOCUMENT_URI", path);
	} else {
		len = add(block, len, "REQUEST_URI", both);
	}
	n = (size_t)sprintf(wire, "%zu:", len);
	memcpy(wire + n, block, len);
	wire[n + len] = ',';
	scgi_init(head, sizeof wire, sizeof wire);
	ck_assert(scgi_push(head, wire, n + len + 1, &used) == SCGI_DONE);
}

static const char *
value_of(const struct env *env, const char *name)
{
	size_t len = strlen(name);
	char **v;

	for (v = env->v; *v != NULL; v++)
		if (strncmp(*v, name, len) == 0 && (*v)[len] == '=')
			return *v + len + 1;
	return NULL;
}

static void
nobody(void *arg, const char *name)
{
	(void)arg;
	(void)name;
}

/* What the program would see; false if it would not be run. */
static bool
split(enum source source, const char *uri, const char *query,
    struct split *out)
{
	static char *none[] = { NULL };
	const struct env_rules rules = { none, none, none, none, false };
	struct target target;
	struct scgi head;
	struct env env;
	bool found;

	head_make(&head, source, uri, query);
	if ((found = (int)map_find(&target, config, &head) == 0)) {
		struct env_facts facts = { target.script_name, target.path_info,
		    target.file, "test/1", "127.0.0.1" };
		const char *info;

		ck_assert(env_build(&env, &head, &rules, &facts, nobody, NULL) == 0);
		info = value_of(&env, "PATH_INFO");
		(void)strcpy(out->name, value_of(&env, "SCRIPT_NAME"));
		(void)strcpy(out->info, info != NULL ? info : "");
		(void)strcpy(out->query, value_of(&env, "QUERY_STRING"));
		env_free(&env);
	}
	map_free(&target);
	scgi_free(&head);
	return found;
}

static void
make_request(char *uri, char *query)
{
	static const char *const queries[] = { "", "a=b&c", "a+b", "?",
	    "/../%2e%2e//", "%3d%zz", "\xe4" };
	char path[MAX];
	size_t n = 1 + pick(6);

	for (path[0] = '\0'; n > 0; n--)
		(void)strcat(path, pieces[pick(CHECK_COUNT(pieces))]);
	encode(uri, path);
	(void)strcpy(query, queries[pick(CHECK_COUNT(queries))]);
}

/* Is it this path, but for an index file's name? */
static bool
is_path(const char *path, const char *sent)
{
	size_t len = strlen(sent);

	return strncmp(path, sent, len) == 0 && (path[len] == '\0' ||
	    strcmp(path + strlen(path) - strlen("/index.sh"), "/index.sh") == 0);
}

/*
 * The split is of the path that was sent, or of its plain spelling if only
 * that leads to the mapping.
 */
static bool
is_of(const char *path, enum source source, const char *uri)
{
	char sent[MAX], plain[MAX];

	decode(sent, uri);
	/* What dots and slashes are resolved to is check_path's to say. */
	if (source == REQUEST_URI && (strstr(sent, "//") != NULL ||
	    strstr(sent, "/.") != NULL))
		return true;
	path_plain(sent, plain);
	return is_path(path, sent) || is_path(path, plain);
}

START_TEST(round_trip)
{
	static const char *const names[] = { "SCRIPT_NAME and PATH_INFO",
	    "DOCUMENT_URI", "REQUEST_URI" };
	char uri[MAX], query[MAX], path[2 * MAX], again[6 * MAX];
	int i, n_found = 0, n_info = 0, n_deep = 0;
	struct split first, second;

	state = 3875;
	for (i = 0; i < ROUNDS; i++) {
		make_request(uri, query);
		if (!split((enum source)_i, uri, query, &first))
			continue;
		(void)sprintf(path, "%s%s", first.name, first.info);
		encode(again, path);
		ck_assert_msg(is_of(path, (enum source)_i, uri) &&
		    split((enum source)_i, again, first.query, &second) &&
		    strcmp(first.name, second.name) == 0 &&
		    strcmp(first.info, second.info) == 0 &&
		    strcmp(first.query, second.query) == 0 &&
		    strcmp(query, first.query) == 0,
		    "%s, round %d: %s?%s is \"%s\" and \"%s\"; %s is \"%s\" and \"%s\"",
		    names[_i], i, uri, query, first.name, first.info, again,
		    second.name, second.info);
		n_found++;
		n_info += first.info[0] != '\0';
		n_deep += strncmp(first.name, "/cgi/", 5) == 0;
	}
	/* They were not all refused, nor all of one kind. */
	CHECK_TRUE(names[_i], n_found > ROUNDS / 3);
	CHECK_TRUE(names[_i], n_info > ROUNDS / 20);
	CHECK_TRUE(names[_i], n_deep > ROUNDS / 50);
}
END_TEST

static void
make_tree(void)
{
	char text[65536], tree[PATH_MAX];
	FILE *file;

	if (mkdir("tree", 0755) == -1 || mkdir("tree/d e", 0755) == -1 ||
	    mkdir("tree/d e/no", 0755) == -1 || realpath("tree", tree) == NULL)
		abort();
	check_make_file("tree/a.sh", 0755);
	check_make_file("tree/index.sh", 0755);
	check_make_file("tree/a b%41;=?#.sh", 0755);
	check_make_file("tree/d e/\xc3\xa4+&.sh", 0755);
	check_make_file("tree/d e/index.sh", 0755);
	check_make_file("tree/d e/%2e%2e", 0755);
	check_make_file("tree/d e/no/...", 0755);
	(void)snprintf(text, sizeof text, configuration, tree);
	if ((file = fopen("map.conf", "w")) == NULL ||
	    fputs(text, file) == EOF || fclose(file) == EOF ||
	    (config = config_read("map.conf")) == NULL)
		abort();
}

static void
free_tree(void)
{
	config_free(config);
}

int
main(void)
{
	int lacking = check_lacks_openat2();
	Suite *suite;
	TCase *tcase;

	if (lacking != 0)
		return lacking;
	suite = suite_create("roundtrip");
	tcase = check_tree(suite, make_tree, free_tree);
	tcase_add_loop_test(tcase, round_trip, 0, SOURCES);
	return check_run_aside(suite);
}
