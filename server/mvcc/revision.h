/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_REVISION_H
#define SERVER_MVCC_REVISION_H

/*
 * A revision names one change of the store: main counts the transactions that
 * changed something, sub the changes inside one, from 0. On disk it is etcd's
 * 17 bytes, main and sub big-endian around a '_', so that byte order is
 * revision order; a deletion has a 't' behind it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

struct revision {
	int64_t main;
	int64_t sub;
};

enum {
	REVISION_BYTES = 17,
	REVISION_MARKED_BYTES = 18,
};

/* revision_cmp is < 0, 0 or > 0 as a is before, equal to or after b. */
static inline int revision_cmp(struct revision a, struct revision b)
{
	if (a.main != b.main)
		return a.main < b.main ? -1 : 1;
	return a.sub < b.sub ? -1 : a.sub > b.sub;
}

/* revision_encode writes the bytes of rev to out, with the mark of a deletion
 * if tombstone. Returns: REVISION_BYTES or REVISION_MARKED_BYTES. */
size_t revision_encode(
	struct revision rev, bool tombstone, unsigned char out[REVISION_MARKED_BYTES]);

/* revision_decode reads what revision_encode writes.
 * Returns: false if the bytes are no revision. */
bool revision_decode(const void *bytes, size_t len, struct revision *rev, bool *tombstone);

#endif
