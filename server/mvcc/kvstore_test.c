/* SPDX-License-Identifier: Apache-2.0 */
/* etcd's kv_test.go and kvstore_test.go in meaning. */
#include "server/mvcc/kvstore.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/mvcc/kv_codec.h"
#include "server/mvcc/kvstore_internal.h"
#include "server/testdir.h"

struct env {
	char *root;
	char *path;
	struct backend *b;
	struct kvstore *s;
};

static void env_open(struct env *e)
{
	char *error;

	if (!backend_open(e->path, 0, &e->b, &error) || !kvstore_open(e->b, &e->s, &error))
		FAIL("%s", error);
}

static struct env env_make(void)
{
	struct env e = {.root = testdir_make()};

	e.path = xasprintf("%s/db", e.root);
	env_open(&e);
	return e;
}

static void env_close(struct env *e)
{
	kvstore_close(e->s);
	EXPECT(backend_close(e->b));
}

static void env_reopen(struct env *e)
{
	env_close(e);
	env_open(e);
}

static void env_free(struct env *e)
{
	env_close(e);
	testdir_remove(e->root);
	free(e->path);
}

static int64_t put(struct env *e, const char *key, const char *value, int64_t lease)
{
	struct kvstore_write tw;
	int64_t rev;

	kvstore_write_begin(e->s, &tw);
	rev = kvstore_put(&tw, key, strlen(key), value, strlen(value), lease);
	EXPECT_EQ(rev, kvstore_write_rev(&tw));
	kvstore_write_end(&tw);
	EXPECT_EQ(rev, kvstore_rev(e->s));
	return rev;
}

/* The end of a range: text, "" for the single key, "\\0" for to the end. */
static size_t end_len(const char *end)
{
	return strcmp(end, "\\0") == 0 ? 1 : strlen(end);
}

static const char *end_bytes(const char *end)
{
	return strcmp(end, "\\0") == 0 ? "" : end;
}

static int64_t delete_range(struct env *e, const char *key, const char *end)
{
	struct kvstore_write tw;
	int64_t n;

	kvstore_write_begin(e->s, &tw);
	n = kvstore_delete_range(&tw, key, strlen(key), end_bytes(end), end_len(end));
	kvstore_write_end(&tw);
	return n;
}

static void print(struct xbuf *sb, const struct kvstore_range_result *res)
{
	for (size_t i = 0; i < res->n; i++) {
		const struct mvcc_kv *kv = &res->kvs[i];

		xbuf_printf(sb, "%.*s=%.*s/%lld,%lld,%lld,%lld ", (int)kv->key_len,
			(const char *)kv->key, (int)kv->value_len, (const char *)kv->value,
			(long long)kv->create_revision, (long long)kv->mod_revision,
			(long long)kv->version, (long long)kv->lease);
	}
	xbuf_printf(sb, "count %lld rev %lld", (long long)res->count, (long long)res->rev);
}

/* A range as text: "key=value/create,mod,version,lease ... count N rev R", or
 * the name of the error. */
static char *range_in(
	struct kvstore_read *tr, const char *key, const char *end, int64_t rev, int64_t limit)
{
	struct kvstore_range_options opts = {.rev = rev, .limit = limit};
	struct kvstore_range_result res;
	struct xbuf sb = {0};

	switch (kvstore_range(tr, key, strlen(key), end_bytes(end), end_len(end), &opts, &res)) {
	case MVCC_OK:
		print(&sb, &res);
		break;
	case MVCC_ERR_COMPACTED:
		xbuf_puts(&sb, "compacted");
		break;
	case MVCC_ERR_FUTURE_REV:
		xbuf_puts(&sb, "future");
		break;
	}
	kvstore_range_free(&res);
	return xbuf_detach(&sb, NULL);
}

