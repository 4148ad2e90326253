/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "server/mvcc/backend.h"
#include "server/mvcc/backend_internal.h"
#include "server/util.h"

struct backend_snapshot *backend_snapshot_take(struct backend *b)
{
	struct backend_snapshot *snap;
	int rc;

	pthread_rwlock_rdlock(&b->map_lock);
	pthread_mutex_lock(&b->lock);
	snap = b->idle;
	if (snap)
		b->idle = snap->next;
	else
		snap = xcalloc(1, sizeof(*snap));
	/* First the batches, then the transaction: see struct backend. */
	snap->current = batch_ref(b->current);
	snap->flushing = b->flushing ? batch_ref(b->flushing) : NULL;
	rc = snap->txn ? mdb_txn_renew(snap->txn)
		       : mdb_txn_begin(b->env, NULL, MDB_RDONLY, &snap->txn);
	pthread_mutex_unlock(&b->lock);
	if (rc)
		backend_die(b, "cannot begin to read", rc);
	return snap;
}

void backend_snapshot_release(struct backend *b, struct backend_snapshot *snap)
{
	batch_unref(snap->current);
	batch_unref(snap->flushing);
	snap->current = snap->flushing = NULL;
	pthread_mutex_lock(&b->lock);
	mdb_txn_reset(snap->txn);
	snap->next = b->idle;
	b->idle = snap;
	pthread_mutex_unlock(&b->lock);
	pthread_rwlock_unlock(&b->map_lock);
}

void backend_snapshots_free(struct backend *b)
{
	struct backend_snapshot *snap;

	while ((snap = b->idle)) {
		b->idle = snap->next;
		mdb_txn_abort(snap->txn);
		free(snap);
	}
}

bool backend_read_get(struct backend_read *r, enum backend_bucket bucket, const void *key,
	size_t key_len, struct backend_value *value)
{
	MDB_val k = {key_len, (void *)(uintptr_t)key}, v;
	const struct batch_op *op;
	int rc;

	if (!r->snapshot)
		r->snapshot = backend_snapshot_take(r->b);
	op = batch_find(r->snapshot->current, bucket, key, key_len);
	if (!op)
		op = batch_find(r->snapshot->flushing, bucket, key, key_len);
	if (op) {
		*value = (struct backend_value){op->value, op->value_len};
		return op->value != NULL;
	}
	rc = mdb_get(r->snapshot->txn, r->b->dbi[bucket], &k, &v);
	if (rc == MDB_NOTFOUND)
		return false;
	if (rc)
		backend_die(r->b, "cannot read", rc);
	*value = (struct backend_value){v.mv_data, v.mv_size};
	return true;
}

void backend_read_end(struct backend_read *r)
{
	if (r->snapshot)
		backend_snapshot_release(r->b, r->snapshot);
	r->snapshot = NULL;
}

bool backend_get(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len,
	void **value, size_t *value_len)
{
	struct backend_read r = {.b = b};
	struct backend_value v;
	bool found = backend_read_get(&r, bucket, key, key_len, &v);

	if (found) {
		*value = xmemdup(v.data, v.len);
		*value_len = v.len;
	}
	backend_read_end(&r);
	return found;
}

bool backend_for_each(struct backend_read *r, enum backend_bucket bucket, const void *from,
	size_t from_len,
	bool (*fn)(void *arg, struct backend_value key, struct backend_value value), void *arg)
{
	MDB_val k = {from_len, (void *)(uintptr_t)from}, v;
	MDB_cursor *cursor;
	int rc;

	if (!backend_wait_committed(r->b))
		return false;
	r->snapshot = backend_snapshot_take(r->b);
	rc = mdb_cursor_open(r->snapshot->txn, r->b->dbi[bucket], &cursor);
	if (rc)
		backend_die(r->b, "cannot read", rc);
	rc = mdb_cursor_get(cursor, &k, &v, from ? MDB_SET_RANGE : MDB_FIRST);
	while (!rc) {
		if (!fn(arg, (struct backend_value){k.mv_data, k.mv_size},
			    (struct backend_value){v.mv_data, v.mv_size}))
			break;
		rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
	}
	if (rc && rc != MDB_NOTFOUND)
		backend_die(r->b, "cannot read", rc);
	mdb_cursor_close(cursor);
	return true;
}

/* The pages of the file that are in use: all up to the last one but those that
 * LMDB's own list of free pages, database 0, names. Each of its values begins
 * with a count. */
static uint64_t count_free_pages(struct backend *b, MDB_txn *txn)
{
	MDB_cursor *cursor;
	MDB_val k, v;
	uint64_t pages = 0;
	int rc = mdb_cursor_open(txn, 0, &cursor);

	if (rc)
		backend_die(b, "cannot read", rc);
	while (!(rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT))) {
		size_t count;

		memcpy(&count, v.mv_data, sizeof(count));
		pages += count;
	}
	mdb_cursor_close(cursor);
	return pages;
}

static uint64_t page_bytes(struct backend *b)
{
	MDB_stat stat;

	mdb_env_stat(b->env, &stat);
	return stat.ms_psize;
}

uint64_t backend_size(struct backend *b)
{
	MDB_envinfo info;

	mdb_env_info(b->env, &info);
	return (info.me_last_pgno + 1) * page_bytes(b);
}

uint64_t backend_size_in_use(struct backend *b)
{
	struct backend_snapshot *snap = backend_snapshot_take(b);
	uint64_t free_bytes = count_free_pages(b, snap->txn) * page_bytes(b);

	backend_snapshot_release(b, snap);
	return backend_size(b) - free_bytes;
}
