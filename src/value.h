/* SPDX-License-Identifier: ISC */
/*
 * value: the value of an option, in the words of the configuration file.
 */
#ifndef CGID_VALUE_H
#define CGID_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct option_row;

/*
 * The value of an option that is no list, in the words of the file, into `text`
 * of 64 bytes or more. False if it is a list, or a text that is not set.
 */
bool	value_show(const struct option_row *, const void *base,
		    char *text, size_t size);

#endif
