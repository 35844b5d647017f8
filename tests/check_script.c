/* SPDX-License-Identifier: ISC */
/*
 * script: what the front end names in SCRIPT_FILENAME, and what is made of it.
 *
 * What a path below a directory means is in check_map.c and check_walk.c.
 */
#include "platform.h"

#include "script.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>

#include "check_main.h"
#include "scgi.h"
#include "settings.h"

static char tree[PATH_MAX];	/* realpath(3) wants so much */

#define SEND(file, name, info)	"SCRIPT_FILENAME=" file "|SCRIPT_NAME=" name "|PATH_INFO=" info
#define PATH(file)		"SCRIPT_FILENAME=" file

/* "~" stands for the tree; its directories "www" and "www/deep" are listed. */
static const struct {
	const char	*name;
	const char	*wire;		/* "A=b|C=d" */
	const char	*path;		/* of the request */
	bool		 beneath;
	enum cause	 cause;
	const char	*script_name, *path_info, *file;
} rows[] = {
{ "the front end splits", SEND("~/www/a.sh", "/a.sh", "/x/y"), "/a.sh/x/y", false, CAUSE_NONE, "/a.sh", "/x/y", "~/www/a.sh" },
{ "nothing behind", SEND("~/www/a.sh", "/a.sh", ""), "/a.sh", false, CAUSE_NONE, "/a.sh", "", "~/www/a.sh" },
{ "another name than the file's", SEND("~/www/dir/b.sh", "/tool", "/x"), "/tool/x", false, CAUSE_NONE, "/tool", "/x", "~/www/dir/b.sh" },
{ "no name", SEND("~/www/a.sh", "", "/x"), "/x", false, CAUSE_NONE, "", "/x", "~/www/a.sh" },
{ "no split", PATH("~/www/a.sh"), "/a.sh", false, CAUSE_NONE, "/a.sh", "", "~/www/a.sh" },
{ "no split, another path", PATH("~/www/a.sh"), "/tool/x", false, CAUSE_NONE, "/tool/x", "", "~/www/a.sh" },
{ "more behind the file", PATH("~/www/a.sh/x/y"), "/a.sh/x/y", false, CAUSE_NONE, "/a.sh", "/x/y", "~/www/a.sh" },
{ "a slash behind the file", PATH("~/www/a.sh/"), "/a.sh/", false, CAUSE_NONE, "/a.sh", "/", "~/www/a.sh" },
{ "the file decides, not the split", SEND("~/www/a.sh/x/y", "/a.sh/x", "/y"), "/a.sh/x/y", false, CAUSE_NONE, "/a.sh", "/x/y", "~/www/a.sh" },
{ "what is behind is not in the path", PATH("~/www/a.sh/x"), "/a.sh/y", false, CAUSE_NO_SCRIPT, NULL, "", "~/www/a.sh" },
{ "nor long enough", PATH("~/www/a.sh/x/y"), "/y", false, CAUSE_NO_SCRIPT, NULL, "", "~/www/a.sh" },
{ "a rest that is no segment", SEND("~/www/a.sh", "/a.", "sh"), "/a.sh", false, CAUSE_NONE, "/a.sh", "", "~/www/a.sh" },
{ "more slashes", PATH("~/www//dir//b.sh"), "/dir/b.sh", false, CAUSE_NONE, "/dir/b.sh", "", "~/www/dir/b.sh" },
{ "the second directory", PATH("~/www/deep/c.sh"), "/c.sh", false, CAUSE_NONE, "/c.sh", "", "~/www/deep/c.sh" },
{ "an index file", PATH("~/www/dir/"), "/dir/", false, CAUSE_NONE, "/dir/index.sh", "", "~/www/dir/index.sh" },
{ "an index file, no slash", PATH("~/www/dir"), "/dir", false, CAUSE_NONE, "/dir/index.sh", "", "~/www/dir/index.sh" },
{ "an index file of the directory itself", PATH("~/www"), "/", false, CAUSE_NONE, "/index.sh", "", "~/www/index.sh" },
{ "a link out", PATH("~/www/out.sh"), "/out.sh", false, CAUSE_NONE, "/out.sh", "", "~/www/out.sh" },
{ "a link out, beneath", PATH("~/www/out.sh"), "/out.sh", true, CAUSE_SYMLINK, NULL, "", NULL },
{ "beneath the longest", PATH("~/www/deep/up.sh"), "/up.sh", true, CAUSE_SYMLINK, NULL, "", NULL },
{ "a link within", PATH("~/www/in.sh"), "/in.sh", true, CAUSE_NONE, "/in.sh", "", "~/www/in.sh" },
{ "nothing sent", "SCRIPT_NAME=/a.sh", "/a.sh", false, CAUSE_NO_SCRIPT_FILENAME, NULL, "", NULL },
{ "nothing in it", PATH(""), "/a.sh", false, CAUSE_NO_SCRIPT_FILENAME, NULL, "", NULL },
{ "relative", PATH("www/a.sh"), "/a.sh", false, CAUSE_NO_SCRIPT_FILENAME, NULL, "", NULL },
{ "Apache's", PATH("proxy:scgi://localhost/a.sh"), "/a.sh", false, CAUSE_NO_SCRIPT_FILENAME, NULL, "", NULL },
{ "dots", PATH("~/www/../x.sh"), "/x.sh", false, CAUSE_DOTS_IN_PATH, NULL, "", NULL },
{ "dots behind the file", PATH("~/www/a.sh/../b.sh"), "/b.sh", false, CAUSE_DOTS_IN_PATH, NULL, "", NULL },
{ "dots before the directory", PATH("/x/..~/www/a.sh"), "/a.sh", false, CAUSE_DOTS_IN_PATH, NULL, "", NULL },
{ "a line end", PATH("~/www/a.sh\n"), "/a.sh", false, CAUSE_CONTROL_IN_PATH, NULL, "", NULL },
{ "outside", PATH("~/x.sh"), "/x.sh", false, CAUSE_OUTSIDE, NULL, "", "~/x.sh" },
{ "elsewhere", PATH("/bin/sh"), "/sh", false, CAUSE_OUTSIDE, NULL, "", "/bin/sh" },
{ "a name that begins like it", PATH("~/wwwx/x.sh"), "/x.sh", false, CAUSE_OUTSIDE, NULL, "", "~/wwwx/x.sh" },
{ "above it", PATH("~"), "/", false, CAUSE_OUTSIDE, NULL, "", "~" },
{ "another spelling of it", PATH("/.~/www/a.sh"), "/a.sh", false, CAUSE_OUTSIDE, NULL, "", "/.~/www/a.sh" },
{ "a name with a dot", PATH("~/www/.hidden"), "/.hidden", false, CAUSE_DOT_NAME, NULL, "", NULL },
{ "one dot", PATH("~/www/./a.sh"), "/a.sh", false, CAUSE_DOT_NAME, NULL, "", NULL },
{ "no such file", PATH("~/www/no.sh"), "/no.sh", false, CAUSE_NO_SCRIPT, NULL, "", NULL },
{ "no index", PATH("~/www/deep"), "/deep", false, CAUSE_NO_INDEX, NULL, "", NULL },
};

