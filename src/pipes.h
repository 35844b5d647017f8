/* SPDX-License-Identifier: ISC */
/*
 * pipes: between us and a program; some are used again.
 */
#ifndef CGID_PIPES_H
#define CGID_PIPES_H

#include <stdbool.h>

struct loop;
struct watch;

/* What a program writes to; each sort of pipe is kept for the same again. */
enum pipes_sort { PIPES_OUTPUT, PIPES_ERRORS };

/*
 * Call in a process before its first pipe. Where the kernel does not let pipes
 * be used again, all are new.
 */
void	pipes_init(void);

/*
 * Open a pipe that a program reads or writes; returns its end, which blocks and
 * which the caller closes, or -1 with errno. Ours does not block and becomes
 * the descriptor of the watch. One for a program that is to be apart from others
 * is new, and not for pipes_end().
 */
int	pipes_to(struct watch *);
int	pipes_from(struct watch *, enum pipes_sort, bool apart);

/*
 * The watch's descriptor, of pipes_from(), was read to its end, where read(2)
 * returns 0: nobody has the other end any more. It is kept for another program,
 * or closed.
 */
void	pipes_end(struct loop *, struct watch *, enum pipes_sort);

#endif
