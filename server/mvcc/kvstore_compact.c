/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compaction. Where etcd collects the revisions to keep and scans the database
 * for the others, we walk the index, which knows them all: each key names the
 * revisions that go, and they are deleted one by one. It is done in slices
 * between transactions, so that it needs no lock and never holds the apply
 * path up for long; what the index says of a key and what is deleted of it
 * are in one batch. If a crash comes between, the index is rebuilt from what is left and
 * the rest is found again.
 */
#include <stdlib.h>

#include "server/mvcc/kvstore_internal.h"

enum {
	/* A slice is that many keys, or fewer if so many deletions are made:
	 * about a millisecond. */
	SLICE_KEYS = 4096,
	SLICE_DELETES = 2048,
};

struct slice {
	struct kvstore *s;
	size_t deletes;
};

static void delete_revision(void *arg, struct revision rev, bool tombstone)
{
	unsigned char bytes[REVISION_MARKED_BYTES];
	struct slice *sl = arg;

	backend_delete(sl->s->b, BACKEND_KEY, bytes, revision_encode(rev, tombstone, bytes));
	sl->deletes++;
}

enum mvcc_error kvstore_compact(struct kvstore *s, int64_t rev)
{
	if (rev <= s->compact_rev)
		return MVCC_ERR_COMPACTED;
	if (rev > s->rev)
		return MVCC_ERR_FUTURE_REV;
	s->compact_rev = rev;
	kvstore_put_meta_rev(s, KVSTORE_SCHEDULED_COMPACT, rev);
	/* One that is under way goes on as this one, from the beginning. */
	s->compacting = true;
	xbuf_clear(&s->compact_next);
	return MVCC_OK;
}

bool kvstore_compacting(const struct kvstore *s)
{
	return s->compacting;
}

/* Removes from the index what has no history left. */
static void drop_keys(struct kvstore *s, struct key_index **gone, size_t n)
{
	for (size_t i = 0; i < n; i++)
		index_remove(&s->index, gone[i]->key, gone[i]->key_len);
}

void kvstore_compact_slice(struct kvstore *s)
{
	struct slice sl = {.s = s};
	struct key_index *ki = NULL, **gone = xmalloc(SLICE_KEYS * sizeof(gone[0]));
	struct index_iter it;
	size_t keys = 0, n_gone = 0;

	index_seek(&s->index, &it, s->compact_next.data, s->compact_next.len);
	while (keys++ < SLICE_KEYS && sl.deletes < SLICE_DELETES && (ki = index_next(&it)))
		if (key_index_compact(ki, s->compact_rev, delete_revision, &sl))
			gone[n_gone++] = ki;
	ki = index_next(&it);
	xbuf_clear(&s->compact_next);
	if (ki)
		xbuf_append(&s->compact_next, ki->key, ki->key_len);
	drop_keys(s, gone, n_gone);
	free(gone);
	if (!ki) {
		kvstore_put_meta_rev(s, KVSTORE_FINISHED_COMPACT, s->compact_rev);
		s->compacting = false;
	}
}

void kvstore_compact_finish(struct kvstore *s)
{
	while (s->compacting) {
		kvstore_compact_slice(s);
		/* not to pile up deletions in memory */
		kvstore_tick(s, util_mono_ns());
	}
}
