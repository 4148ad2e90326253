/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_INDEX_H
#define SERVER_MVCC_INDEX_H

/*
 * All keys in order, each with its history: a B-tree of struct key_index.
 *
 * Our own tree because no library of Debian's has one for memory: GLib's
 * GTree, libbsd's and libavl's trees are binary (20 cache misses for a lookup
 * among a million keys, and 40 to 60 bytes of overhead for each), Judy's
 * strings end at a NUL, and an in-memory SQLite or LMDB copies what we only
 * want to point to. Here a lookup among a million takes four nodes, and a key
 * costs 12 bytes of its node.
 *
 * Beside each pointer a node keeps four bytes of the key, those behind the
 * prefix that all keys of the node share, so that the search hardly ever has
 * to follow the pointers.
 *
 * Not thread-safe; reading may be done by several threads at once.
 */

#include <stdbool.h>
#include <stddef.h>

#include "server/mvcc/key_index.h"

struct index_node;

struct index {
	struct index_node *root; /* NULL when empty */
	size_t n;
};

/* A zeroed struct index is an empty one; index_free frees all keys in it. */
void index_free(struct index *idx);

/* index_get finds a key. Returns: NULL if it is not there. */
struct key_index *index_get(const struct index *idx, const void *key, size_t key_len);

/* index_upsert finds a key or puts it in, without revisions. */
struct key_index *index_upsert(struct index *idx, const void *key, size_t key_len);

/* index_remove takes a key out and frees it. Returns: false if it was not there. */
bool index_remove(struct index *idx, const void *key, size_t key_len);

enum {
	INDEX_MAX_DEPTH = 14, /* of 16-fold nodes at the least */
};

/* A place between keys. Any change of the tree (not of the keys' histories)
 * makes it invalid. */
struct index_iter {
	int depth;
	struct {
		const struct index_node *node;
		int pos;
	} path[INDEX_MAX_DEPTH];
};

/* index_seek goes to the first key >= key; a key_len of 0 is the beginning. */
void index_seek(const struct index *idx, struct index_iter *it, const void *key, size_t key_len);

/* index_next returns the key at the place and goes on behind it; NULL at the
 * end. */
struct key_index *index_next(struct index_iter *it);

/* index_check verifies the invariants of the tree, for tests.
 * Returns: false if one is broken. */
bool index_check(const struct index *idx);

#endif
