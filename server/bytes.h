/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_BYTES_H
#define SERVER_BYTES_H

#include <stddef.h>
#include <string.h>

/* bytes_compare is < 0, 0 or > 0 as a sorts before, as, or after b, byte by
 * byte, a prefix before what it is a prefix of: the order of keys. A pointer may
 * be NULL if its length is 0. */
static inline int bytes_compare(const void *a, size_t a_len, const void *b, size_t b_len)
{
	size_t n = a_len < b_len ? a_len : b_len;
	int c = n ? memcmp(a, b, n) : 0;

	return c ? c : (a_len > b_len) - (a_len < b_len);
}

#endif
