/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building the index anew from the pairs in the backend, at start.
 *
 * They come in the order of revisions, so the keys are all over the index and
 * each would meet cold memory. So they are taken a good number at a time and
 * put in roughly in the order of keys: sorted by eight bytes of the key, which
 * is only for speed, and stably, which is needed: the changes of one key stay
 * in their order.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "server/mvcc/kv_codec.h"
#include "server/mvcc/kvstore_internal.h"

enum {
	CHUNK = 128 << 10,
	RADIX = 256,
	PREFETCH = 8,
};

/* A pair as far as the index wants to know. */
struct change {
	const unsigned char *key; /* in the backend */
	size_t key_len;
	struct revision rev;
	int64_t created;
	int64_t version;
	bool tombstone;
};

struct order {
	uint64_t head; /* eight bytes of the key */
	uint32_t i;    /* into changes */
};

struct restore {
	struct kvstore *s;
	struct change *changes;
	struct order *order, *spare;
	size_t n;
	size_t shared;       /* the prefix that all keys of the chunk share */
	struct xbuf orphans; /* of struct revision */
	char *error;
};

static void put_in_index(struct restore *r, const struct change *c)
{
	struct key_index *ki;

	if (c->tombstone) {
		/* A compaction cut short may have left a tombstone alone. */
		ki = index_get(&r->s->index, c->key, c->key_len);
		if (!ki || !key_index_tombstone(ki, c->rev))
			xbuf_append(&r->orphans, &c->rev, sizeof(c->rev));
		return;
	}
	ki = index_upsert(&r->s->index, c->key, c->key_len);
	if (ki->cur.n || ki->n_older)
		key_index_put(ki, c->rev);
	else
		key_index_restore(ki, c->created, c->rev, c->version);
}

/* One pass of a radix sort: by the byte of head that is shift bits up.
 * Returns: false if it is the same in all. */
static bool sort_by_byte(const struct order *from, struct order *to, size_t n, int shift)
{
	size_t count[RADIX] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		count[from[i].head >> shift & 0xff]++;
	if (count[from[0].head >> shift & 0xff] == n)
		return false;
	for (int byte = 0; byte < RADIX; byte++) {
		size_t here = count[byte];

		count[byte] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[count[from[i].head >> shift & 0xff]++] = from[i];
	return true;
}

static void sort_chunk(struct restore *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct change *c = &r->changes[i];
		size_t len = c->key_len - r->shared;
		uint64_t head = 0;

		memcpy(&head, c->key + r->shared, len < 8 ? len : 8);
		r->order[i] = (struct order){.head = be64toh(head), .i = (uint32_t)i};
	}
	for (int shift = 0; shift < 64; shift += 8) {
		if (sort_by_byte(r->order, r->spare, r->n, shift)) {
			struct order *sorted = r->spare;

			r->spare = r->order;
			r->order = sorted;
		}
	}
}

static void flush_chunk(struct restore *r)
{
	if (r->n)
		sort_chunk(r);
	for (size_t i = 0; i < r->n; i++) {
		/* In this order they are all over memory: ask for them early. */
		if (i + 2 * PREFETCH < r->n) {
			__builtin_prefetch(&r->changes[r->order[i + 2 * PREFETCH].i]);
			__builtin_prefetch(r->changes[r->order[i + PREFETCH].i].key);
		}
		put_in_index(r, &r->changes[r->order[i].i]);
	}
	r->n = 0;
}

static bool bad_pair(struct restore *r, struct revision rev, const char *what)
{
	r->error = xasprintf("mvcc: the pair of revision %" PRId64 ".%" PRId64
			     " %s; the database is damaged: restore this member from a snapshot "
			     "or from a backup of its data directory",
		rev.main, rev.sub, what);
	return false;
}

static size_t shared_prefix(const struct change *a, const struct change *b, size_t max)
{
	size_t n = 0;

	while (n < max && n < b->key_len && a->key[n] == b->key[n])
		n++;
	return n;
}

/* One pair, in the order of revisions. */
static bool restore_pair(void *arg, struct backend_value key, struct backend_value value)
{
	struct restore *r = arg;
	struct change *c = &r->changes[r->n];
	struct revision last = {.main = r->s->rev};
	struct mvcc_kv kv;

	if (!revision_decode(key.data, key.len, &c->rev, &c->tombstone))
		return bad_pair(r, last, "is followed by something that is none");
	if (!kv_decode(value.data, value.len, &kv))
		return bad_pair(r, c->rev, "is malformed");
	c->key = kv.key;
	c->key_len = kv.key_len;
	c->created = kv.create_revision;
	c->version = kv.version;
	r->shared = shared_prefix(&r->changes[0], c, r->n ? r->shared : c->key_len);
	r->s->rev = c->rev.main;
	if (++r->n == CHUNK)
		flush_chunk(r);
	return true;
}

static bool restore_index(struct restore *r)
{
	struct backend_read read = {.b = r->s->b};

	r->changes = xmalloc(CHUNK * sizeof(r->changes[0]));
	r->order = xmalloc(CHUNK * sizeof(r->order[0]));
	r->spare = xmalloc(CHUNK * sizeof(r->spare[0]));
	if (!backend_for_each(&read, BACKEND_KEY, NULL, 0, restore_pair, r))
		r->error = xstrdup("mvcc: the backend cannot be written to");
	flush_chunk(r);
	backend_read_end(&read);
	free(r->changes);
	free(r->order);
	free(r->spare);
	return !r->error;
}

static void delete_orphans(struct restore *r)
{
	unsigned char bytes[REVISION_MARKED_BYTES];
	const struct revision *revs = (const struct revision *)(void *)r->orphans.data;

	for (size_t i = 0; i < r->orphans.len / sizeof(revs[0]); i++)
		backend_delete(r->s->b, BACKEND_KEY, bytes, revision_encode(revs[i], true, bytes));
}

bool kvstore_restore(struct kvstore *s, char **error)
{
	struct restore r = {.s = s};
	int64_t finished = kvstore_meta_rev(s, KVSTORE_FINISHED_COMPACT);
	int64_t scheduled = kvstore_meta_rev(s, KVSTORE_SCHEDULED_COMPACT);
	bool ok = restore_index(&r);

	*error = r.error;
	if (ok)
		delete_orphans(&r);
	xbuf_free(&r.orphans);

	if (finished)
		s->compact_rev = finished;
	if (scheduled > finished) {
		s->compact_rev = scheduled;
		s->compacting = true;
	}
	/* The newest pairs may be gone with a compaction, not their revision. */
	if (s->rev < s->compact_rev)
		s->rev = s->compact_rev;
	return ok;
}
