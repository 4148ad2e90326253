/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/log.h"
#include "server/mvcc/kv_codec.h"
#include "server/mvcc/kvstore_internal.h"

/* --- ranges ---------------------------------------------------------------- */

/* Walks the keys of [key, end) as on the wire. */
struct range_iter {
	const unsigned char *end;
	size_t end_len;
	bool to_the_end;
	struct key_index *single;
	struct index_iter it;
};

static void range_begin(struct range_iter *ri, const struct kvstore *s, const void *key,
	size_t key_len, const void *end, size_t end_len)
{
	ri->end = end;
	ri->end_len = end_len;
	ri->to_the_end = end_len == 1 && ri->end[0] == 0;
	ri->single = NULL;
	ri->it.depth = 0;
	if (end_len == 0)
		ri->single = index_get(&s->index, key, key_len);
	else
		index_seek(&s->index, &ri->it, key, key_len);
}

static struct key_index *range_next(struct range_iter *ri)
{
	struct key_index *ki;
	size_t n;
	int c;

	if (ri->end_len == 0) {
		ki = ri->single;
		ri->single = NULL;
		return ki;
	}
	ki = index_next(&ri->it);
	if (!ki || ri->to_the_end)
		return ki;
	n = ki->key_len < ri->end_len ? ki->key_len : ri->end_len;
	c = memcmp(ki->key, ri->end, n);
	return c < 0 || (c == 0 && ki->key_len < ri->end_len) ? ki : NULL;
}

/* --- reading --------------------------------------------------------------- */

void kvstore_read_begin(struct kvstore *s, struct kvstore_read *tr)
{
	*tr = (struct kvstore_read){.s = s, .backend = {.b = s->b}, .rev = s->rev};
}

void kvstore_read_end(struct kvstore_read *tr)
{
	backend_read_end(&tr->backend);
}

/* The index and the database are changed together; a pair that is missing
 * means that the file was damaged. */
static _Noreturn void pair_missing(struct revision rev, const char *what)
{
	log_fatal(
		"the database is damaged: restore this member from a snapshot or from a backup of "
		"its data directory",
		LOG_I64("revision", rev.main), LOG_I64("sub-revision", rev.sub),
		LOG_STR("pair", what));
}

static void read_pair(struct kvstore_read *tr, struct revision rev, struct mvcc_kv *kv)
{
	unsigned char bytes[REVISION_MARKED_BYTES];
	size_t len = revision_encode(rev, false, bytes);
	struct backend_value v;

	if (!backend_read_get(&tr->backend, BACKEND_KEY, bytes, len, &v))
		pair_missing(rev, "missing");
	if (!kv_decode(v.data, v.len, kv))
		pair_missing(rev, "malformed");
}

static void add_pair(
	struct kvstore_read *tr, struct kvstore_range_result *res, size_t *cap, struct revision rev)
{
	if (res->n == 0) {
		res->kvs = &res->one;
	} else if (res->n == 1) {
		*cap = 16;
		res->kvs = xmalloc(*cap * sizeof(res->kvs[0]));
		res->kvs[0] = res->one;
	} else if (res->n == *cap) {
		*cap *= 2;
		res->kvs = xreallocarray(res->kvs, *cap, sizeof(res->kvs[0]));
	}
	read_pair(tr, rev, &res->kvs[res->n++]);
}

enum mvcc_error kvstore_range(struct kvstore_read *tr, const void *key, size_t key_len,
	const void *end, size_t end_len, const struct kvstore_range_options *opts,
	struct kvstore_range_result *res)
{
	int64_t rev = opts->rev > 0 ? opts->rev : tr->rev;
	struct key_index *ki;
	struct range_iter ri;
	struct revision at;
	size_t cap = 0;

	res->kvs = NULL;
	res->n = 0;
	res->count = -1;
	res->rev = tr->rev;
	if (rev > tr->rev)
		return MVCC_ERR_FUTURE_REV;
	if (rev < tr->s->compact_rev)
		return MVCC_ERR_COMPACTED;

	res->count = 0;
	range_begin(&ri, tr->s, key, key_len, end, end_len);
	while ((ki = range_next(&ri))) {
		if (!key_index_get(ki, rev, &at, NULL, NULL))
			continue;
		res->count++;
		if (!opts->count_only && (opts->limit <= 0 || (int64_t)res->n < opts->limit))
			add_pair(tr, res, &cap, at);
	}
	return MVCC_OK;
}

void kvstore_range_free(struct kvstore_range_result *res)
{
	if (res->kvs != &res->one)
		free(res->kvs);
	res->kvs = NULL;
	res->n = 0;
}

/* --- writing --------------------------------------------------------------- */

void kvstore_write_begin(struct kvstore *s, struct kvstore_write *tw)
{
	kvstore_read_begin(s, &tw->read);
	tw->begin_rev = s->rev;
	tw->changes = 0;
}

/* The revision of the next change. From now on the transaction sees its own. */
static struct revision next_revision(struct kvstore_write *tw)
{
	tw->read.rev = tw->begin_rev + 1;
	return (struct revision){.main = tw->begin_rev + 1, .sub = tw->changes++};
}

int64_t kvstore_put(struct kvstore_write *tw, const void *key, size_t key_len, const void *value,
	size_t value_len, int64_t lease)
{
	struct kvstore *s = tw->read.s;
	struct revision rev = next_revision(tw);
	unsigned char bytes[REVISION_MARKED_BYTES];
	struct key_index *ki;
	struct mvcc_kv kv = {.key = key,
		.key_len = key_len,
		.value = value,
		.value_len = value_len,
		.mod_revision = rev.main,
		.lease = lease};

	assert(key_len > 0);
	ki = index_upsert(&s->index, key, key_len);
	if (!key_index_live(ki, &kv.create_revision, &kv.version)) {
		kv.create_revision = rev.main;
		kv.version = 0;
	}
	kv.version++;
	key_index_put(ki, rev);
	kv_encode(&kv, backend_reserve(s->b, BACKEND_KEY, bytes, revision_encode(rev, false, bytes),
			       kv_encoded_size(&kv)));
	return rev.main;
}

static void delete_key(struct kvstore_write *tw, struct key_index *ki)
{
	struct kvstore *s = tw->read.s;
	struct revision rev = next_revision(tw);
	unsigned char bytes[REVISION_MARKED_BYTES];
	struct mvcc_kv kv = {.key = ki->key, .key_len = ki->key_len};

	key_index_tombstone(ki, rev);
	kv_encode(&kv, backend_reserve(s->b, BACKEND_KEY, bytes, revision_encode(rev, true, bytes),
			       kv_encoded_size(&kv)));
}

int64_t kvstore_delete_range(
	struct kvstore_write *tw, const void *key, size_t key_len, const void *end, size_t end_len)
{
	int64_t created, version, deleted = 0;
	struct key_index *ki;
	struct range_iter ri;

	/* A deletion changes histories, not the tree: the walk stays valid. */
	range_begin(&ri, tw->read.s, key, key_len, end, end_len);
	while ((ki = range_next(&ri))) {
		if (!key_index_live(ki, &created, &version))
			continue;
		delete_key(tw, ki);
		deleted++;
	}
	return deleted;
}

int64_t kvstore_write_rev(const struct kvstore_write *tw)
{
	return tw->read.rev;
}

void kvstore_write_end(struct kvstore_write *tw)
{
	kvstore_read_end(&tw->read);
	tw->read.s->rev = tw->read.rev;
}
