/* SPDX-License-Identifier: Apache-2.0 */
/* etcd's key_index_test.go in meaning. */
#include "server/mvcc/key_index.h"

#include <stdlib.h>

#include "raft/rafttest/runner.h"
#include "server/util.h"

/* etcd's newTestKeyIndex:
 *   {2.0, 4.0, 6.0(t)} {8.0, 10.0, 12.0(t)} {14.0, 14.1, 16.0(t)} {} */
static struct key_index *make(void)
{
	struct key_index *ki = key_index_new("foo", 3);

	key_index_put(ki, (struct revision){2, 0});
	key_index_put(ki, (struct revision){4, 0});
	EXPECT(key_index_tombstone(ki, (struct revision){6, 0}));
	key_index_put(ki, (struct revision){8, 0});
	key_index_put(ki, (struct revision){10, 0});
	EXPECT(key_index_tombstone(ki, (struct revision){12, 0}));
	key_index_put(ki, (struct revision){14, 0});
	key_index_put(ki, (struct revision){14, 1});
	EXPECT(key_index_tombstone(ki, (struct revision){16, 0}));
	return ki;
}

/* TestKeyIndexGet. */
TEST(key_index_get)
{
	/* clang-format off */
	static const struct {
		int64_t at, main, sub, created, version;
	} want[] = {
			{17, 0, 0, 0, 0},  {16, 0, 0, 0, 0},  {15, 14, 1, 14, 2}, {14, 14, 1, 14, 2},
			{13, 0, 0, 0, 0},  {12, 0, 0, 0, 0},  {11, 10, 0, 8, 2},  {10, 10, 0, 8, 2},
			{9, 8, 0, 8, 1},   {8, 8, 0, 8, 1},   {7, 0, 0, 0, 0},    {6, 0, 0, 0, 0},
			{5, 4, 0, 2, 2},   {4, 4, 0, 2, 2},   {3, 2, 0, 2, 1},    {2, 2, 0, 2, 1},
			{1, 0, 0, 0, 0},
	};
	/* clang-format on */
	struct key_index *ki = make();

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct revision rev = {0};
		int64_t created = 0, version = 0;
		bool found = key_index_get(ki, want[i].at, &rev, &created, &version);

		EXPECT_EQ(want[i].main != 0, found);
		EXPECT_EQ(want[i].main, rev.main);
		EXPECT_EQ(want[i].sub, rev.sub);
		EXPECT_EQ(want[i].created, created);
		EXPECT_EQ(want[i].version, version);
	}
	key_index_free(ki);
}

/* TestKeyIndexPut, TestKeyIndexRestore, TestKeyIndexTombstone. */
TEST(key_index_put_restore_tombstone)
{
	struct key_index *ki = key_index_new("foo", 3);
	struct revision rev;
	int64_t created, version;

	EXPECT(!key_index_live(ki, &created, &version));
	EXPECT(!key_index_tombstone(ki, (struct revision){4, 0}));
	key_index_restore(ki, 5, (struct revision){7, 3}, 9);
	EXPECT(key_index_live(ki, &created, &version));
	EXPECT_EQ(5, created);
	EXPECT_EQ(9, version);
	EXPECT(key_index_get(ki, 7, &rev, NULL, NULL));
	EXPECT_EQ(3, rev.sub);
	key_index_put(ki, (struct revision){8, 0});
	EXPECT(key_index_live(ki, &created, &version));
	EXPECT_EQ(10, version);
	EXPECT(key_index_get(ki, 7, &rev, &created, &version));
	EXPECT_EQ(9, version);
	EXPECT(key_index_tombstone(ki, (struct revision){9, 0}));
	EXPECT(!key_index_live(ki, &created, &version));
	EXPECT(!key_index_tombstone(ki, (struct revision){10, 0}));
	key_index_put(ki, (struct revision){11, 0});
	EXPECT(key_index_live(ki, &created, &version));
	EXPECT_EQ(11, created);
	EXPECT_EQ(1, version);
	EXPECT_PANIC(key_index_put(ki, (struct revision){11, 0}));
	key_index_free(ki);
}

/* The revisions that compacting removed, as text. */
static void note_removed(void *arg, struct revision rev, bool tombstone)
{
	xbuf_printf(
		arg, "%lld.%lld%s ", (long long)rev.main, (long long)rev.sub, tombstone ? "t" : "");
}

