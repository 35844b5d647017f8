/* SPDX-License-Identifier: ISC */
/*
 * upgrade: have another binary take this process over.
 */
#ifndef CGID_UPGRADE_H
#define CGID_UPGRADE_H

#include <sys/types.h>

/*
 * Remember how this program was started, before setproctitle_init(3) and before
 * the working directory changes. -1 without memory.
 */
int		 upgrade_remember(int argc, char *const argv[]);

/* The file that would be run, as it was named at the start; absolute. */
const char	*upgrade_program(void);

/*
 * Start a process that checks, by `-t`, whether the binary that has that name
 * by now can work with this configuration file, and with what is handed over
 * in `fd`. What it complains of goes to `complaints`, or to stderr if that is
 * -1. Returns its process, the caller's to reap; -1 with errno.
 */
pid_t		 upgrade_test(const char *config, int fd, int complaints);

/*
 * Run the binary in the place of this one, with the arguments of the first
 * start; `fd`, which must survive that, has what is handed over. Returns -1
 * with errno, and only if it fails.
 */
int		 upgrade_exec(int fd);

/* In the new binary: the descriptor that was handed over, or -1. */
int		 upgrade_handed(void);

#endif
