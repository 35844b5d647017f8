/* SPDX-License-Identifier: ISC */
/*
 * path: a decoded path is absolute and has no segment that climbs; encoded
 * and decoded again it is the same.
 */
#include "platform.h"

#include "path.h"

#include <ctype.h>

#include "fuzz.h"

/* Every byte but slashes in percent-encoding, half of the digits small. */
static void
path_again(const char *path)
{
	size_t len = strlen(path), i;
	char *uri = malloc(3 * len + 1), *out = malloc(3 * len + 2), *to = uri;

	FUZZ_TRUE(uri != NULL && out != NULL);
	for (i = 0; i < len; i++)
		to += path[i] == '/' ? sprintf(to, "/") : sprintf(to,
		    i % 2 != 0 ? "%%%02x" : "%%%02X", (unsigned char)path[i]);
	FUZZ_TRUE(path_decode(uri, out) == CAUSE_NONE);
	FUZZ_TRUE(strcmp(out, path) == 0);
	free(uri);
	free(out);
}

static int
path_has_control(const char *path)
{
	for (; *path != '\0'; path++)
		if (iscntrl((unsigned char)*path))
			return 1;
	return 0;
}

/* No empty segment but the last, none of dots. */
static void
path_look_at(const char *path)
{
	const char *p, *end;

	FUZZ_TRUE(path[0] == '/');
	for (p = path + 1; *p != '\0'; p = *end == '/' ? end + 1 : end) {
		end = p + strcspn(p, "/");
		FUZZ_TRUE(end > p);
		FUZZ_TRUE(strncmp(p, ".", (size_t)(end - p)) != 0);
		FUZZ_TRUE(strncmp(p, "..", (size_t)(end - p)) != 0);
	}
	FUZZ_TRUE((path_verify(path) == CAUSE_NONE) ==
	    !path_has_control(path));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *uri = fuzz_string(data, len), *out = malloc(strlen(uri) + 2);
	size_t i;

	FUZZ_TRUE(out != NULL);
	if (path_decode(uri, out) == CAUSE_NONE) {
		FUZZ_TRUE(strlen(out) <= strlen(uri) + 1);
		path_look_at(out);
		path_again(out);
		for (i = 0; out[i] != '\0'; i++)
			FUZZ_TRUE(!!path_leads(out, i, out) ==
			    (out[i] == '/'));
	}
	/* As it may come in DOCUMENT_URI, decoded by the front end. */
	if (path_verify(uri) == CAUSE_NONE)
		FUZZ_TRUE(uri[0] == '/' && !path_has_control(uri) &&
		    strstr(uri, "/../") == NULL);
	free(uri);
	free(out);
	return 0;
}
