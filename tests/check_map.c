/* SPDX-License-Identifier: ISC */
/*
 * map: one configuration, a small tree, and what requests mean there.
 */
#include "platform.h"

#include "map.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>

#include "check_main.h"
#include "config.h"
#include "scgi.h"

static const char *const configuration =
"handler \".top\" { program = \"/bin/cat\" }\n"
"map \"/cgi/\" { directory = \"%1$s\" index = { \"index.sh\" } }\n"
"map \"/cgi/tight/\" { directory = \"%1$s\" symlinks = beneath }\n"
"map \"/get/\" { directory = \"%1$s\" methods = { \"GET\", \"HEAD\" } }\n"
"map \"/small/\" { directory = \"%1$s\" max-body = 10 }\n"
"map \"/user/\" { directory = \"%1$s\" require = { \"REMOTE_USER\", \"AUTH_TYPE\" } }\n"
"map \"/pl/\" { directory = \"%1$s\" arguments = { \"-z\" }\n"
"  handler \".pl\" { program = \"/bin/sh\" arguments = { \"-e\", \"-u\" } } }\n"
"map \"/git/\" { program = \"/bin/sh\" arguments = { \"-a\", \"b c\" } }\n"
"map \"/raw/\" { directory = \"%1$s\" nph = yes working-directory = \"/tmp\" }\n"
"map \"/gone/\" { directory = \"%1$s/gone\" }\n"
"map \"/host/\" { directory = \"%1$s\" }\n"
"map \"/host/\" { program = \"/bin/sh\" host = \"example.org\" }\n"
"map \"/host/\" { program = \"/bin/cat\" host = \"[::1]\" }\n"
"map \"/client/\" { directory = \"%1$s\" body-length = client max-body = 10 }\n";

static struct config *config;
static char tree[PATH_MAX];

#define NAME(name)	"REQUEST_METHOD=GET|SCRIPT_NAME=" name
#define EXEC(file)	file, file