static void
make_tree(void)
{
	static const char *const files[] = { "tree/x.sh", "tree/wwwx/x.sh",
	    "tree/www/a.sh", "tree/www/index.sh", "tree/www/.hidden",
	    "tree/www/dir/b.sh", "tree/www/dir/index.sh",
	    "tree/www/deep/c.sh" };
	size_t i;

	if (mkdir("tree", 0755) == -1 || mkdir("tree/www", 0755) == -1 ||
	    mkdir("tree/wwwx", 0755) == -1 || mkdir("tree/www/dir", 0755) == -1 ||
	    mkdir("tree/www/deep", 0755) == -1 ||
	    symlink("../x.sh", "tree/www/out.sh") == -1 ||
	    symlink("../a.sh", "tree/www/deep/up.sh") == -1 ||
	    symlink("dir/b.sh", "tree/www/in.sh") == -1 ||
	    realpath("tree", tree) == NULL)
		abort();
	for (i = 0; i < CHECK_COUNT(files); i++)
		check_make_file(files[i], 0755);
}

/* Text with the tree put in for each "~"; allocated. */
static char *
in_tree(const char *text)
{
	char *out = calloc(1, strlen(text) + 2 * sizeof tree), *to = out;

	for (; out != NULL && *text != '\0'; text++)
		if (*text == '~')
			to = stpcpy(to, tree);
		else
			*to++ = *text;
	return out;
}

/* Have the decoder make a head of "A=b|C=d". */
static void
head_make(struct scgi *head, const char *name, const char *text)
{
	char wire[9000], block[8000], *copy = in_tree(text), *rest = copy;
	size_t len, used, n;
	char *pair;

	len = (size_t)sprintf(block, "CONTENT_LENGTH%c0%cSCGI%c1", 0, 0, 0) + 1;
	while ((pair = strsep(&rest, "|")) != NULL) {
		(void)strcpy(block + len, pair);
		*strchr(block + len, '=') = '\0';
		len += strlen(pair) + 1;
	}
	n = (size_t)sprintf(wire, "%zu:", len);
	memcpy(wire + n, block, len);
	wire[n + len] = ',';
	scgi_init(head, sizeof wire, sizeof wire);
	CHECK_INT(name, scgi_push(head, wire, n + len + 1, &used), SCGI_DONE);
	free(copy);
}

START_TEST(named)
{
	const char *name = rows[_i].name;
	char *roots[] = { in_tree("~/www/"), in_tree("~/www/deep"), NULL };
	char *index[] = { in_tree("index.sh"), NULL }, *file = NULL;
	struct mapping map = { .script_filename = { roots, 2 } };
	struct script s;
	struct scgi head;

	map.set.index = (struct strings){ index, 1 };
	map.set.symlinks = rows[_i].beneath ? SYMLINKS_BENEATH : SYMLINKS_FOLLOW;
	if (rows[_i].file != NULL)
		file = in_tree(rows[_i].file);
	head_make(&head, name, rows[_i].wire);
	CHECK_INT(name, script_find(&s, &map, &head, rows[_i].path),
	    rows[_i].cause);
	CHECK_TEXT(name, s.name, rows[_i].script_name);
	CHECK_TEXT(name, s.path_info, rows[_i].path_info);
	CHECK_TEXT(name, s.file, file);
	free(s.file);
	free(s.name);
	free(file);
	free(roots[0]);
	free(roots[1]);
	free(index[0]);
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
	suite = suite_create("script");
	tcase = check_tree(suite, make_tree, NULL);
	tcase_add_loop_test(tcase, named, 0, (int)CHECK_COUNT(rows));
	return check_run_aside(suite);
}
