/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_KVSTORE_H
#define SERVER_MVCC_KVSTORE_H

/*
 * The store: every key with its history. An ordered index in memory (index.h)
 * knows the revisions of each key; the backend (backend.h) holds the pair of
 * each revision. As etcd's mvcc/kvstore.go, kvstore_txn.go.
 *
 * Every transaction that changes something makes one new main revision; the
 * changes in it count sub from 0. A fresh store is at revision 1.
 *
 * How the apply thread uses it, for each entry:
 *
 *     struct kvstore_write tw;
 *     kvstore_write_begin(s, &tw);
 *     kvstore_range(&tw.read, ...);  kvstore_put(&tw, ...);  ...
 *     ... build the reply while the values are valid ...
 *     kvstore_write_end(&tw);
 *     kvstore_set_consistent_index(s, entry index, entry term);
 *
 * and after each batch of entries, and whenever kvstore_due_ms has passed:
 *
 *     kvstore_tick(s, util_mono_ns());
 *
 * Threads: the store has no lock. Functions marked [write] need it for
 * themselves; those marked [read] may run in several threads at once, but not
 * beside a [write]. One thread for all is the simple way; for readers in other
 * threads put a readers-writer lock around.
 *
 * Ranges: as on the wire. An empty end means the one key; end "\0" (one zero
 * byte) means all keys >= key; else all with key <= k < end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/mvcc/backend.h"

enum mvcc_error {
	MVCC_OK,
	/* etcd's ErrCompacted: the revision asked for is compacted away. */
	MVCC_ERR_COMPACTED,
	/* etcd's ErrFutureRev: it does not exist yet. */
	MVCC_ERR_FUTURE_REV,
};

/* mvccpb.KeyValue. key and value belong to whoever made it; see there. */
struct mvcc_kv {
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
	int64_t create_revision;
	int64_t mod_revision;
	int64_t version;
	int64_t lease;
};

struct kvstore;

/* kvstore_open builds the store of backend b: creates it or restores the
 * index from the backend's pairs, and takes an unfinished compaction up
 * again.
 *
 * Ownership:  b stays the caller's and must outlive the store.
 *             *error is a text that the caller frees.
 * Returns:    true, or false and *error if the pairs make no sense.
 * Source:     etcd mvcc.NewStore, store.restore. */
bool kvstore_open(struct backend *b, struct kvstore **s, char **error);

/* kvstore_close hands the last writes to the backend and frees s. The backend
 * is to be closed next. [write] */
void kvstore_close(struct kvstore *s);

/* kvstore_rev is the revision of the last transaction; kvstore_compact_rev
 * that of the last compaction, -1 if there was none. [read] */
int64_t kvstore_rev(const struct kvstore *s);
int64_t kvstore_compact_rev(const struct kvstore *s);

/* kvstore_keys is the number of keys in the index: those that live and those
 * whose history is not compacted yet. [read] */
size_t kvstore_keys(const struct kvstore *s);

/* kvstore_set_consistent_index says that everything up to and including the
 * raft entry {index, term} is applied. It is written with the next batch, in
 * the same transaction as the effects of these entries. Call it between
 * transactions. [write] */
void kvstore_set_consistent_index(struct kvstore *s, uint64_t index, uint64_t term);

/* kvstore_consistent_index is the last index set, after kvstore_open that of
 * the backend, 0 if none; *term (may be NULL) its term. [read] */
uint64_t kvstore_consistent_index(const struct kvstore *s, uint64_t *term);

/* kvstore_due_ms tells in how many milliseconds kvstore_tick has something to
 * do: 0 now, -1 not before something is written. [read] */
int kvstore_due_ms(const struct kvstore *s, uint64_t now_ns);

/* kvstore_tick hands the pending writes to the backend if they are due, and
 * does a slice (about a millisecond) of a compaction under way. Cheap when
 * there is nothing to do. Call it between transactions. [write] */
void kvstore_tick(struct kvstore *s, uint64_t now_ns);

/* kvstore_sync makes everything applied so far durable, and waits for it.
 * Call it before a snapshot record is saved in the WAL.
 * Returns: false if the disk refuses; see backend_failing. [write] */
bool kvstore_sync(struct kvstore *s);

/* --- reading ------------------------------------------------------------ */

