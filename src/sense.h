/* SPDX-License-Identifier: ISC */
/*
 * sense: do the arguments make sense together, and what follows from them?
 */
#ifndef CGID_SENSE_H
#define CGID_SENSE_H

struct arguments;

/*
 * Take the `n` arguments that are no options, look at all, fill in what was
 * not given; or say what is wrong and exit.
 */
void	sense_make(struct arguments *, int n, char *rest[]);

#endif
