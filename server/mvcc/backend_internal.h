/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_MVCC_BACKEND_INTERNAL_H
#define SERVER_MVCC_BACKEND_INTERNAL_H

/* What backend.c (writing), backend_read.c (reading) share. */

#include <lmdb.h>
#include <pthread.h>

#include "server/mvcc/backend.h"
#include "server/mvcc/batch.h"

/* A reader's hold on one state of the database: an LMDB read transaction, and
 * the batches that it does not include yet. Kept for reuse in b->idle. */
struct backend_snapshot {
	MDB_txn *txn;
	struct batch *current;
	struct batch *flushing;
	struct backend_snapshot *next;
};

struct backend {
	char *path;
	MDB_env *env;
	MDB_dbi dbi[BACKEND_N_BUCKETS];
	pthread_t thread;

	/* The owner's. */
	struct batch *current;
	void (*on_commit)(void *arg);
	void *on_commit_arg;

	pthread_mutex_t lock; /* for all below */
	pthread_cond_t work;  /* flushing or stop was set */
	pthread_cond_t done;  /* an attempt to commit has ended */
	/* The batch being committed. It is dropped only after the commit, so a
	 * reader that takes it and then begins an LMDB transaction, both under
	 * the lock, sees its writes in one of them. Read atomically elsewhere. */
	struct batch *flushing;
	bool stop;
	uint64_t attempts;
	uint64_t commits;
	int error; /* of the last attempt; LMDB's or errno's */
	struct backend_snapshot *idle;

	/* Held shared by whoever looks at the mapped file, and exclusively to
	 * enlarge the mapping. */
	pthread_rwlock_t map_lock;
};

/* backend_die logs that the database cannot be read, and ends the process: there
 * is no answer that would not be a lie. */
_Noreturn void backend_die(const struct backend *b, const char *what, int rc);

/* backend_wait_committed hands the current batch over and waits for it.
 * Returns: false if the attempt failed. */
bool backend_wait_committed(struct backend *b);

/* backend_snapshot_take takes a snapshot; backend_snapshot_release gives it
 * back. */
struct backend_snapshot *backend_snapshot_take(struct backend *b);
void backend_snapshot_release(struct backend *b, struct backend_snapshot *snap);

/* backend_snapshots_free frees the idle ones. */
void backend_snapshots_free(struct backend *b);

#endif