/* What is found; "~" stands for the directory. */
static const struct {
	const char	*name;
	const char	*wire;		/* "A=b|C=d" */
	const char	*script_name, *path_info;
	const char	*file, *argv;
	const char	*directory;
	bool		 nph;
} good[] = {
{ "script", NAME("/cgi/a.sh"), "/cgi/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "script and more", NAME("/cgi/a.sh/x/y"), "/cgi/a.sh", "/x/y", EXEC("~/a.sh"), "~", false },
{ "script and a slash", NAME("/cgi/a.sh/"), "/cgi/a.sh", "/", EXEC("~/a.sh"), "~", false },
{ "in a directory", NAME("/cgi/dir/b.sh"), "/cgi/dir/b.sh", "", EXEC("~/dir/b.sh"), "~/dir", false },
{ "more slashes", NAME("/cgi//dir//b.sh//x"), "/cgi//dir//b.sh", "//x", EXEC("~/dir/b.sh"), "~/dir", false },
{ "split by the front end", "REQUEST_METHOD=GET|SCRIPT_NAME=/cgi|PATH_INFO=/a.sh/x", "/cgi/a.sh", "/x", EXEC("~/a.sh"), "~", false },
{ "split elsewhere", "REQUEST_METHOD=GET|SCRIPT_NAME=/cgi/a.sh/x|PATH_INFO=/y", "/cgi/a.sh", "/x/y", EXEC("~/a.sh"), "~", false },
{ "only path info", "REQUEST_METHOD=GET|SCRIPT_NAME=|PATH_INFO=/cgi/a.sh", "/cgi/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "script name before the others", "REQUEST_METHOD=GET|SCRIPT_NAME=/cgi/a.sh|DOCUMENT_URI=/git/x|REQUEST_URI=/git/y", "/cgi/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "document URI", "REQUEST_METHOD=GET|DOCUMENT_URI=/cgi/a.sh/b c|REQUEST_URI=/git/y", "/cgi/a.sh", "/b c", EXEC("~/a.sh"), "~", false },
{ "document URI is decoded", "REQUEST_METHOD=GET|DOCUMENT_URI=/cgi/a.sh/%41", "/cgi/a.sh", "/%41", EXEC("~/a.sh"), "~", false },
{ "request URI", "REQUEST_METHOD=GET|REQUEST_URI=/cgi/x/%2e%2e/a.sh/%41?b=/../c", "/cgi/a.sh", "/A", EXEC("~/a.sh"), "~", false },
{ "empty ones are missing", "REQUEST_METHOD=GET|SCRIPT_NAME=|PATH_INFO=|DOCUMENT_URI=|REQUEST_URI=/cgi/a.sh", "/cgi/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "file name from the wire is ignored", NAME("/cgi/a.sh") "|SCRIPT_FILENAME=/bin/cat|DOCUMENT_ROOT=/", "/cgi/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "index", NAME("/cgi/"), "/cgi/index.sh", "", EXEC("~/index.sh"), "~", false },
{ "index, no slash", NAME("/cgi"), "/cgi/index.sh", "", EXEC("~/index.sh"), "~", false },
{ "index of a directory", NAME("/cgi/dir/"), "/cgi/dir/index.sh", "", EXEC("~/dir/index.sh"), "~/dir", false },
{ "index of a directory, no slash", NAME("/cgi/dir"), "/cgi/dir/index.sh", "", EXEC("~/dir/index.sh"), "~/dir", false },
{ "longest prefix", NAME("/cgi/tight/a.sh"), "/cgi/tight/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "program", NAME("/git"), "/git", "", "/bin/sh", "/bin/sh|-a|b c", "/bin", false },
{ "program and a slash", NAME("/git/"), "/git", "/", "/bin/sh", "/bin/sh|-a|b c", "/bin", false },
{ "program and more", NAME("/git/repo.git/info/refs"), "/git", "/repo.git/info/refs", "/bin/sh", "/bin/sh|-a|b c", "/bin", false },
{ "program, dot names", NAME("/git/.git/x"), "/git", "/.git/x", "/bin/sh", "/bin/sh|-a|b c", "/bin", false },
{ "program, more slashes", NAME("/git//x"), "/git", "//x", "/bin/sh", "/bin/sh|-a|b c", "/bin", false },
{ "handler", NAME("/pl/c.pl/x"), "/pl/c.pl", "/x", "~/c.pl", "/bin/sh|-e|-u|~/c.pl|-z", "~", false },
{ "handler of the top level", NAME("/pl/d.top"), "/pl/d.top", "", "~/d.top", "/bin/cat|~/d.top|-z", "~", false },
{ "no handler", NAME("/pl/a.sh"), "/pl/a.sh", "", "~/a.sh", "~/a.sh|-z", "~", false },
{ "raw, elsewhere", NAME("/raw/a.sh"), "/raw/a.sh", "", EXEC("~/a.sh"), "/tmp", true },
{ "raw by name", NAME("/cgi/nph-x.sh"), "/cgi/nph-x.sh", "", EXEC("~/nph-x.sh"), "~", true },
{ "method is among them", NAME("/get/a.sh"), "/get/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "body is small enough", "CONTENT_LENGTH=10|" NAME("/small/a.sh"), "/small/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "required are there", NAME("/user/a.sh") "|REMOTE_USER=joe|AUTH_TYPE=Basic", "/user/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "any host", NAME("/host/a.sh"), "/host/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "another host", NAME("/host/a.sh") "|HTTP_HOST=example.com", "/host/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "host by field", NAME("/host/x") "|HTTP_HOST=Example.ORG:8080", "/host", "/x", EXEC("/bin/sh"), "/bin", false },
{ "host by the server's name", NAME("/host/x") "|SERVER_NAME=example.org|HTTP_HOST=other", "/host", "/x", EXEC("/bin/sh"), "/bin", false },
{ "server's name before the field", NAME("/host/a.sh") "|SERVER_NAME=other|HTTP_HOST=example.org", "/host/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "server without a name", NAME("/host/x") "|SERVER_NAME=_|HTTP_HOST=example.org", "/host", "/x", EXEC("/bin/sh"), "/bin", false },
{ "host that begins so", NAME("/host/a.sh") "|HTTP_HOST=example.org.evil", "/host/a.sh", "", EXEC("~/a.sh"), "~", false },
{ "host by IPv6", NAME("/host/x") "|HTTP_HOST=[::1]:80", "/host", "/x", EXEC("/bin/cat"), "/bin", false },
{ "IPv6 not closed", NAME("/host/a.sh") "|HTTP_HOST=[::1", "/host/a.sh", "", EXEC("~/a.sh"), "~", false },
};

#define NOPATH	"no path: the front end sends neither SCRIPT_NAME, DOCUMENT_URI nor REQUEST_URI"

static const struct {
	const char	*name;
	const char	*wire;
	int		 status;
	const char	*why;
} bad[] = {
{ "no path", "REQUEST_METHOD=GET", 400, NOPATH },
{ "relative path", NAME("cgi/a.sh"), 400, "path does not begin with a slash" },
{ "dots", NAME("/cgi/../a.sh"), 400, "\"..\" in the path" },
{ "dots over the seam", "REQUEST_METHOD=GET|SCRIPT_NAME=/cgi/.|PATH_INFO=./a.sh", 400, "\"..\" in the path" },
{ "dots behind the script", NAME("/cgi/a.sh/../b"), 400, "\"..\" in the path" },
{ "line feed", NAME("/cgi/a.sh/\n"), 400, "control character in the path" },
{ "line feed, decoded", "REQUEST_METHOD=GET|REQUEST_URI=/cgi/a.sh/%0a", 400, "control character in the path" },
{ "bad encoding", "REQUEST_METHOD=GET|REQUEST_URI=/cgi/%zz", 400, "bad percent-encoding in the path" },
{ "NUL", "REQUEST_METHOD=GET|REQUEST_URI=/cgi/a.sh%00", 400, "NUL in the path" },
{ "climbs", "REQUEST_METHOD=GET|REQUEST_URI=/../cgi/a.sh", 400, "path climbs above the root" },
{ "no map", NAME("/other"), 404, "no map for this path" },
{ "no map for the root", NAME("/"), 404, "no map for this path" },
{ "within a segment", NAME("/gitx"), 404, "no map for this path" },
{ "no such script", NAME("/cgi/no.sh"), 404, "no such script" },
{ "dot name", NAME("/cgi/.hidden"), 404, "names that begin with a dot are not served" },
{ "no index", NAME("/cgi/tight/"), 404, "a directory, and no index file in it" },
{ "method is not among them", "REQUEST_METHOD=POST|SCRIPT_NAME=/get/a.sh", 405, "method not among the mapping's methods" },
{ "method in small letters", "REQUEST_METHOD=get|SCRIPT_NAME=/get/a.sh", 405, "method not among the mapping's methods" },
{ "body too large", "CONTENT_LENGTH=11|" NAME("/small/a.sh"), 413, "body larger than max-body" },
{ "required is missing", NAME("/user/a.sh") "|AUTH_TYPE=Basic", 403, "a variable that the mapping requires is missing or empty" },
{ "required is empty", NAME("/user/a.sh") "|REMOTE_USER=|AUTH_TYPE=Basic", 403, "a variable that the mapping requires is missing or empty" },
{ "second required is missing", NAME("/user/a.sh") "|REMOTE_USER=joe", 403, "a variable that the mapping requires is missing or empty" },
{ "required, though not there", NAME("/user/no.sh"), 403, "a variable that the mapping requires is missing or empty" },
{ "not executable", NAME("/cgi/c.pl"), 403, "the script is not executable (chmod +x it)" },
{ "writable by everyone", NAME("/cgi/open.sh"), 403, "the script is writable by everyone (chmod o-w it)" },
{ "writable, with a handler", NAME("/pl/open.pl"), 403, "the script is writable by everyone (chmod o-w it)" },
{ "a pipe", NAME("/cgi/fifo"), 403, "not a regular file" },
{ "link leads out", NAME("/cgi/tight/out"), 403, "a symbolic link is absolute or leads out of the directory (symlinks = follow allows it)" },
{ "directory has gone", NAME("/gone/a.sh"), 500, "the mapping's directory cannot be opened" },
};

static void
make_tree(void)
{
	char text[65536];
	FILE *file;

	if (mkdir("tree", 0755) == -1 || mkdir("tree/dir", 0755) == -1 ||
	    mkdir("tree/gone", 0755) == -1 ||
	    symlink("/bin/sh", "tree/out") == -1 ||
	    mkfifo("tree/fifo", 0755) == -1 || realpath("tree", tree) == NULL)
		abort();
	check_make_file("tree/a.sh", 0755);
	check_make_file("tree/c.pl", 0644);
	check_make_file("tree/dir/b.sh", 0755);
	check_make_file("tree/dir/index.sh", 0755);
	check_make_file("tree/d.top", 0644);
	check_make_file("tree/index.sh", 0755);
	check_make_file("tree/nph-x.sh", 0755);
	check_make_file("tree/open.sh", 0777);
	check_make_file("tree/open.pl", 0666);
	check_make_file("tree/.hidden", 0755);
	(void)snprintf(text, sizeof text, configuration, tree);
	if ((file = fopen("map.conf", "w")) == NULL ||
	    fputs(text, file) == EOF || fclose(file) == EOF ||
	    (config = config_read("map.conf")) == NULL)
		abort();
	if (rmdir("tree/gone") == -1)
		abort();
}

static void
free_tree(void)
{
	config_free(config);
}

/* Have the decoder make a head of "A=b|C=d". */
static void
head_make(struct scgi *head, const char *name, const char *text)
{
	char wire[2048], block[2000], *copy = strdup(text), *rest = copy;
	char *pair;
	size_t len = 0, used, n;

	if (strstr(text, "CONTENT_LENGTH") == NULL)
		len = (size_t)sprintf(block, "CONTENT_LENGTH%c0", 0) + 1;
	len += (size_t)sprintf(block + len, "SCGI%c1", 0) + 1;
	while ((pair = strsep(&rest, "|")) != NULL) {
		(void)strcpy(block + len, pair);
		*strchr(block + len, '=') = '\0';
		len += strlen(pair) + 1;
	}
	n = (size_t)sprintf(wire, "%zu:", len);
	memcpy(wire + n, block, len);
	wire[n + len] = ',';
	scgi_init(head, 4096, 1024);
	CHECK_INT(name, scgi_push(head, wire, n + len + 1, &used), SCGI_DONE);
	free(copy);
}

/* Text with the directory put in for each "~". */
static const char *
in_tree(const char *text)
{
	static char out[16384];
	char *to = out;

	for (; *text != '\0'; text++)
		if (*text == '~')
			to = stpcpy(to, tree);
		else
			*to++ = *text;
	*to = '\0';
	return out;
}

static const char *
joined(char *const *v)
{
	static char out[16384];

	for (out[0] = '\0'; *v != NULL; v++)
		(void)strcat(strcat(out, out[0] != '\0' ? "|" : ""), *v);
	return out;
}

START_TEST(find)
{
	const char *name = good[_i].name;
	struct target t;
	struct scgi head;
	char both[512];

	head_make(&head, name, good[_i].wire);
	CHECK_INT(name, map_find(&t, config, &head), 0);
	CHECK_TEXT(name, t.script_name, good[_i].script_name);
	CHECK_TEXT(name, t.path_info, good[_i].path_info);
	CHECK_TEXT(name, t.file, in_tree(good[_i].file));
	CHECK_TEXT(name, joined(t.argv), in_tree(good[_i].argv));
	CHECK_TEXT(name, t.exec, t.argv[0]);
	CHECK_TEXT(name, t.directory, in_tree(good[_i].directory));
	CHECK_INT(name, t.nph, good[_i].nph);
	/* RFC 3875 3.3: the two make the path again, an index file's apart. */
	(void)snprintf(both, sizeof both, "%s%s", t.script_name, t.path_info);
	if (strstr(t.script_name, "index.sh") == NULL)
		CHECK_TEXT(name, both, t.path);
	map_free(&t);
	scgi_free(&head);
	map_free(&t);
}
END_TEST

/* The Script-URI of what was found, asked for again, finds the same. */
START_TEST(round_trip)
{
	const char *name = good[_i].name;
	struct target first, second;
	struct scgi head, again;
	char wire[1024];
	size_t cut, len;

	head_make(&head, name, good[_i].wire);
	ck_assert(map_find(&first, config, &head) == 0);
	len = strlen(first.script_name) + strlen(first.path_info);
	for (cut = 0; cut <= len; cut++) {
		char both[512];

		(void)snprintf(both, sizeof both, "%s%s", first.script_name,
		    first.path_info);
		(void)snprintf(wire, sizeof wire, "%s|SCRIPT_NAME=%.*s|"
		    "PATH_INFO=%s", good[_i].wire, (int)cut, both, both + cut);
		head_make(&again, name, wire);
		CHECK_INT(name, map_find(&second, config, &again), 0);
		CHECK_TRUE(name, second.map == first.map);
		CHECK_TEXT(name, second.script_name, first.script_name);
		CHECK_TEXT(name, second.path_info, first.path_info);
		CHECK_TEXT(name, second.file, first.file);
		map_free(&second);
		scgi_free(&again);
	}
	map_free(&first);
	scgi_free(&head);
}
END_TEST

START_TEST(refused)
{
	struct target t;
	struct scgi head;
	enum cause cause;

	head_make(&head, bad[_i].name, bad[_i].wire);
	cause = map_find(&t, config, &head);
	CHECK_INT(bad[_i].name, cause_status(cause), bad[_i].status);
	CHECK_TEXT(bad[_i].name, cause_phrase(cause), bad[_i].why);
	map_free(&t);
	scgi_free(&head);
}
END_TEST

/* Who says how long the body is. */
static const struct {
	const char	*name;
	const char	*wire;
	uint64_t	 length;
	int		 status;
} lengths[] = {
{ "the front end", "REQUEST_METHOD=POST|SCRIPT_NAME=/cgi/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=9", 3, 0 },
{ "the client", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=9", 9, 0 },
{ "the client, of nothing yet", "REQUEST_METHOD=PUT|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=0|HTTP_CONTENT_LENGTH=9", 9, 0 },
{ "the client, more than allowed", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=11", 11, 413 },
{ "not less", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=9|HTTP_CONTENT_LENGTH=3", 9, 0 },
{ "not of a GET", "REQUEST_METHOD=GET|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=0|HTTP_CONTENT_LENGTH=9", 0, 0 },
{ "not of a HEAD", "REQUEST_METHOD=HEAD|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=0|HTTP_CONTENT_LENGTH=9", 0, 0 },
{ "no client's", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3", 3, 0 },
{ "no number", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=9x", 3, 0 },
{ "two", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=9|HTTP_CONTENT_LENGTH=9", 3, 0 },
{ "too large a number", "REQUEST_METHOD=POST|SCRIPT_NAME=/client/a.sh|CONTENT_LENGTH=3|HTTP_CONTENT_LENGTH=99999999999999999999", 3, 0 },
};

START_TEST(length)
{
	struct target t;
	struct scgi head;
	enum cause cause;

	head_make(&head, lengths[_i].name, lengths[_i].wire);
	cause = map_find(&t, config, &head);
	CHECK_INT(lengths[_i].name, cause == CAUSE_NONE ? 0 :
	    cause_status(cause), lengths[_i].status);
	CHECK_TRUE(lengths[_i].name, head.content_length == lengths[_i].length);
	map_free(&t);
	scgi_free(&head);
}
END_TEST

int
main(void)
{
	int lacking = check_lacks_openat2();
	Suite *suite;
	TCase *tcase;

	if (lacking != 0)
		return lacking;
	suite = suite_create("map");
	tcase = check_tree(suite, make_tree, free_tree);
	tcase_add_loop_test(tcase, find, 0, (int)CHECK_COUNT(good));
	tcase_add_loop_test(tcase, round_trip, 0, (int)CHECK_COUNT(good));
	tcase_add_loop_test(tcase, refused, 0, (int)CHECK_COUNT(bad));
	tcase_add_loop_test(tcase, length, 0, (int)CHECK_COUNT(lengths));
	return check_run_aside(suite);
}
