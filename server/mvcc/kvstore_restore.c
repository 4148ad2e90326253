/* SPDX-License-Identifier: Apache-2.0 */
/* Building the index anew from the pairs in the backend, at start. */
#include <inttypes.h>
#include <stdlib.h>

#include "server/mvcc/kv_codec.h"
#include "server/mvcc/kvstore_internal.h"

struct restore {
	struct kvstore *s;
	struct strbuf orphans; /* of struct revision */
	char *error;
};

static bool bad_pair(struct restore *r, struct revision rev, const char *what)
{
	r->error = xasprintf("mvcc: the pair of revision %" PRId64 ".%" PRId64
			     " %s; the database is damaged: restore this member from a snapshot "
			     "or from a backup of its data directory",
			rev.main, rev.sub, what);
	return false;
}

/* One pair, in the order of revisions. */
static bool restore_pair(void *arg, struct backend_value key, struct backend_value value)
{
	struct restore *r = arg;
	struct key_index *ki;
	struct mvcc_kv kv;
	struct revision rev = {0};
	bool tombstone;

	if (!revision_decode(key.data, key.len, &rev, &tombstone))
		return bad_pair(r, rev, "or the one after it has a malformed revision");
	if (!kv_decode(value.data, value.len, &kv))
		return bad_pair(r, rev, "is malformed");
	r->s->rev = rev.main;
	if (tombstone) {
		/* A compaction cut short may have left a tombstone alone. */
		ki = index_get(&r->s->index, kv.key, kv.key_len);
		if (!ki || !key_index_tombstone(ki, rev))
			strbuf_append(&r->orphans, &rev, sizeof(rev));
		return true;
	}
	ki = index_upsert(&r->s->index, kv.key, kv.key_len);
	if (ki->cur.n || ki->n_older)
		key_index_put(ki, rev);
	else
		key_index_restore(ki, kv.create_revision, rev, kv.version);
	return true;
}

static void delete_orphans(struct restore *r)
{
	unsigned char bytes[REVISION_MARKED_BYTES];
	const struct revision *revs = (const struct revision *)(void *)r->orphans.data;

	for (size_t i = 0; i < r->orphans.len / sizeof(revs[0]); i++)
		backend_delete(r->s->b, BACKEND_KEY, bytes, revision_encode(revs[i], true, bytes));
	strbuf_free(&r->orphans);
}

bool kvstore_restore(struct kvstore *s, char **error)
{
	struct restore r = {.s = s};
	int64_t finished = kvstore_meta_rev(s, KVSTORE_FINISHED_COMPACT);
	int64_t scheduled = kvstore_meta_rev(s, KVSTORE_SCHEDULED_COMPACT);

	if (!backend_for_each(s->b, BACKEND_KEY, NULL, 0, restore_pair, &r))
		r.error = xstrdup("mvcc: the backend cannot be written to");
	if (r.error) {
		strbuf_free(&r.orphans);
		*error = r.error;
		return false;
	}
	delete_orphans(&r);

	if (finished)
		s->compact_rev = finished;
	if (scheduled > finished) {
		s->compact_rev = scheduled;
		s->compacting = true;
	}
	/* The newest pairs may be gone with a compaction, not their revision. */
	if (s->rev < s->compact_rev)
		s->rev = s->compact_rev;
	return true;
}
