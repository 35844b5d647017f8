/* SPDX-License-Identifier: ISC */

/*
 * hello: the smallest honest CGI program.  Linked statically, so that a
 * run of it costs little more than the kernel's share of starting it.
 * The words of its body are what bench/run looks for in each reply.
 */

#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	if (fputs("Content-Type: text/plain\r\n\r\nhello from bench\n",
	    stdout) == EOF || fflush(stdout) == EOF)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