/* A read transaction: the store at one revision. */
struct kvstore_read {
	struct kvstore *s;
	struct backend_read backend;
	int64_t rev;
};

/* kvstore_read_begin starts a read at the current revision. It costs nothing;
 * kvstore_read_end must follow in the same thread. [read] */
void kvstore_read_begin(struct kvstore *s, struct kvstore_read *tr);

/* kvstore_read_end ends it: all values that kvstore_range gave for tr die. */
void kvstore_read_end(struct kvstore_read *tr);

struct kvstore_range_options {
	int64_t limit;   /* at most that many pairs; <= 0: all */
	int64_t rev;     /* the store as it was at rev; <= 0: now */
	bool count_only; /* no pairs */
};

struct kvstore_range_result {
	struct mvcc_kv *kvs; /* in the order of keys */
	size_t n;
	int64_t count;      /* keys in the range, whatever the limit */
	int64_t rev;        /* the store's revision, for the response header */
	struct mvcc_kv one; /* kvs points here if n == 1: don't copy the struct */
};

/* kvstore_range finds the pairs of [key, end) at a revision. Sorting and
 * filtering by the other fields is the caller's, as in etcd.
 *
 * Ownership:  kvstore_range_free(res) releases the array; the bytes of keys
 *             and values live until kvstore_read_end or kvstore_write_end and
 *             must not be written to.
 * Returns:    MVCC_OK; MVCC_ERR_FUTURE_REV if opts->rev is newer than the
 *             store; MVCC_ERR_COMPACTED if it is older than the last
 *             compaction. On error res is empty, with count -1 and rev set.
 * [read]      Source: etcd storeTxnRead.rangeKeys. */
enum mvcc_error kvstore_range(struct kvstore_read *tr, const void *key, size_t key_len,
	const void *end, size_t end_len, const struct kvstore_range_options *opts,
	struct kvstore_range_result *res);

void kvstore_range_free(struct kvstore_range_result *res);

/* --- writing ------------------------------------------------------------ */

/* A write transaction. What it changed is seen by its own reads (through
 * .read) at once, and by others when it ends; it cannot be undone, so check
 * before you write. */
struct kvstore_write {
	struct kvstore_read read;
	int64_t begin_rev;
	int64_t changes;
};

/* kvstore_write_begin starts one. Only one may be open, and nothing else of
 * the store may be used until kvstore_write_end. [write] */
void kvstore_write_begin(struct kvstore *s, struct kvstore_write *tw);

/* kvstore_put sets key to value; lease 0 is none.
 * Requires:   key_len > 0.
 * Ownership:  key and value are copied.
 * Returns:    the revision of the transaction. Source: storeTxnWrite.Put. */
int64_t kvstore_put(struct kvstore_write *tw, const void *key, size_t key_len, const void *value,
	size_t value_len, int64_t lease);

/* kvstore_delete_range deletes the keys of [key, end) that exist.
 * Returns: how many. Source: storeTxnWrite.DeleteRange. */
int64_t kvstore_delete_range(
	struct kvstore_write *tw, const void *key, size_t key_len, const void *end, size_t end_len);

/* kvstore_write_rev is the revision for the response header: that of the
 * transaction if it has changed something, else that of the store. */
int64_t kvstore_write_rev(const struct kvstore_write *tw);

/* kvstore_write_end ends the transaction. */
void kvstore_write_end(struct kvstore_write *tw);

/* --- compaction --------------------------------------------------------- */

/* kvstore_compact forgets what no read at rev or later can see. Reads before
 * rev are refused from now on; the room is given back bit by bit in
 * kvstore_tick, or at once by kvstore_compact_finish. Survives a crash.
 *
 * Returns:    MVCC_OK; MVCC_ERR_COMPACTED if rev is not newer than the last
 *             compaction; MVCC_ERR_FUTURE_REV.
 * [write]     Source: etcd store.Compact, scheduleCompaction. */
enum mvcc_error kvstore_compact(struct kvstore *s, int64_t rev);

/* kvstore_compacting tells whether a compaction is still under way. [read] */
bool kvstore_compacting(const struct kvstore *s);

/* kvstore_compact_finish does the rest of it now. [write] */
void kvstore_compact_finish(struct kvstore *s);

#endif
