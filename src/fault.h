/* SPDX-License-Identifier: ISC */
/*
 * fault: leave because there is nothing to ask, or no way to.
 */
#ifndef CGID_FAULT_H
#define CGID_FAULT_H

#include <stdbool.h>

/* Say it as a monitoring plugin does: on standard output, with status 3. */
void	fault_for_monitor(bool);

/* Say it and exit with `status`, or as a plugin does. */
void	fault(int status, const char *, ...)
	    __attribute__((noreturn, format(printf, 2, 3)));

#endif
