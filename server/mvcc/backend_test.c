/* SPDX-License-Identifier: Apache-2.0 */
/* etcd's backend_test.go, batch_tx_test.go in meaning, and what the overlay,
 * kill -9 and a full disk add. */
#include "server/mvcc/backend.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "raft/rafttest/runner.h"
#include "server/testdir.h"

struct env {
	char *root;
	char *path;
	struct backend *b;
};

static void env_open(struct env *e, size_t map_size)
{
	char *error;

	if (!backend_open(e->path, map_size, &e->b, &error))
		FAIL("%s", error);
}

static struct env env_make(size_t map_size)
{
	struct env e = {.root = testdir_make()};

	e.path = xasprintf("%s/db", e.root);
	env_open(&e, map_size);
	return e;
}

static void env_reopen(struct env *e)
{
	EXPECT(backend_close(e->b));
	env_open(e, 0);
}

static void env_free(struct env *e)
{
	EXPECT(backend_close(e->b));
	testdir_remove(e->root);
	free(e->path);
}

static void put(struct backend *b, const char *key, const char *value)
{
	backend_put(b, BACKEND_META, key, strlen(key), value, strlen(value));
}

/* NULL wants: not there. */
static void expect_value(struct backend *b, const char *key, const char *want)
{
	size_t len;
	void *v;

	if (!backend_get(b, BACKEND_META, key, strlen(key), &v, &len)) {
		EXPECT_STR_EQ(want, NULL);
		return;
	}
	EXPECT_STR_EQ(want, v);
	EXPECT_EQ(strlen(want), len);
	free(v);
}

TEST(backend_put_get_delete)
{
	struct env e = env_make(0);

	expect_value(e.b, "a", NULL);
	EXPECT_EQ(-1, backend_commit_due(e.b, util_mono_ns()));
	for (int where = 0; where < 3; where++) { /* pending, committed, reopened */
		put(e.b, "a", "1");
		put(e.b, "b", "");
		put(e.b, "a", "2");
		put(e.b, "c", "3");
		backend_delete(e.b, BACKEND_META, "c", 1);
		backend_delete(e.b, BACKEND_META, "never", 5);
		if (where == 1)
			EXPECT(backend_sync(e.b));
		if (where == 2)
			env_reopen(&e);
		expect_value(e.b, "a", "2");
		expect_value(e.b, "b", "");
		expect_value(e.b, "c", NULL);
		backend_delete(e.b, BACKEND_META, "a", 1);
		expect_value(e.b, "a", NULL);
	}
	/* buckets are apart */
	backend_put(e.b, BACKEND_MEMBERS, "a", 1, "m", 1);
	expect_value(e.b, "a", NULL);
	env_free(&e);
}

TEST(backend_commit_due)
{
	struct env e = env_make(0);
	uint64_t now = util_mono_ns();
	char key[16];

	put(e.b, "a", "1");
	EXPECT_EQ(1, backend_pending(e.b));
	EXPECT(backend_commit_due(e.b, now) > 90);
	EXPECT_EQ(0, backend_commit_due(e.b, now + 200 * 1000000ull));
	for (int i = 0; i < BACKEND_BATCH_LIMIT; i++) {
		snprintf(key, sizeof(key), "%d", i);
		put(e.b, key, "x");
	}
	EXPECT_EQ(0, backend_commit_due(e.b, now));
	EXPECT(backend_commit(e.b));
	EXPECT_EQ(0, backend_pending(e.b));
	expect_value(e.b, "9999", "x");
	EXPECT(backend_sync(e.b));
	EXPECT(backend_commits(e.b) >= 1);
	EXPECT(backend_size(e.b) >= backend_size_in_use(e.b));
	EXPECT(backend_size_in_use(e.b) > 100000);
	env_free(&e);
}

static bool collect(void *arg, struct backend_value key, struct backend_value value)
{
	struct xbuf *sb = arg;

	xbuf_append(sb, key.data, key.len);
	xbuf_append(sb, value.data, value.len);
	return sb->len < 8;
}

