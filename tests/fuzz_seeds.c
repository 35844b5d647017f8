/* SPDX-License-Identifier: ISC */
/*
 * fuzz_seeds: the rows of scgi.table as files, for the fuzzer of the decoder.
 *
 *     fuzz_seeds TABLE DIRECTORY
 */
#include "platform.h"

#include <err.h>
#include <stdio.h>

#include "scgi_table.h"

int
main(int argc, char *argv[])
{
	struct table_row *rows;
	char path[4096];
	size_t i, n;
	FILE *file;

	if (argc != 3)
		errx(1, "usage: fuzz_seeds TABLE DIRECTORY");
	rows = table_read(argv[1], &n);
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof path, "%s/row-%03zu", argv[2], i);
		if ((file = fopen(path, "w")) == NULL)
			err(1, "%s", path);
		if (fwrite(rows[i].in.bytes, 1, rows[i].in.len, file) !=
		    rows[i].in.len || fclose(file) != 0)
			err(1, "%s", path);
	}
	table_free(rows, n);
	return 0;
}
