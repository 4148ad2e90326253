/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "server/log.h"
#include "server/mvcc/backend_internal.h"
#include "server/util.h"

enum {
	MAX_READERS = 1024,
	RETRY_SECONDS = 1,
	/* How soon to ask again while the thread is busy. */
	BUSY_MS = 5,
	FIRST_MAP_GIB = 16,
	/* How much may wait in memory before the owner has to. */
	MAX_PENDING_MIB = 64,
};

static const char *const bucket_names[] = {
#define X(id, name) name,
	BACKEND_BUCKETS(X)
#undef X
};

void backend_die(const struct backend *b, const char *what, int rc)
{
	log_fatal(
		"the database is damaged: restore this member from a snapshot or from a backup of "
		"its data directory",
		LOG_STR("path", b->path), LOG_STR("operation", what),
		LOG_STR("error", mdb_strerror(rc)));
}

/* --- the thread: batches into LMDB ---------------------------------------- */

static int apply_op(
	MDB_txn *txn, MDB_cursor *append, const struct backend *b, const struct batch_op *op)
{
	MDB_val key = {op->key_len, (void *)(uintptr_t)op->key};
	MDB_val value = {op->value_len, (void *)(uintptr_t)op->value};
	int rc;

	if (!op->value) {
		rc = mdb_del(txn, b->dbi[op->bucket], &key, NULL);
		return rc == MDB_NOTFOUND ? 0 : rc;
	}
	/* Revisions come in ascending order: appending fills pages to the
	 * brim, where inserting would leave them half empty. */
	if (op->bucket == BACKEND_KEY) {
		rc = mdb_cursor_put(append, &key, &value, MDB_APPEND);
		if (rc != MDB_KEYEXIST)
			return rc;
	}
	return mdb_put(txn, b->dbi[op->bucket], &key, &value, 0);
}

static int commit_batch(struct backend *b, const struct batch *batch)
{
	MDB_cursor *append;
	MDB_txn *txn;
	int rc = mdb_txn_begin(b->env, NULL, 0, &txn);

	if (rc)
		return rc;
	rc = mdb_cursor_open(txn, b->dbi[BACKEND_KEY], &append);
	for (size_t i = 0; !rc && i < batch->n; i++)
		rc = apply_op(txn, append, b, &batch->ops[i]);
	if (rc) {
		mdb_txn_abort(txn);
		return rc;
	}
	/* The line that makes it so: data, sync, then the page that points to
	 * it. With the transaction goes the cursor. */
	return mdb_txn_commit(txn);
}

/* Doubles the address space. LMDB asks that nobody is looking meanwhile. */
static int enlarge_map(struct backend *b)
{
	MDB_envinfo info;
	int rc;

	pthread_rwlock_wrlock(&b->map_lock);
	mdb_env_info(b->env, &info);
	rc = mdb_env_set_mapsize(b->env, 2 * info.me_mapsize);
	pthread_rwlock_unlock(&b->map_lock);
	return rc;
}

static int commit_batch_growing(struct backend *b, const struct batch *batch)
{
	int rc;

	while ((rc = commit_batch(b, batch)) == MDB_MAP_FULL) {
		rc = enlarge_map(b);
		if (rc)
			break;
	}
	return rc;
}