TEST(backend_for_each)
{
	struct env e = env_make(0);
	struct backend_read r = {.b = e.b};
	struct xbuf sb = {0};

	put(e.b, "c", "3");
	put(e.b, "a", "1");
	EXPECT(backend_sync(e.b));
	put(e.b, "b", "2"); /* pending ones are seen, too */
	put(e.b, "d", "4");
	put(e.b, "e", "5");
	EXPECT(backend_for_each(&r, BACKEND_META, NULL, 0, collect, &sb));
	EXPECT_STR_EQ("a1b2c3d4", sb.data);
	backend_read_end(&r);
	xbuf_clear(&sb);
	EXPECT(backend_for_each(&r, BACKEND_META, "bb", 2, collect, &sb));
	EXPECT_STR_EQ("c3d4e5", sb.data);
	backend_read_end(&r);
	xbuf_clear(&sb);
	EXPECT(backend_for_each(&r, BACKEND_CLUSTER, NULL, 0, collect, &sb));
	EXPECT_EQ(0, sb.len);
	backend_read_end(&r);
	xbuf_free(&sb);
	env_free(&e);
}

/* What a read was given stays what it is until the read ends. */
TEST(backend_values_stay)
{
	struct env e = env_make(0);
	struct backend_value old[3];
	struct backend_read r = {.b = e.b};
	char key[32];

	put(e.b, "stored", "stored-value");
	EXPECT(backend_sync(e.b));
	put(e.b, "flushing", "flushing-value");
	EXPECT(backend_commit(e.b));
	put(e.b, "pending", "pending-value");
	EXPECT(backend_read_get(&r, BACKEND_META, "stored", 6, &old[0]));
	EXPECT(backend_read_get(&r, BACKEND_META, "flushing", 8, &old[1]));
	EXPECT(backend_read_get(&r, BACKEND_META, "pending", 7, &old[2]));
	for (int round = 0; round < 5; round++) {
		put(e.b, "stored", "x");
		put(e.b, "flushing", "y");
		backend_delete(e.b, BACKEND_META, "pending", 7);
		for (int i = 0; i < 2000; i++) {
			snprintf(key, sizeof(key), "filler-%d", i);
			put(e.b, key, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
		}
		EXPECT(backend_sync(e.b));
	}
	EXPECT_MEM_EQ("stored-value", old[0].data, old[0].len);
	EXPECT_MEM_EQ("flushing-value", old[1].data, old[1].len);
	EXPECT_MEM_EQ("pending-value", old[2].data, old[2].len);
	backend_read_end(&r);
	expect_value(e.b, "stored", "x");
	expect_value(e.b, "pending", NULL);
	env_free(&e);
}

/* Random puts, deletes, commits and reopenings against an array. */
TEST_TIMEOUT(backend_random_against_model, 60)
{
	struct env e = env_make(0);
	char model[500][16] = {{0}}, key[16];
	unsigned r = 1;

	for (int i = 0; i < 20000; i++) {
		int k;

		r = r * 1103515245 + 12345;
		k = (int)(r >> 8) % 500;
		snprintf(key, sizeof(key), "k%d", k);
		if ((r >> 20) % 4 == 0) {
			backend_delete(e.b, BACKEND_META, key, strlen(key));
			model[k][0] = 0;
		} else {
			snprintf(model[k], sizeof(model[k]), "v%d", i);
			put(e.b, key, model[k]);
		}
		if (r >> 17 & 1)
			k = (k * 7 + 3) % 500;
		snprintf(key, sizeof(key), "k%d", k);
		expect_value(e.b, key, model[k][0] ? model[k] : NULL);
		if (i % 97 == 0)
			backend_commit(e.b);
		if (i % 4001 == 0)
			env_reopen(&e);
	}
	env_free(&e);
}

/* TestBackendWriteback in meaning: what comes with each batch. */
static void stamp(void *arg)
{
	struct backend *b = arg;

	put(b, "stamp", "here");
}

TEST(backend_on_commit)
{
	struct env e = env_make(0);

	backend_on_commit(e.b, stamp, e.b);
	EXPECT(backend_sync(e.b)); /* nothing pending: no batch */
	expect_value(e.b, "stamp", NULL);
	put(e.b, "a", "1");
	EXPECT(backend_sync(e.b));
	backend_on_commit(e.b, NULL, NULL);
	env_reopen(&e);
	expect_value(e.b, "stamp", "here");
	env_free(&e);
}

/* The mapping grows, and values of the largest request fit. */
TEST_TIMEOUT(backend_grows, 60)
{
	struct env e = env_make(1 << 20);
	size_t len = 3 << 19;
	char *big = xmalloc(len), key[16];
	void *v;
	size_t got;

	for (int i = 0; i < 30; i++) {
		memset(big, 'a' + i, len);
		snprintf(key, sizeof(key), "big%d", i);
		backend_put(e.b, BACKEND_META, key, strlen(key), big, len);
		if (i % 7 == 0)
			EXPECT(backend_sync(e.b));
	}
	env_reopen(&e);
	for (int i = 0; i < 30; i++) {
		snprintf(key, sizeof(key), "big%d", i);
		EXPECT(backend_get(e.b, BACKEND_META, key, strlen(key), &v, &got));
		EXPECT_EQ(len, got);
		EXPECT_EQ('a' + i, ((char *)v)[len - 1]);
		free(v);
	}
	free(big);
	env_free(&e);
}

TEST(backend_not_a_database)
{
	char *root = testdir_make(), *path = xasprintf("%s/db", root), *error;
	struct backend *b;

	testdir_write(path, "this is not a database at all; it is too short as well", 54);
	EXPECT(!backend_open(path, 0, &b, &error));
	EXPECT(b == NULL && strstr(error, path) != NULL);
	free(error);
	free(path);
	path = xasprintf("%s/no/such/dir/db", root);
	EXPECT(!backend_open(path, 0, &b, &error));
	free(error);
	free(path);
	testdir_remove(root);
}

/* Opens the database and reads all of it, in a process of its own.
 * Returns: its exit status; -1 if a signal ended it. */
static int status_of_reading(const char *path, int keys)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		struct backend *b;
		char *error, key[16];
		void *v;
		size_t len;
		bool all = true;

		if (!backend_open(path, 0, &b, &error))
			_exit(1);
		for (int i = 0; i < keys; i++) {
			snprintf(key, sizeof(key), "k%d", i);
			all = backend_get(b, BACKEND_META, key, strlen(key), &v, &len) && all;
		}
		_exit(all ? 0 : 2);
	}
	EXPECT(child > 0);
	EXPECT_EQ(child, waitpid(child, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A file that was cut short is refused with a line in the log, not with SIGBUS. */
TEST_TIMEOUT(backend_cut_short, 60)
{
	enum { KEYS = 400, PAGE = 4096 };
	struct env e = env_make(0);
	char key[16], value[101] = "";
	int status;
	struct stat st;

	memset(value, 'x', 100);
	for (int i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		put(e.b, key, value);
	}
	EXPECT(backend_close(e.b));
	EXPECT_EQ(0, status_of_reading(e.path, KEYS));
	EXPECT_EQ(0, stat(e.path, &st));
	EXPECT(st.st_size > 5 * PAGE);
	for (off_t size = st.st_size - PAGE; size > 0; size -= PAGE) {
		EXPECT_EQ(0, truncate(e.path, size));
		status = status_of_reading(e.path, KEYS);
		EXPECT(status >= 0);
	}
	EXPECT_EQ(1, status);
	testdir_remove(e.root);
	free(e.path);
}

/* A disk that is full, and then is not any more: nothing is lost. */
TEST_TIMEOUT(backend_full_disk, 30)
{
	struct env e = env_make(0);
	struct rlimit limit, small;
	char text[256], *big = xcalloc(1, 1 << 20);

	put(e.b, "before", "1");
	EXPECT(backend_sync(e.b));
	EXPECT(!backend_failing(e.b, text, sizeof(text)));

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = 256 << 10;
	EXPECT_EQ(0, setrlimit(RLIMIT_FSIZE, &small));
	put(e.b, "during", "2");
	backend_put(e.b, BACKEND_META, "big", 3, big, 1 << 20);
	EXPECT(!backend_sync(e.b));
	EXPECT(backend_failing(e.b, text, sizeof(text)));
	EXPECT(strstr(text, e.path) != NULL);
	put(e.b, "later", "3");
	EXPECT(!backend_commit(e.b));
	EXPECT(backend_commit_due(e.b, util_mono_ns()) > 0); /* no busy loop */
	expect_value(e.b, "before", "1");
	expect_value(e.b, "during", "2");
	expect_value(e.b, "later", "3");

	EXPECT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
	EXPECT(backend_sync(e.b));
	EXPECT(!backend_failing(e.b, text, sizeof(text)));
	env_reopen(&e);
	expect_value(e.b, "during", "2");
	expect_value(e.b, "later", "3");
	free(big);
	env_free(&e);
}

/* Writes pairs and, with each, how many there are, until it is killed. */
static _Noreturn void write_until_killed(const char *path)
{
	struct backend *b;
	unsigned char key[8];
	char *error;

	if (!backend_open(path, 0, &b, &error))
		_exit(1);
	for (uint64_t n = 1;; n++) {
		for (int i = 0; i < 8; i++)
			key[i] = (unsigned char)(n >> (56 - 8 * i));
		backend_put(b, BACKEND_KEY, key, 8, key, 8);
		backend_put(b, BACKEND_META, "n", 1, &n, sizeof(n));
		if (n % 100 == 0)
			backend_commit(b);
	}
}

static bool count(void *arg, struct backend_value key, struct backend_value value)
{
	EXPECT_EQ(8, key.len);
	EXPECT_MEM_EQ(key.data, value.data, 8);
	++*(uint64_t *)arg;
	return true;
}

/* A batch is there as a whole or not at all. */
TEST_TIMEOUT(backend_kill_9, 120)
{
	char *root = testdir_make();

	for (int round = 0; round < 10; round++) {
		struct env e = {.path = xasprintf("%s/db%d", root, round)};
		struct backend_read r = {0};
		uint64_t n = 0, stored = 0;
		pid_t pid = fork();
		size_t len;
		void *v;

		if (pid == 0)
			write_until_killed(e.path);
		usleep(20000 + 7919u * (unsigned)round);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		env_open(&e, 0);
		r.b = e.b;
		EXPECT(backend_for_each(&r, BACKEND_KEY, NULL, 0, count, &n));
		backend_read_end(&r);
		if (backend_get(e.b, BACKEND_META, "n", 1, &v, &len)) {
			memcpy(&stored, v, sizeof(stored));
			free(v);
		}
		EXPECT_EQ(stored, n);
		EXPECT(backend_close(e.b));
		free(e.path);
	}
	testdir_remove(root);
}

/* Readers in threads beside an owner that writes and commits. */
struct shared {
	struct backend *b;
	pthread_rwlock_t lock;
	bool stop;
};

static void *read_pairs(void *arg)
{
	struct shared *sh = arg;
	bool stop = false;

	while (!stop) {
		struct backend_read r = {.b = sh->b};
		struct backend_value a, b;

		pthread_rwlock_rdlock(&sh->lock);
		EXPECT(backend_read_get(&r, BACKEND_META, "a", 1, &a));
		EXPECT(backend_read_get(&r, BACKEND_META, "b", 1, &b));
		stop = sh->stop;
		pthread_rwlock_unlock(&sh->lock);
		/* taken under the lock, looked at outside */
		EXPECT_EQ(sizeof(int), a.len);
		EXPECT_MEM_EQ(a.data, b.data, a.len);
		backend_read_end(&r);
	}
	return NULL;
}

TEST_TIMEOUT(backend_readers_in_threads, 60)
{
	struct env e = env_make(0);
	struct shared sh = {.b = e.b};
	pthread_t threads[3];

	pthread_rwlock_init(&sh.lock, NULL);
	for (int i = 0; i < 20000; i++) {
		pthread_rwlock_wrlock(&sh.lock);
		backend_put(e.b, BACKEND_META, "a", 1, &i, sizeof(i));
		backend_put(e.b, BACKEND_META, "b", 1, &i, sizeof(i));
		if (i % 10 == 0)
			backend_commit(e.b);
		sh.stop = i == 19999;
		pthread_rwlock_unlock(&sh.lock);
		if (i == 0)
			for (int t = 0; t < 3; t++)
				pthread_create(&threads[t], NULL, read_pairs, &sh);
		if (i % 100 == 0) {
			EXPECT(backend_size(e.b) >= 4096);
			EXPECT(backend_size_in_use(e.b) >= 4096);
		}
	}
	for (int t = 0; t < 3; t++)
		pthread_join(threads[t], NULL);
	pthread_rwlock_destroy(&sh.lock);
	env_free(&e);
}