static void expect_range(struct env *e, const char *key, const char *end, int64_t rev,
	int64_t limit, const char *want)
{
	struct kvstore_read tr;
	char *got;

	kvstore_read_begin(e->s, &tr);
	got = range_in(&tr, key, end, rev, limit);
	kvstore_read_end(&tr);
	EXPECT_STR_EQ(want, got);
	free(got);
}

static int64_t pairs_in_backend(struct env *e);

/* TestKVRange: foo, foo1, foo2. */
TEST(kvstore_range)
{
	struct env e = env_make();

	EXPECT_EQ(1, kvstore_rev(e.s));
	EXPECT_EQ(-1, kvstore_compact_rev(e.s));
	expect_range(&e, "foo", "", 0, 0, "count 0 rev 1");
	EXPECT_EQ(2, put(&e, "foo", "bar", 1));
	EXPECT_EQ(3, put(&e, "foo1", "bar1", 2));
	EXPECT_EQ(4, put(&e, "foo2", "bar2", 3));
	for (int i = 0; i < 2; i++) {
		expect_range(&e, "foo", "", 0, 0, "foo=bar/2,2,1,1 count 1 rev 4");
		expect_range(&e, "foo", "foo3", 0, 0,
			"foo=bar/2,2,1,1 foo1=bar1/3,3,1,2 foo2=bar2/4,4,1,3 count 3 rev 4");
		expect_range(&e, "foo", "foo1", 0, 0, "foo=bar/2,2,1,1 count 1 rev 4");
		expect_range(&e, "foo1", "foo3", 0, 0,
			"foo1=bar1/3,3,1,2 foo2=bar2/4,4,1,3 count 2 rev 4");
		expect_range(&e, "foo1", "\\0", 0, 0,
			"foo1=bar1/3,3,1,2 foo2=bar2/4,4,1,3 count 2 rev 4");
		expect_range(&e, "foo3", "foo", 0, 0, "count 0 rev 4");
		expect_range(&e, "doo", "", 0, 0, "count 0 rev 4");
		expect_range(&e, "doo", "foo", 0, 0, "count 0 rev 4");
		expect_range(&e, "foo10", "foo2", 0, 0, "count 0 rev 4");
		env_reopen(&e);
	}
	env_free(&e);
}

/* TestKVRangeRev, TestKVRangeBadRev, TestKVRangeLimit. */
TEST(kvstore_range_rev_and_limit)
{
	struct env e = env_make();
	struct kvstore_range_options opts = {.count_only = true};
	struct kvstore_range_result res;
	struct kvstore_read tr;

	put(&e, "foo", "bar", 1);
	put(&e, "foo1", "bar1", 2);
	put(&e, "foo2", "bar2", 3);
	expect_range(&e, "foo", "foo3", -1, 0,
		"foo=bar/2,2,1,1 foo1=bar1/3,3,1,2 foo2=bar2/4,4,1,3 count 3 rev 4");
	expect_range(&e, "foo", "foo3", 1, 0, "count 0 rev 4");
	expect_range(&e, "foo", "foo3", 2, 0, "foo=bar/2,2,1,1 count 1 rev 4");
	expect_range(&e, "foo", "foo3", 3, 0, "foo=bar/2,2,1,1 foo1=bar1/3,3,1,2 count 2 rev 4");
	expect_range(&e, "foo", "foo3", 5, 0, "future");
	expect_range(&e, "foo", "foo3", 100, 0, "future");
	expect_range(&e, "foo", "foo3", 0, 1, "foo=bar/2,2,1,1 count 3 rev 4");
	expect_range(&e, "foo", "foo3", 0, 2, "foo=bar/2,2,1,1 foo1=bar1/3,3,1,2 count 3 rev 4");
	expect_range(&e, "foo", "foo3", 3, 1, "foo=bar/2,2,1,1 count 2 rev 4");
	expect_range(&e, "foo", "foo3", 0, 100,
		"foo=bar/2,2,1,1 foo1=bar1/3,3,1,2 foo2=bar2/4,4,1,3 count 3 rev 4");
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 4));
	expect_range(&e, "foo", "foo3", 3, 0, "compacted");
	expect_range(&e, "foo", "", 4, 0, "foo=bar/2,2,1,1 count 1 rev 4");
	kvstore_read_begin(e.s, &tr);
	EXPECT_EQ(MVCC_OK, kvstore_range(&tr, "f", 1, "g", 1, &opts, &res));
	EXPECT_EQ(3, res.count);
	EXPECT_EQ(0, res.n);
	kvstore_range_free(&res);
	kvstore_read_end(&tr);
	env_free(&e);
}

