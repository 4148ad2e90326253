/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_KVSTORE_INTERNAL_H
#define SERVER_MVCC_KVSTORE_INTERNAL_H

/* What the files kvstore*.c share. */

#include "server/mvcc/index.h"
#include "server/mvcc/kvstore.h"
#include "server/mvcc/revision.h"
#include "server/util.h"

struct kvstore {
	struct backend *b;
	struct index index;
	int64_t rev;         /* of the last transaction */
	int64_t compact_rev; /* of the last compaction asked for, or -1 */

	uint64_t consistent_index;
	uint64_t consistent_term;
	bool index_changed; /* since it was last put into a batch */

	/* The compaction under way: up to compact_rev, done for all keys before
	 * compact_next. */
	bool compacting;
	struct xbuf compact_next;
};

/* kvstore_restore fills a fresh s from the backend.
 * Returns: false and *error. Source: etcd store.restore. */
bool kvstore_restore(struct kvstore *s, char **error);

/* kvstore_compact_slice does the compaction of some more keys. */
void kvstore_compact_slice(struct kvstore *s);

/* kvstore_meta_rev reads a revision from the bucket meta.
 * Returns: its main part, 0 if it is not there. */
int64_t kvstore_meta_rev(struct kvstore *s, const char *name);

/* kvstore_put_meta_rev writes one. */
void kvstore_put_meta_rev(struct kvstore *s, const char *name, int64_t main);

/* The names in the bucket meta, etcd's. */
#define KVSTORE_CONSISTENT_INDEX "consistent_index"
#define KVSTORE_TERM "term"
#define KVSTORE_SCHEDULED_COMPACT "scheduledCompactRev"
#define KVSTORE_FINISHED_COMPACT "finishedCompactRev"

#endif
