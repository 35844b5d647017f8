/* SPDX-License-Identifier: ISC */
/*
 * fuzz_main: feeds a fuzz target with files, where there is no libFuzzer.
 *
 *     fuzz_noun [FILE | DIRECTORY]...
 *
 * Without arguments it replays the target's corpus: tests/corpus/noun of the
 * source tree and of the build tree. No input at all is a failure.
 */
#include "platform.h"

#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <unistd.h>

#include "check_main.h"
#include "fuzz.h"

#ifndef CGID_LIBFUZZER

static size_t n_inputs;

/* The copy has no byte to spare, so that valgrind and ASan see what is read. */
static void
replay_file(const char *path)
{
	FILE *file = fopen(path, "r");
	uint8_t *data;
	struct stat st;
	size_t len;

	if (file == NULL || fstat(fileno(file), &st) == -1)
		err(1, "%s", path);
	len = (size_t)st.st_size;
	if ((data = malloc(len)) == NULL && len > 0)
		err(1, "%s", path);
	if (fread(data, 1, len, file) != len)
		err(1, "%s", path);
	(void)fclose(file);
	(void)setenv("FUZZ_INPUT", path, 1);	/* seen in a core */
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	n_inputs++;
}

static void
replay(const char *path)
{
	char name[4096];
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (dir == NULL) {
		replay_file(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof name, "%s/%s", path,
		    entry->d_name);
		replay_file(name);
	}
	(void)closedir(dir);
}

/* What the environment says, or what is right in the build directory. */
static void
replay_corpus(const char *variable, const char *otherwise, const char *noun)
{
	const char *top = getenv(variable);
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/tests/corpus/%s",
	    top != NULL ? top : otherwise, noun);
	if (access(path, R_OK) == 0)
		replay(path);
}

int
main(int argc, char *argv[])
{
	const char *noun = strrchr(argv[0], '_');
	int i;

	if (strcmp(noun != NULL ? noun : "", "_walk") == 0 &&
	    check_lacks_openat2() != 0)
		return 77;
	for (i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc == 1 && noun != NULL) {
		replay_corpus("srcdir", "..", noun + 1);
		replay_corpus("top_builddir", ".", noun + 1);
	}
	(void)printf("%zu inputs\n", n_inputs);
	return n_inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
