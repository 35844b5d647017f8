/* SPDX-License-Identifier: ISC */
/*
 * compose: the head of the request that the arguments ask for.
 */
#ifndef CGID_COMPOSE_H
#define CGID_COMPOSE_H

#include <stddef.h>
#include <stdint.h>

struct arguments;

/*
 * Make the head for a body of `len` bytes. Returns NULL and a head for the
 * caller to free, or a phrase.
 */
const char	*compose_head(struct arguments *, uint64_t len, char **head,
    size_t *head_len);

#endif