/* TestKVPutMultipleTimes. */
TEST(kvstore_put_multiple_times)
{
	struct env e = env_make();
	char want[64];

	for (int i = 0; i < 10; i++) {
		EXPECT_EQ(i + 2, put(&e, "foo", "bar", i));
		snprintf(want, sizeof(want), "foo=bar/2,%d,%d,%d count 1 rev %d", i + 2, i + 1, i,
			i + 2);
		expect_range(&e, "foo", "", 0, 0, want);
		if (i == 4)
			env_reopen(&e);
	}
	expect_range(&e, "foo", "", 4, 0, "foo=bar/2,4,3,2 count 1 rev 11");
	env_free(&e);
}

/* TestKVDeleteRange, TestKVDeleteMultipleTimes. */
TEST(kvstore_delete_range)
{
	static const struct {
		const char *key, *end;
		int64_t n, rev;
	} cases[] = {
		{"foo", "", 1, 5},
		{"foo", "foo1", 1, 5},
		{"foo", "foo2", 2, 5},
		{"foo", "foo3", 3, 5},
		{"foo3", "foo8", 0, 4},
		{"foo3", "", 0, 4},
		{"fo", "\\0", 3, 5},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct env e = env_make();

		put(&e, "foo", "bar", 0);
		put(&e, "foo1", "bar1", 0);
		put(&e, "foo2", "bar2", 0);
		EXPECT_EQ(cases[i].n, delete_range(&e, cases[i].key, cases[i].end));
		EXPECT_EQ(cases[i].rev, kvstore_rev(e.s));
		EXPECT_EQ(0, delete_range(&e, cases[i].key, cases[i].end));
		EXPECT_EQ(cases[i].rev, kvstore_rev(e.s));
		env_reopen(&e);
		EXPECT_EQ(cases[i].rev, kvstore_rev(e.s));
		EXPECT_EQ(0, delete_range(&e, cases[i].key, cases[i].end));
		env_free(&e);
	}
}

/* TestKVOperationInSequence: a key's lives. */
TEST(kvstore_put_delete_in_sequence)
{
	struct env e = env_make();
	char want[64];

	for (int i = 0; i < 10; i++) {
		int base = i * 2 + 1;

		EXPECT_EQ(base + 1, put(&e, "foo", "bar", 0));
		snprintf(want, sizeof(want), "foo=bar/%d,%d,1,0 count 1 rev %d", base + 1, base + 1,
			base + 1);
		expect_range(&e, "foo", "", 0, 0, want);
		EXPECT_EQ(1, delete_range(&e, "foo", ""));
		EXPECT_EQ(base + 2, kvstore_rev(e.s));
		snprintf(want, sizeof(want), "count 0 rev %d", base + 2);
		expect_range(&e, "foo", "", 0, 0, want);
		snprintf(want, sizeof(want), "foo=bar/%d,%d,1,0 count 1 rev %d", base + 1, base + 1,
			base + 2);
		expect_range(&e, "foo", "", base + 1, 0, want);
		env_reopen(&e);
	}
	env_free(&e);
}

/* TestKVTxnOperationInSequence, TestKVTxnNonBlockRange: one main revision, own
 * writes seen inside, nothing seen that was not there. */
