/* SPDX-License-Identifier: ISC */
/*
 * fuzz: what the fuzz targets have in common.
 *
 * A target is one function, as libFuzzer calls it. Bytes that break what the
 * module promises end the process; what a target leaves behind is a leak.
 */
#ifndef CGID_FUZZ_H
#define CGID_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A property that holds whatever the input is. */
#define FUZZ_TRUE(truth) do {						\
	if (!(truth)) {							\
		(void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__,	\
		    __LINE__, #truth);					\
		abort();						\
	}								\
} while (0)

/* One input. Returns 0. */
int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The input as a string, cut at its first NUL, for the caller to free. */
static inline char *
fuzz_string(const uint8_t *data, size_t len)
{
	char *s = strndup((const char *)data, len);

	FUZZ_TRUE(s != NULL);
	return s;
}

#endif
