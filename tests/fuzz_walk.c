/* SPDX-License-Identifier: ISC */
/*
 * walk: below a small tree, no path leads to anything else. The first byte of
 * the input says how to walk, the rest is the path.
 */
#include "platform.h"

#include "walk.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "check_main.h"
#include "fuzz.h"

static char base[PATH_MAX];	/* has the tree, and what it must not lead to */
static char root[PATH_MAX];

static void
tree_remove(void)
{
	(void)nftw(base, check_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static void
tree_file(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	FUZZ_TRUE(fd != -1 && close(fd) == 0);
}

static void
tree_make(void)
{
	static const char *const links[][2] = {
		{ "b", "tree/d/in" }, { "../a", "tree/d/up" },
		{ "../../secret", "tree/d/out" }, { "..", "tree/o" },
		{ "d", "tree/l" }, { "loop", "tree/loop" },
		{ "nowhere", "tree/dead" }, { "/etc/passwd", "tree/abs" },
		{ "/proc/self/cwd", "tree/magic" },
		{ "../../../../../../../etc", "tree/d/etc" },
	};
	char here[PATH_MAX];
	size_t i;

	(void)strcpy(base, "/tmp/fuzz_walk.XXXXXX");
	FUZZ_TRUE(getcwd(here, sizeof here) != NULL);
	FUZZ_TRUE(mkdtemp(base) != NULL && chdir(base) == 0);
	FUZZ_TRUE(atexit(tree_remove) == 0);
	FUZZ_TRUE(mkdir("tree", 0755) == 0 && mkdir("tree/d", 0755) == 0);
	FUZZ_TRUE(mkdir("tree/d/e", 0755) == 0 && mkdir("tree/.g", 0755) == 0);
	FUZZ_TRUE(mkfifo("tree/f", 0644) == 0);
	tree_file("secret", 0755);
	tree_file("tree/a", 0755);
	tree_file("tree/.h", 0755);
	tree_file("tree/.g/config", 0644);
	tree_file("tree/d/b", 0755);
	tree_file("tree/d/e/index", 0640);
	tree_file("tree/d/a b\377", 0755);
	for (i = 0; i < sizeof links / sizeof links[0]; i++)
		FUZZ_TRUE(symlink(links[i][0], links[i][1]) == 0);
	FUZZ_TRUE(realpath("tree", root) != NULL && chdir(here) == 0);
}

/* root, the segments of the used part of the path, the index file. */
static void
walk_name(char *to, const char *path, const struct walk *w)
{
	const char *p = path, *end = path + w->used;
	size_t n;

	to = stpcpy(to, root);
	while (p < end) {
		if (*p == '/') {
			p++;
			continue;
		}
		n = strcspn(p, "/");
		FUZZ_TRUE(p + n <= end && *p != '.');
		*to++ = '/';
		to = mempcpy(to, p, n);
		p += n;
	}
	*to = '\0';
	if (w->index != NULL)
		(void)stpcpy(stpcpy(to, "/"), w->index);
}

static void
walk_look_at(const struct walk *w, const char *path, bool beneath)
{
	char *name = malloc(strlen(path) + PATH_MAX), real[PATH_MAX];
	struct stat st;

	FUZZ_TRUE(name != NULL && w->used <= strlen(path));
	FUZZ_TRUE(path[w->used] == '\0' || path[w->used] == '/');
	walk_name(name, path, w);
	FUZZ_TRUE(strcmp(w->file, name) == 0);
	FUZZ_TRUE(stat(w->file, &st) == 0 && st.st_mode == w->mode);
	FUZZ_TRUE(!S_ISDIR(w->mode));
	FUZZ_TRUE(realpath(w->file, real) != NULL);
	FUZZ_TRUE(!beneath || (strncmp(real, root, strlen(root)) == 0 &&
	    real[strlen(root)] == '/'));
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static char *none[] = { NULL };
	static char no[] = "no", e[] = "e", out[] = "out", in[] = "in",
	    last[] = "index", *index[] = { no, e, out, in, last, NULL };
	char *path, top[PATH_MAX + 2];
	struct walk w;
	enum cause cause;
	bool beneath;

	if (root[0] == '\0')
		tree_make();
	if (len == 0)
		return 0;
	path = fuzz_string(data + 1, len - 1);
	beneath = (data[0] & 1) != 0;
	(void)stpcpy(stpcpy(top, root), (data[0] & 2) != 0 ? "/" : "");
	if (path[0] == '/' || path[0] == '\0') {
		cause = walk_find(top, path, beneath,
		    (data[0] & 4) != 0 ? index : none, &w);
		if (cause == CAUSE_NONE)
			walk_look_at(&w, path, beneath);
		else
			FUZZ_TRUE(w.file == NULL && (cause_status(cause) ==
			    403 || cause_status(cause) == 404));
		free(w.file);
	}
	free(path);
	return 0;
}
