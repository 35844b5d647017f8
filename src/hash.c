/* SPDX-License-Identifier: ISC */
/*
 * hash: FNV-1a, for small tables.
 *
 * Pure. Whoever chooses the bytes can make hashes collide: a table that takes
 * them from outside must bound what that costs.
 */
#include "platform.h"

#include "hash.h"

uint32_t
hash_bytes(uint32_t hash, const char *bytes, size_t len)
{
	for (; len > 0; len--, bytes++)
		hash = HASH_BYTE(hash, *bytes);
	return hash;
}