TEST(kvstore_txn)
{
	struct env e = env_make();
	struct kvstore_write tw;
	char *got;

	put(&e, "a", "old", 0);
	put(&e, "z", "old", 0);
	for (int i = 0; i < 2; i++) {
		kvstore_write_begin(e.s, &tw);
		EXPECT_EQ(3 + i, kvstore_write_rev(&tw));
		got = range_in(&tw.read, "a", "", 4 + i, 0);
		EXPECT_STR_EQ("future", got);
		free(got);
		EXPECT_EQ(4 + i, kvstore_put(&tw, "a", 1, "1", 1, 0));
		EXPECT_EQ(4 + i, kvstore_put(&tw, "b", 1, "2", 1, 0));
		EXPECT_EQ(4 + i, kvstore_put(&tw, "a", 1, "3", 1, 0));
		EXPECT_EQ(1, kvstore_delete_range(&tw, "z", 1, "", 1) + i);
		EXPECT_EQ(1, kvstore_delete_range(&tw, "b", 1, NULL, 0));
		EXPECT_EQ(0, kvstore_delete_range(&tw, "b", 1, NULL, 0));
		got = range_in(&tw.read, "a", "\\0", 0, 0);
		EXPECT_STR_EQ(i ? "a=3/2,5,5,0 count 1 rev 5" : "a=3/2,4,3,0 count 1 rev 4", got);
		free(got);
		kvstore_write_end(&tw);
		EXPECT_EQ(4 + i, kvstore_rev(e.s));
	}
	expect_range(&e, "a", "\\0", 3, 0, "a=old/2,2,1,0 z=old/3,3,1,0 count 2 rev 5");
	env_reopen(&e);
	EXPECT_EQ(5, kvstore_rev(e.s));
	expect_range(&e, "a", "\\0", 4, 0, "a=3/2,4,3,0 count 1 rev 5");
	expect_range(&e, "a", "\\0", 0, 0, "a=3/2,5,5,0 count 1 rev 5");
	/* an empty transaction is no revision */
	kvstore_write_begin(e.s, &tw);
	EXPECT_EQ(0, kvstore_delete_range(&tw, "nothing", 7, NULL, 0));
	kvstore_write_end(&tw);
	EXPECT_EQ(5, kvstore_rev(e.s));
	env_free(&e);
}

/* TestKVCompactReserveLastValue, TestKVCompactBad. */
TEST(kvstore_compact)
{
	struct env e = env_make();

	put(&e, "foo", "bar0", 1);
	put(&e, "foo", "bar1", 2);
	delete_range(&e, "foo", "");
	put(&e, "foo", "bar2", 3);
	EXPECT_EQ(MVCC_ERR_FUTURE_REV, kvstore_compact(e.s, 100));
	EXPECT_EQ(MVCC_ERR_FUTURE_REV, kvstore_compact(e.s, 6));

	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 2));
	kvstore_compact_finish(e.s);
	expect_range(&e, "foo", "", 2, 0, "foo=bar0/2,2,1,1 count 1 rev 5");
	EXPECT_EQ(4, pairs_in_backend(&e));
	EXPECT_EQ(MVCC_ERR_COMPACTED, kvstore_compact(e.s, 2));
	EXPECT_EQ(MVCC_ERR_COMPACTED, kvstore_compact(e.s, 0));
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 3));
	kvstore_compact_finish(e.s);
	expect_range(&e, "foo", "", 2, 0, "compacted");
	expect_range(&e, "foo", "", 3, 0, "foo=bar1/2,3,2,2 count 1 rev 5");
	EXPECT_EQ(3, pairs_in_backend(&e));
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 4));
	kvstore_compact_finish(e.s);
	expect_range(&e, "foo", "", 4, 0, "count 0 rev 5");
	EXPECT_EQ(1, pairs_in_backend(&e));
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 5));
	kvstore_compact_finish(e.s);
	expect_range(&e, "foo", "", 5, 0, "foo=bar2/5,5,1,3 count 1 rev 5");
	EXPECT_EQ(1, pairs_in_backend(&e));
	env_reopen(&e);
	EXPECT_EQ(5, kvstore_compact_rev(e.s));
	EXPECT_EQ(5, kvstore_rev(e.s));
	EXPECT(!kvstore_compacting(e.s));
	expect_range(&e, "foo", "", 5, 0, "foo=bar2/5,5,1,3 count 1 rev 5");
	expect_range(&e, "foo", "", 4, 0, "compacted");
	env_free(&e);
}

