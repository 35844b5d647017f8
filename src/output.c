/* SPDX-License-Identifier: ISC */
/*
 * output: where the answer goes.
 *
 * A full disk shows when the last bytes are written: only who has closed
 * knows that all is there.
 */
#include "platform.h"

#include "output.h"

#include <errno.h>
#include <string.h>

#include "arguments.h"
#include "fault.h"

FILE *
output_open(const char *name, FILE *otherwise)
{
	FILE *out = otherwise;

	if (name != NULL && (out = fopen(name, "we")) == NULL)
		fault(ARGUMENTS_NO_ANSWER, "cannot write %s: %s", name,
		    strerror(errno));
	return out;
}

void
output_failed(const char *name)
{
	fault(ARGUMENTS_NO_ANSWER, "cannot write %s: %s",
	    name != NULL ? name : "to standard output", strerror(errno));
}

void
output_close(FILE *out, const char *name)
{
	int failed;

	if (out == NULL)
		return;
	failed = ferror(out);
	if ((out == stdout ? fflush(out) : fclose(out)) != 0 || failed)
		output_failed(name);
}