/* Waits for work, with the lock held; after a failure only for a while. */
static void wait_for_work(struct backend *b)
{
	struct timespec until;

	if (!b->error) {
		while (!b->stop && !b->flushing)
			pthread_cond_wait(&b->work, &b->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += RETRY_SECONDS;
	while (!b->stop && pthread_cond_timedwait(&b->work, &b->lock, &until) != ETIMEDOUT)
		;
}

static void *run(void *arg)
{
	struct backend *b = arg;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		struct batch *batch;
		int rc;

		wait_for_work(b);
		batch = b->flushing;
		if (batch) {
			pthread_mutex_unlock(&b->lock);
			rc = commit_batch_growing(b, batch);
			pthread_mutex_lock(&b->lock);
			b->error = rc;
			b->attempts++;
			if (rc == 0) {
				b->commits++;
				__atomic_store_n(&b->flushing, NULL, __ATOMIC_RELEASE);
				batch_unref(batch);
			}
			pthread_cond_broadcast(&b->done);
		}
		if (b->stop && (!b->flushing || b->error))
			break;
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

/* --- opening and closing -------------------------------------------------- */

static int open_buckets(struct backend *b)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(b->env, NULL, 0, &txn);

	if (rc)
		return rc;
	for (int i = 0; !rc && i < BACKEND_N_BUCKETS; i++)
		rc = mdb_dbi_open(txn, bucket_names[i], MDB_CREATE, &b->dbi[i]);
	if (!rc)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return rc;
}

/* Pages that were given back before they were ever written may be missing at
 * the end of the file. In a file that was cut short others are missing, too, and
 * to look at one means SIGBUS; zeros LMDB recognises as no page of its own. */
static int fill_up(struct backend *b)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct stat st;
	size_t pages;
	int fd, rc = mdb_env_get_fd(b->env, &fd);

	if (!rc)
		rc = mdb_env_info(b->env, &info);
	if (!rc)
		rc = mdb_env_stat(b->env, &stat);
	if (rc)
		return rc;
	pages = info.me_last_pgno + 1;
	if (pages > info.me_mapsize / stat.ms_psize)
		return MDB_CORRUPTED;
	if (fstat(fd, &st))
		return errno;
	if ((size_t)st.st_size < pages * stat.ms_psize &&
		ftruncate(fd, (off_t)(pages * stat.ms_psize)))
		return errno;
	return 0;
}

static int open_env(struct backend *b, size_t map_size)
{
	int rc = mdb_env_create(&b->env);

	if (rc)
		return rc;
	mdb_env_set_maxdbs(b->env, BACKEND_N_BUCKETS);
	mdb_env_set_maxreaders(b->env, MAX_READERS);
	mdb_env_set_mapsize(b->env, map_size ? map_size : (size_t)FIRST_MAP_GIB << 30);
	/* NOTLS: a read transaction belongs to its snapshot, not to a thread.
	 * NOMETASYNC: one sync per commit; see the header. */
	rc = mdb_env_open(b->env, b->path, MDB_NOSUBDIR | MDB_NOTLS | MDB_NOMETASYNC, 0600);
	if (!rc)
		rc = fill_up(b);
	if (!rc)
		rc = open_buckets(b);
	return rc;
}

static void init_locks(struct backend *b)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->work, &attr);
	pthread_cond_init(&b->done, NULL);
	pthread_rwlock_init(&b->map_lock, NULL);
	pthread_condattr_destroy(&attr);
}

bool backend_open(const char *path, size_t map_size, struct backend **out, char **error)
{
	struct backend *b = xcalloc(1, sizeof(*b));
	int rc;

	*out = NULL;
	b->path = xstrdup(path);
	rc = open_env(b, map_size);
	if (!rc) {
		init_locks(b);
		b->current = batch_new();
		rc = pthread_create(&b->thread, NULL, run, b);
	}
	if (rc) {
		*error = xasprintf("backend: cannot open %s: %s", path, mdb_strerror(rc));
		if (b->env)
			mdb_env_close(b->env);
		batch_unref(b->current);
		free(b->path);
		free(b);
		return false;
	}
	*out = b;
	return true;
}

bool backend_close(struct backend *b)
{
	bool ok = backend_sync(b);

	pthread_mutex_lock(&b->lock);
	b->stop = true;
	pthread_cond_signal(&b->work);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);

	backend_snapshots_free(b);
	mdb_env_close(b->env);
	batch_unref(b->current);
	batch_unref(b->flushing);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->work);
	pthread_cond_destroy(&b->done);
	pthread_rwlock_destroy(&b->map_lock);
	free(b->path);
	free(b);
	return ok;
}

