/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_KEY_INDEX_H
#define SERVER_MVCC_KEY_INDEX_H

/*
 * The history of one key: which revisions changed it. As etcd's key_index.go.
 *
 * A generation is a life of the key, from the put that created it to the
 * deletion (tombstone) that ended it. For put(1.0) put(2.0) delete(3.0)
 * put(4.0) delete(5.0):
 *
 *     older: {1.0, 2.0, 3.0(t)} {4.0, 5.0(t)}    cur: {}
 *
 * Compacting at a revision forgets what only reads before it could see: all
 * but the last change at or before it, and that one, too, if it is a
 * tombstone. After compact(2): {2.0, 3.0(t)} {4.0, 5.0(t)} {}; after
 * compact(4): {4.0, 5.0(t)} {}; after compact(5) nothing, and the key goes.
 *
 * There are as many of these as keys, so they are packed: a key that was
 * written once takes 48 bytes and its own.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/mvcc/revision.h"

/* Invariants: revisions ascend; an older generation ends in a tombstone; cur
 * is empty if the key does not exist now. */
struct key_generation {
	int64_t created; /* main revision of its first put */
	int64_t version; /* changes it ever had, those compacted away included */
	uint32_t n;      /* changes it has */
	uint32_t sub;    /* n == 1: the revision's sub; else the capacity of revs */
	union {
		int64_t main;          /* n == 1 */
		struct revision *revs; /* n >= 2 */
	};
};

struct key_index {
	struct key_generation cur;
	struct key_generation *older;
	uint32_t n_older;
	uint32_t key_len;
	unsigned char key[];
};

/* key_index_new makes the index of a key without any revision yet. */
struct key_index *key_index_new(const void *key, size_t key_len);
void key_index_free(struct key_index *ki);

/* key_index_put notes a put. Requires: rev is newer than all before. */
void key_index_put(struct key_index *ki, struct revision rev);

/* key_index_restore notes the first put that is left of a key's history.
 * Requires: ki has no revisions. */
void key_index_restore(struct key_index *ki, int64_t created, struct revision rev, int64_t version);

/* key_index_tombstone notes a deletion.
 * Returns: false if the key does not exist (etcd: ErrRevisionNotFound). */
bool key_index_tombstone(struct key_index *ki, struct revision rev);

/* key_index_get finds the last put at or before the main revision at_rev.
 * Returns: false if the key did not exist then; else *rev, and if not NULL
 *          *created (main revision) and *version. */
bool key_index_get(const struct key_index *ki, int64_t at_rev, struct revision *rev,
	int64_t *created, int64_t *version);

/* key_index_live tells whether the key exists now; *created, *version are
 * those of its last put. */
bool key_index_live(const struct key_index *ki, int64_t *created, int64_t *version);

/* key_index_compact forgets, see above, and calls removed for each revision
 * that goes.
 * Returns: true if none is left: the caller drops the key. */
bool key_index_compact(struct key_index *ki, int64_t at_rev,
	void (*removed)(void *arg, struct revision rev, bool tombstone), void *arg);

#endif
