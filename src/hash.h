/* SPDX-License-Identifier: ISC */
/*
 * hash: FNV-1a, for small tables.
 */
#ifndef CGID_HASH_H
#define CGID_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Of nothing; and of what had this hash, with a byte behind it. */
#define HASH_NONE		UINT32_C(2166136261)
#define HASH_BYTE(hash, c)	(((hash) ^ (unsigned char)(c)) * \
				    UINT32_C(16777619))

/* Of what had this hash, with bytes behind it. */
uint32_t	hash_bytes(uint32_t hash, const char *bytes, size_t len);

#endif
