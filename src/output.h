/* SPDX-License-Identifier: ISC */
/*
 * output: where the answer goes.
 */
#ifndef CGID_OUTPUT_H
#define CGID_OUTPUT_H

#include <stdio.h>

/* Open a file for writing; without a name it is `otherwise`. Or exit. */
FILE	*output_open(const char *name, FILE *otherwise);

/* Something could not be written, as errno says: say so and exit. */
void	output_failed(const char *name) __attribute__((noreturn));

/* Close it, or exit if something could not be written. NULL does no harm. */
void	output_close(FILE *, const char *name);

#endif