static bool count_pair(void *arg, struct backend_value key, struct backend_value value)
{
	(void)key;
	(void)value;
	++*(int64_t *)arg;
	return true;
}

static int64_t pairs_in_backend(struct env *e)
{
	struct backend_read r = {.b = e->b};
	int64_t n = 0;

	EXPECT(backend_for_each(&r, BACKEND_KEY, NULL, 0, count_pair, &n));
	backend_read_end(&r);
	return n;
}

/* Everything deleted and compacted: the revision stays, the keys are gone. */
TEST(kvstore_compact_all_away)
{
	struct env e = env_make();

	put(&e, "a", "1", 0);
	put(&e, "b", "2", 0);
	delete_range(&e, "a", "\\0");
	EXPECT_EQ(2, kvstore_keys(e.s));
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 4));
	kvstore_compact_finish(e.s);
	EXPECT_EQ(0, kvstore_keys(e.s));
	EXPECT_EQ(0, pairs_in_backend(&e));
	env_reopen(&e);
	EXPECT_EQ(4, kvstore_rev(e.s));
	EXPECT_EQ(5, put(&e, "a", "3", 0));
	expect_range(&e, "a", "\\0", 0, 0, "a=3/5,5,1,0 count 1 rev 5");
	env_free(&e);
}

/* TestRestoreContinueUnfinishedCompaction: stopped after more and more slices. */
TEST_TIMEOUT(kvstore_compact_resumed, 60)
{
	struct env e = env_make();
	char key[32];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 10000; i++) {
			snprintf(key, sizeof(key), "key%05d", i);
			put(&e, key, round ? "new" : "old", 0);
		}
	}
	delete_range(&e, "key05000", "\\0");
	EXPECT_EQ(30002, kvstore_rev(e.s));
	EXPECT_EQ(MVCC_OK, kvstore_compact(e.s, 30002));
	for (int i = 0; kvstore_compacting(e.s); i++) {
		for (int j = 0; j <= i && kvstore_compacting(e.s); j++)
			kvstore_compact_slice(e.s);
		expect_range(&e, "key04999", "key05001", 0, 0,
			"key04999=new/5001,25001,3,0 count 1 rev 30002");
		expect_range(&e, "key04999", "", 30001, 0, "compacted");
		/* as after a crash: what the last batch had is there */
		env_reopen(&e);
		EXPECT_EQ(30002, kvstore_rev(e.s));
		EXPECT_EQ(30002, kvstore_compact_rev(e.s));
		EXPECT(i < 30);
	}
	EXPECT_EQ(5000, kvstore_keys(e.s));
	EXPECT_EQ(5000, pairs_in_backend(&e));
	env_free(&e);
}

/* A tombstone that a cut-short compaction of etcd left alone is no key. */
TEST(kvstore_lone_tombstone)
{
	struct env e = env_make();
	unsigned char bytes[REVISION_MARKED_BYTES];
	struct mvcc_kv kv = {.key = "foo", .key_len = 3};
	size_t len = revision_encode((struct revision){7, 0}, true, bytes);

	kv_encode(&kv, backend_reserve(e.b, BACKEND_KEY, bytes, len, kv_encoded_size(&kv)));
	env_reopen(&e);
	EXPECT_EQ(7, kvstore_rev(e.s));
	EXPECT_EQ(0, kvstore_keys(e.s));
	EXPECT_EQ(0, pairs_in_backend(&e));
	env_free(&e);
}

