/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_BACKEND_H
#define SERVER_MVCC_BACKEND_H

/*
 * The database under the store: named buckets of key -> value in one LMDB
 * file, written in batches.
 *
 *      put/delete          commit                    a thread of the backend
 *   ──────────────► current batch ──────► flushing batch ──────► LMDB file
 *                        ▲                     ▲                    ▲
 *                        └───────── get: the first that knows ──────┘
 *
 * The owner (the apply thread) never waits for the disk: writes go into the
 * current batch, in memory; backend_commit hands a whole batch to the
 * backend's thread, which writes it in one LMDB transaction while the next
 * batch fills. So a crash loses the last batches, never half of one: durable
 * is what the WAL holds, and the store keeps the index of the last applied
 * entry in the same batch as its effects, so that replay starts right there.
 *
 * The file survives power loss (data is synced before the page that points
 * to it is written; MDB_NOMETASYNC), but its last transaction may be undone
 * by one. Only backend_sync makes everything durable: call it before the WAL
 * may forget.
 *
 * Threads: functions marked [write] need the backend for themselves;
 * functions marked [read] may run in several threads at once, but not beside
 * a [write]. Who keeps to one thread needs no lock; who reads in others puts
 * a readers-writer lock around. A started read (backend_read) may go on
 * beside writers for what it has already got.
 *
 * If a commit fails (disk full), the batch stays in memory, still readable,
 * and is tried again every second; backend_failing tells.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The buckets, with etcd's names. */
#define BACKEND_BUCKETS(X)                                                                         \
	X(KEY, "key")                                                                              \
	X(META, "meta")                                                                            \
	X(MEMBERS, "members")                                                                      \
	X(MEMBERS_REMOVED, "members_removed")                                                      \
	X(CLUSTER, "cluster")

enum backend_bucket {
#define X(id, name) BACKEND_##id,
	BACKEND_BUCKETS(X)
#undef X
		BACKEND_N_BUCKETS
};

enum {
	/* A commit is due when the oldest write is this old, or when this many
	 * are pending; etcd's --backend-batch-interval and -limit. */
	BACKEND_BATCH_INTERVAL_MS = 100,
	BACKEND_BATCH_LIMIT = 10000,
	/* LMDB's limit. */
	BACKEND_MAX_KEY = 511,
};

struct backend;

/* backend_open opens or creates the database file at path (and path-lock
 * beside it) and starts the backend's thread. map_size is the address space
 * to begin with, 0 for the default of 16 GiB; nothing is allocated for it and
 * it grows by itself.
 *
 * Ownership:  backend_close(*b); on failure *error is a text for the log that
 *             the caller frees.
 * Returns:    true, or false and *error. */
bool backend_open(const char *path, size_t map_size, struct backend **b, char **error);

/* backend_close writes and syncs what is pending, stops the thread and frees
 * b. Returns: false if the last writes could not be made durable. [write] */
bool backend_close(struct backend *b);

/* backend_put sets key to value in bucket; both are copied.
 * Requires: 0 < key_len <= BACKEND_MAX_KEY. [write] */
void backend_put(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len,
	const void *value, size_t value_len);

/* backend_reserve is backend_put with a value that the caller fills in: it
 * returns where the value_len bytes go, to be written before the next call. */
void *backend_reserve(struct backend *b, enum backend_bucket bucket, const void *key,
	size_t key_len, size_t value_len);

/* backend_delete removes key from bucket; it need not be there. [write] */
void backend_delete(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len);

/* A value or key that backend hands out. */
struct backend_value {
	const void *data;
	size_t len;
};

/* One reader's view. Zero it before the first backend_read_get. */
struct backend_read {
	struct backend *b;
	struct backend_snapshot *snapshot;
};

/* backend_read_get finds the value of key. The first call takes a snapshot of
 * the database; the current batch is always looked into as it is now.
 *
 * Requires:   r->b is set; backend_read_end comes later in the same thread.
 * Ownership:  value->data stays valid until backend_read_end(r), whatever is
 *             written meanwhile, and must not be written to.
 * Returns:    false if there is none. [read] */
bool backend_read_get(struct backend_read *r, enum backend_bucket bucket, const void *key,
	size_t key_len, struct backend_value *value);

/* backend_read_end gives the view back; it can be used anew. Don't keep one
 * open for long: LMDB cannot reuse the pages that it might still see. */
void backend_read_end(struct backend_read *r);

/* backend_get copies a value out: for the few that are read once.
 * Ownership: the caller frees *value. Returns: false if there is none. [read] */
bool backend_get(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len,
	void **value, size_t *value_len);

/* backend_for_each calls fn for all pairs of bucket with from <= key, in the
 * order of keys, until fn returns false. What is pending is committed first
 * and waited for. from NULL starts at the beginning.
 *
 * Requires:   r->b is set and nothing was read through r yet; not inside a
 *             transaction of the store, half of which would be committed.
 * Ownership:  keys and values are valid until backend_read_end(r), which the
 *             caller calls in any case.
 * Returns:    false if pending writes could not be committed. [write] */
bool backend_for_each(struct backend_read *r, enum backend_bucket bucket, const void *from,
	size_t from_len,
	bool (*fn)(void *arg, struct backend_value key, struct backend_value value), void *arg);

/* backend_on_commit has fn called each time the current batch is about to be
 * handed over, whoever causes it, to put in what must be committed with it.
 * fn NULL ends that. */
void backend_on_commit(struct backend *b, void (*fn)(void *arg), void *arg);

/* backend_pending is the number of writes in the current batch. [read] */
size_t backend_pending(const struct backend *b);

/* backend_commit_due tells how many milliseconds remain until the current
 * batch should be committed: 0 if it should be now, -1 if it is empty.
 * now_ns is util_mono_ns(). [read] */
int backend_commit_due(const struct backend *b, uint64_t now_ns);

/* backend_commit hands the current batch to the backend's thread. If that is
 * still busy with the one before, the batch goes on growing and the call is
 * to be repeated; only when more than 64 MiB are pending does it wait.
 * Returns: true if nothing is left in the current batch. [write] */
bool backend_commit(struct backend *b);

/* backend_sync commits the current batch and waits until everything is
 * durable, power loss included. Returns: false if it failed; see
 * backend_failing. [write] */
bool backend_sync(struct backend *b);

/* backend_failing tells whether the last attempt to commit failed, and why.
 * Returns: true and the reason in text. Any thread. */
bool backend_failing(struct backend *b, char *text, size_t size);

/* backend_size is the size of the file in bytes, backend_size_in_use the part
 * that holds data. Any thread. */
uint64_t backend_size(struct backend *b);
uint64_t backend_size_in_use(struct backend *b);

/* backend_commits counts the LMDB transactions committed. Any thread. */
uint64_t backend_commits(struct backend *b);

#endif