/* --- the owner's side ------------------------------------------------------ */

void backend_put(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len,
	const void *value, size_t value_len)
{
	void *to = batch_put(b->current, bucket, key, key_len, value_len);

	if (value_len)
		memcpy(to, value, value_len);
}

void *backend_reserve(struct backend *b, enum backend_bucket bucket, const void *key,
	size_t key_len, size_t value_len)
{
	return batch_put(b->current, bucket, key, key_len, value_len);
}

void backend_delete(struct backend *b, enum backend_bucket bucket, const void *key, size_t key_len)
{
	batch_delete(b->current, bucket, key, key_len);
}

size_t backend_pending(const struct backend *b)
{
	return b->current->n;
}

int backend_commit_due(const struct backend *b, uint64_t now_ns)
{
	const struct batch *batch = b->current;
	uint64_t age_ms;
	int left;

	if (batch->n == 0)
		return -1;
	age_ms = now_ns > batch->first_ns ? (now_ns - batch->first_ns) / 1000000 : 0;
	if (batch->n >= BACKEND_BATCH_LIMIT || age_ms >= BACKEND_BATCH_INTERVAL_MS)
		left = 0;
	else
		left = BACKEND_BATCH_INTERVAL_MS - (int)age_ms;
	if (left < BUSY_MS && __atomic_load_n(&b->flushing, __ATOMIC_ACQUIRE) &&
		batch->bytes < (size_t)MAX_PENDING_MIB << 20)
		left = BUSY_MS;
	return left;
}

/* Waits, with the lock held, until the thread is idle or has failed once. */
static void wait_attempt(struct backend *b)
{
	uint64_t attempts = b->attempts;

	while (b->flushing && b->attempts == attempts)
		pthread_cond_wait(&b->done, &b->lock);
}

void backend_on_commit(struct backend *b, void (*fn)(void *arg), void *arg)
{
	b->on_commit = fn;
	b->on_commit_arg = arg;
}

static void hand_over(struct backend *b)
{
	if (b->on_commit)
		b->on_commit(b->on_commit_arg);
	__atomic_store_n(&b->flushing, b->current, __ATOMIC_RELEASE);
	b->current = batch_new();
	pthread_cond_signal(&b->work);
}

bool backend_commit(struct backend *b)
{
	bool clean = false;

	if (b->current->n == 0)
		return true;
	pthread_mutex_lock(&b->lock);
	if (b->current->bytes > (size_t)MAX_PENDING_MIB << 20)
		wait_attempt(b);
	if (!b->flushing) {
		hand_over(b);
		clean = true;
	}
	pthread_mutex_unlock(&b->lock);
	return clean;
}

bool backend_wait_committed(struct backend *b)
{
	bool ok;

	pthread_mutex_lock(&b->lock);
	wait_attempt(b);
	if (!b->flushing && b->current->n) {
		hand_over(b);
		wait_attempt(b);
	}
	ok = !b->flushing;
	pthread_mutex_unlock(&b->lock);
	return ok;
}

bool backend_sync(struct backend *b)
{
	int rc;

	if (!backend_wait_committed(b))
		return false;
	rc = mdb_env_sync(b->env, 1);
	if (rc) {
		pthread_mutex_lock(&b->lock);
		b->error = rc;
		pthread_mutex_unlock(&b->lock);
	}
	return rc == 0;
}

bool backend_failing(struct backend *b, char *text, size_t size)
{
	int rc;

	pthread_mutex_lock(&b->lock);
	rc = b->error;
	pthread_mutex_unlock(&b->lock);
	if (rc)
		snprintf(text, size, "backend: cannot commit to %s: %s", b->path, mdb_strerror(rc));
	return rc != 0;
}

uint64_t backend_commits(struct backend *b)
{
	uint64_t commits;

	pthread_mutex_lock(&b->lock);
	commits = b->commits;
	pthread_mutex_unlock(&b->lock);
	return commits;
}