TEST(kvstore_damaged_backend)
{
	struct env e = env_make();
	char *error;

	put(&e, "a", "1", 0);
	backend_put(e.b, BACKEND_KEY, "nonsense", 8, "x", 1);
	kvstore_close(e.s);
	EXPECT(!kvstore_open(e.b, &e.s, &error));
	EXPECT(strstr(error, "damaged") != NULL);
	free(error);
	backend_put(e.b, BACKEND_KEY, "nonsense", 8, "x", 1);
	backend_delete(e.b, BACKEND_KEY, "nonsense", 8);
	EXPECT(kvstore_open(e.b, &e.s, &error));
	env_free(&e);
}

/* The applied index goes to disk with the effects, whoever commits. */
TEST(kvstore_consistent_index)
{
	struct env e = env_make();
	uint64_t term = 9;

	EXPECT_EQ(0, kvstore_consistent_index(e.s, &term));
	EXPECT_EQ(0, term);
	EXPECT_EQ(-1, kvstore_due_ms(e.s, util_mono_ns()));
	put(&e, "a", "1", 0);
	kvstore_set_consistent_index(e.s, 5, 2);
	EXPECT(kvstore_due_ms(e.s, util_mono_ns()) > 0);
	EXPECT_EQ(1, pairs_in_backend(&e)); /* commits */
	put(&e, "a", "2", 0);
	kvstore_set_consistent_index(e.s, 6, 3);
	kvstore_tick(e.s, util_mono_ns() + 1000000000);
	EXPECT_EQ(-1, kvstore_due_ms(e.s, util_mono_ns()));
	kvstore_set_consistent_index(e.s, 7, 3);
	EXPECT(kvstore_sync(e.s));
	env_reopen(&e);
	EXPECT_EQ(7, kvstore_consistent_index(e.s, &term));
	EXPECT_EQ(3, term);
	env_free(&e);
}

/* Values of a read stay while others write and commit. */
TEST(kvstore_read_values_stay)
{
	struct env e = env_make();
	struct kvstore_range_options opts = {0};
	struct kvstore_range_result res;
	struct kvstore_read tr;

	put(&e, "a", "first", 0);
	put(&e, "b", "second", 0);
	kvstore_read_begin(e.s, &tr);
	EXPECT_EQ(MVCC_OK, kvstore_range(&tr, "a", 1, "c", 1, &opts, &res));
	for (int i = 0; i < 1000; i++) {
		put(&e, "a", "overwritten", 0);
		if (i % 100 == 0)
			EXPECT(kvstore_sync(e.s));
	}
	EXPECT_EQ(2, res.n);
	EXPECT_MEM_EQ("first", res.kvs[0].value, 5);
	EXPECT_MEM_EQ("second", res.kvs[1].value, 6);
	kvstore_range_free(&res);
	kvstore_read_end(&tr);
	env_free(&e);
}

/* The stored bytes are etcd's: KeyValue, proto3, zeros left out. */
TEST(kvstore_pair_bytes)
{
	static const unsigned char want[] = {0x0a, 3, 'f', 'o', 'o', 0x10, 2, 0x18, 3, 0x20, 1,
		0x2a, 2, 'x', 'y', 0x30, 0x80, 1};
	struct mvcc_kv kv = {.key = "foo",
			       .key_len = 3,
			       .value = "xy",
			       .value_len = 2,
			       .create_revision = 2,
			       .mod_revision = 3,
			       .version = 1,
			       .lease = 128},
		       got;
	unsigned char bytes[64];

	EXPECT_EQ(sizeof(want), kv_encoded_size(&kv));
	kv_encode(&kv, bytes);
	EXPECT_MEM_EQ(want, bytes, sizeof(want));
	EXPECT(kv_decode(bytes, sizeof(want), &got));
	EXPECT_EQ(128, got.lease);
	EXPECT_EQ(2, got.value_len);
	for (size_t len = 0; len < sizeof(want); len++)
		kv_decode(bytes, len, &got); /* cut short anywhere: no crash */
	EXPECT(!kv_decode(bytes, 4, &got));
	EXPECT_EQ(5, kv_encoded_size(&(struct mvcc_kv){.key = "foo", .key_len = 3}));
	EXPECT_EQ(-1, (int64_t)(uint64_t)-1);
}