/* TestKeyIndexCompactAndKeep: at every revision, and what is left answers as
 * before to every read that is still allowed. */
TEST(key_index_compact)
{
	/* clang-format off */
	static const char *const removed[] = {
			"",                                                    /* 0 */
			"",                                                    /* 1 */
			"",                                                    /* 2 */
			"",                                                    /* 3 */
			"2.0 ",                                                /* 4 */
			"2.0 ",                                                /* 5 */
			"2.0 4.0 6.0t ",                                       /* 6 */
			"2.0 4.0 6.0t ",                                       /* 7 */
			"2.0 4.0 6.0t ",                                       /* 8 */
			"2.0 4.0 6.0t ",                                       /* 9 */
			"2.0 4.0 6.0t 8.0 ",                                   /* 10 */
			"2.0 4.0 6.0t 8.0 ",                                   /* 11 */
			"2.0 4.0 6.0t 8.0 10.0 12.0t ",                        /* 12 */
			"2.0 4.0 6.0t 8.0 10.0 12.0t ",                        /* 13 */
			"2.0 4.0 6.0t 8.0 10.0 12.0t 14.0 ",                   /* 14 */
			"2.0 4.0 6.0t 8.0 10.0 12.0t 14.0 ",                   /* 15 */
			"2.0 4.0 6.0t 8.0 10.0 12.0t 14.0 14.1 16.0t ",        /* 16 */
	};
	/* clang-format on */

	for (int64_t at = 0; at <= 16; at++) {
		struct key_index *ki = make(), *whole = make(), *stepwise = make();
		struct xbuf one = {0}, steps = {0};
		bool gone = key_index_compact(ki, at, note_removed, &one), step_gone = false;

		xbuf_puts(&one, "");
		EXPECT_STR_EQ(removed[at], one.data);
		EXPECT_EQ(at == 16, gone);
		/* TestKeyIndexCompactOnFurtherRev, ...AndKeep: one by one is the same */
		for (int64_t i = 0; i <= at; i++)
			step_gone = key_index_compact(stepwise, i, note_removed, &steps);
		xbuf_puts(&steps, "");
		EXPECT_STR_EQ(one.data, steps.data);
		EXPECT_EQ(gone, step_gone);
		for (int64_t rev = at; rev <= 18; rev++) {
			struct revision a = {0}, b = {0}, c = {0};
			int64_t version_a = 0, version_b = 0;

			key_index_get(whole, rev, &a, NULL, &version_a);
			key_index_get(ki, rev, &b, NULL, &version_b);
			key_index_get(stepwise, rev, &c, NULL, NULL);
			EXPECT_EQ(a.main, b.main);
			EXPECT_EQ(a.sub, b.sub);
			EXPECT_EQ(a.main, c.main);
			EXPECT_EQ(version_a, version_b);
		}
		key_index_free(ki);
		key_index_free(whole);
		key_index_free(stepwise);
		xbuf_free(&one);
		xbuf_free(&steps);
	}
}

TEST(key_index_compact_live_key)
{
	struct key_index *ki = key_index_new("k", 1);
	struct xbuf removed = {0};
	struct revision rev;
	int64_t created, version;

	for (int64_t i = 1; i <= 100; i++)
		key_index_put(ki, (struct revision){i, 0});
	EXPECT(!key_index_compact(ki, 98, note_removed, &removed));
	EXPECT(!key_index_get(ki, 97, &rev, NULL, NULL));
	EXPECT(key_index_get(ki, 98, &rev, &created, &version));
	EXPECT_EQ(98, rev.main);
	EXPECT_EQ(1, created);
	EXPECT_EQ(98, version);
	EXPECT(!key_index_compact(ki, 1000, note_removed, &removed));
	EXPECT(key_index_get(ki, 100, &rev, &created, &version));
	EXPECT_EQ(100, version);
	key_index_put(ki, (struct revision){1001, 7});
	EXPECT(key_index_get(ki, 1001, &rev, &created, &version));
	EXPECT_EQ(101, version);
	EXPECT_EQ(7, rev.sub);
	key_index_free(ki);
	xbuf_free(&removed);
}
