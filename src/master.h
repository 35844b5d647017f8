/* SPDX-License-Identifier: ISC */
/*
 * master: keep the wanted number of workers alive; stop.
 */
#ifndef CGID_MASTER_H
#define CGID_MASTER_H

#include <stdbool.h>

struct config;

/*
 * Bind the sockets, start the workers, keep their number, until told to stop:
 * SIGTERM or SIGINT drains, a second one ends everything now. `ready` is
 * called once the sockets are bound; where it returns other than 0, that is
 * the exit status. `forked` is called in each new process, to let go of what
 * is the master's alone. Returns the exit status; a start that
 * fails has logged why.
 */
int	master_run(const struct config *, int (*ready)(void),
	    void (*forked)(void));

#endif