/* Random transactions, compactions and reopenings against a model that keeps
 * every state the store ever had. */
enum { KEYS = 12, REVS = 400 };

struct state {
	int64_t create[KEYS], mod[KEYS], version[KEYS];
};

static void expect_state(struct env *e, const struct state *st, int64_t rev)
{
	struct xbuf want = {0};
	int count = 0;

	for (int k = 0; k < KEYS; k++) {
		if (!st->version[k])
			continue;
		count++;
		xbuf_printf(&want, "k%02d=v%lld/%lld,%lld,%lld,0 ", k, (long long)st->mod[k],
			(long long)st->create[k], (long long)st->mod[k], (long long)st->version[k]);
	}
	xbuf_printf(&want, "count %d rev %lld", count, (long long)kvstore_rev(e->s));
	expect_range(e, "k", "l", rev, 0, want.data);
	xbuf_free(&want);
}

static void random_txn(struct env *e, struct state *st, unsigned *seed)
{
	struct kvstore_write tw;
	char key[16], value[32];
	int64_t rev = kvstore_rev(e->s) + 1;

	kvstore_write_begin(e->s, &tw);
	for (int ops = 1 + rand_r(seed) % 4; ops > 0; ops--) {
		int k = rand_r(seed) % KEYS;

		snprintf(key, sizeof(key), "k%02d", k);
		if (rand_r(seed) % 3) {
			snprintf(value, sizeof(value), "v%lld", (long long)rev);
			kvstore_put(&tw, key, 3, value, strlen(value), 0);
			st->create[k] = st->version[k] ? st->create[k] : rev;
			st->mod[k] = rev;
			st->version[k]++;
		} else {
			EXPECT_EQ(st->version[k] != 0, kvstore_delete_range(&tw, key, 3, NULL, 0));
			st->version[k] = 0;
		}
	}
	kvstore_write_end(&tw);
}

TEST_TIMEOUT(kvstore_random_against_model, 120)
{
	static struct state states[REVS + 8];
	unsigned seed = 1;

	for (int round = 0; round < 5; round++) {
		struct env e = env_make();
		int64_t compacted = 0;

		memset(states, 0, sizeof(states));
		while (kvstore_rev(e.s) < REVS) {
			int64_t rev = kvstore_rev(e.s);
			struct state next = states[rev];

			random_txn(&e, &next, &seed);
			if (kvstore_rev(e.s) > rev)
				states[rev + 1] = next;
			rev = kvstore_rev(e.s);
			expect_state(&e, &states[rev], 0);
			if (rand_r(&seed) % 20 == 0) {
				int64_t at = 1 + rand_r(&seed) % rev;

				EXPECT_EQ(at > compacted ? MVCC_OK : MVCC_ERR_COMPACTED,
					kvstore_compact(e.s, at));
				compacted = at > compacted ? at : compacted;
			}
			if (rand_r(&seed) % 5 == 0)
				kvstore_tick(e.s, util_mono_ns());
			if (rand_r(&seed) % 50 == 0)
				env_reopen(&e);
			for (int64_t r = rev - 30 > 0 ? rev - 30 : 1; r <= rev; r++) {
				if (r < compacted)
					expect_range(&e, "k", "l", r, 0, "compacted");
				else
					expect_state(&e, &states[r], r);
			}
		}
		env_free(&e);
	}
}
