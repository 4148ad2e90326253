/* SPDX-License-Identifier: Apache-2.0 */
/* The original: log_unstable_test.go. */
#include "raft/rafttest/log_testing.h"

#include <stdlib.h>

static void deferred_unstable(void *p)
{
	unstable_free(p);
	free(p);
}

/* new_unstable makes an unstable log; snapi and snapt are those of its snapshot,
 * snapi 0: it has none. */
static struct unstable *new_unstable(const struct raft_entries *ents, raft_index offset,
	raft_index offset_in_progress, raft_index snapi, raft_term snapt)
{
	struct unstable *u = raft_malloc(sizeof(*u));

	*u = (struct unstable){
		.entries = ents_copy(ents),
		.offset = offset,
		.offset_in_progress = offset_in_progress,
		.logger = &raft_testing_logger,
	};
	if (snapi)
		u->snapshot =
			raft_snapshot_ref(new_test_snapshot(snapi, snapt, .auto_leave = false));
	raft_testing_defer(deferred_unstable, u);
	return u;
}

TEST(unstable_maybe_first_index)
{
	const struct {
		const struct raft_entries *ents;
		raft_index offset, snapi;
		bool want;
		raft_index want_index;
	} tests[] = {
		{index_terms(5, 1), 5, 0, false, 0},
		{&no_ents, 0, 0, false, 0},
		{index_terms(5, 1), 5, 4, true, 5},
		{&no_ents, 5, 4, true, 5},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct unstable *u = new_unstable(
			tests[i].ents, tests[i].offset, tests[i].offset, tests[i].snapi, 1);
		raft_index index = 0;

		EXPECT_EQ(tests[i].want, unstable_maybe_first_index(u, &index));
		EXPECT_EQ(tests[i].want_index, index);
	}
}

TEST(unstable_maybe_last_index)
{
	const struct {
		const struct raft_entries *ents;
		raft_index offset, snapi;
		bool want;
		raft_index want_index;
	} tests[] = {
		/* last in entries */
		{index_terms(5, 1), 5, 0, true, 5},
		{index_terms(5, 1), 5, 4, true, 5},
		/* last in snapshot */
		{&no_ents, 5, 4, true, 4},
		/* nothing unstable */
		{&no_ents, 0, 0, false, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct unstable *u = new_unstable(
			tests[i].ents, tests[i].offset, tests[i].offset, tests[i].snapi, 1);
		raft_index index = 0;

		EXPECT_EQ(tests[i].want, unstable_maybe_last_index(u, &index));
		EXPECT_EQ(tests[i].want_index, index);
	}
}

TEST(unstable_maybe_term)
{
	const struct raft_entries *one = index_terms(5, 1);
	const struct {
		const struct raft_entries *ents;
		raft_index offset, snapi, index;
		bool want;
		raft_term want_term;
	} tests[] = {
		/* from entries */
		{one, 5, 0, 5, true, 1},
		{one, 5, 0, 6, false, 0},
		{one, 5, 0, 4, false, 0},
		{one, 5, 4, 5, true, 1},
		{one, 5, 4, 6, false, 0},
		/* from the snapshot */
		{one, 5, 4, 4, true, 1},
		{one, 5, 4, 3, false, 0},
		{&no_ents, 5, 4, 5, false, 0},
		{&no_ents, 5, 4, 4, true, 1},
		{&no_ents, 0, 0, 5, false, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct unstable *u = new_unstable(
			tests[i].ents, tests[i].offset, tests[i].offset, tests[i].snapi, 1);
		raft_term term = 0;

		EXPECT_EQ(tests[i].want, unstable_maybe_term(u, tests[i].index, &term));
		EXPECT_EQ(tests[i].want_term, term);
	}
}

TEST(unstable_restore)
{
	struct unstable *u = new_unstable(index_terms(5, 1), 5, 6, 4, 1);
	struct raft_snapshot *snap = new_test_snapshot(6, 2, .auto_leave = false);

	u->snapshot_in_progress = true;
	unstable_restore(u, snap);
	EXPECT_EQ(7, u->offset);
	EXPECT_EQ(7, u->offset_in_progress);
	EXPECT_EQ(0, u->entries.len);
	EXPECT_EQ(snap, u->snapshot);
	EXPECT(!u->snapshot_in_progress);
	unstable_restore(u, snap); /* the one that it holds already */
	EXPECT_EQ(snap, u->snapshot);
}

TEST(unstable_next_entries)
{
	const struct raft_entries *two = index_terms(5, 1, 1);

	for (uint32_t in_progress = 0; in_progress <= 2; in_progress++) {
		TEST_CASE("%u in progress", in_progress);
		struct unstable *u = new_unstable(two, 5, 5 + in_progress, 0, 0);
		struct raft_entries want = ents_slice(two, in_progress, 2), got = {0};
		const struct raft_entry *v;

		got.len = (uint32_t)unstable_next_entries(u, &v);
		got.v = (struct raft_entry *)v;
		EXPECT_ENTS_EQ(&want, &got);
	}
}

TEST(unstable_next_snapshot)
{
	struct unstable *none = new_unstable(&no_ents, 0, 0, 0, 0);
	struct unstable *u = new_unstable(&no_ents, 5, 5, 4, 1);

	EXPECT_EQ(NULL, unstable_next_snapshot(none));
	EXPECT_EQ(u->snapshot, unstable_next_snapshot(u));
	u->snapshot_in_progress = true;
	EXPECT_EQ(NULL, unstable_next_snapshot(u));
}

TEST(unstable_accept_in_progress)
{
	/* With so many entries from index 5 on, everything up to the last is in
	 * progress afterwards, whatever was so before; and so is a snapshot. */
	for (unsigned variant = 0; variant < 3 * 2 * 3; variant++) {
		const uint32_t n = variant % 3;
		const bool snapshot_in_progress = variant / 3 % 2;
		const raft_index in_progress = 5 + variant / 6;
		if (in_progress > 5 + n)
			continue;
		for (int snap = 0; snap < 2; snap++) {
			TEST_CASE("%u entries, in progress to %llu, snapshot %d in progress %d", n,
				in_progress, snap, snapshot_in_progress);
			struct raft_entries ents = ents_slice(index_terms(5, 1, 1), 0, n);
			struct unstable *u = new_unstable(&ents, 5, in_progress, snap ? 4 : 0, 1);

			u->snapshot_in_progress = snap && snapshot_in_progress;
			unstable_accept_in_progress(u);
			EXPECT_EQ(5 + n, u->offset_in_progress);
			EXPECT_EQ(snap, u->snapshot_in_progress);
		}
	}
}

TEST(unstable_stable_to)
{
	const struct raft_entries *one = index_terms(5, 1), *two = index_terms(5, 1, 1);
	const struct {
		const char *name;
		const struct raft_entries *ents;
		raft_index offset, offset_in_progress, snapi;
		raft_term snapt;
		raft_index index;
		raft_term term;
		raft_index want_offset, want_in_progress;
		uint32_t want_len;
	} tests[] = {
		{"nothing unstable", &no_ents, 0, 0, 0, 0, 5, 1, 0, 0, 0},
		{"to the first entry", one, 5, 6, 0, 0, 5, 1, 6, 6, 0},
		{"to the first entry", two, 5, 6, 0, 0, 5, 1, 6, 6, 1},
		{"to the first entry, progress ahead", two, 5, 7, 0, 0, 5, 1, 6, 7, 1},
		{"term mismatch", index_terms(6, 2), 6, 7, 0, 0, 6, 1, 6, 7, 1},
		{"to an old entry", one, 5, 6, 0, 0, 4, 1, 5, 6, 1},
		{"to an old entry", one, 5, 6, 0, 0, 4, 2, 5, 6, 1},
		/* with a snapshot */
		{"to the first entry", one, 5, 6, 4, 1, 5, 1, 6, 6, 0},
		{"to the first entry", two, 5, 6, 4, 1, 5, 1, 6, 6, 1},
		{"to the first entry, progress ahead", two, 5, 7, 4, 1, 5, 1, 6, 7, 1},
		{"term mismatch", index_terms(6, 2), 6, 7, 5, 1, 6, 1, 6, 7, 1},
		{"to the snapshot", one, 5, 6, 4, 1, 4, 1, 5, 6, 1},
		{"to an old entry", index_terms(5, 2), 5, 6, 4, 2, 4, 1, 5, 6, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu: %s", i, tests[i].name);
		struct unstable *u = new_unstable(tests[i].ents, tests[i].offset,
			tests[i].offset_in_progress, tests[i].snapi, tests[i].snapt);

		unstable_stable_to(
			u, (struct entry_id){.term = tests[i].term, .index = tests[i].index});
		EXPECT_EQ(tests[i].want_offset, u->offset);
		EXPECT_EQ(tests[i].want_in_progress, u->offset_in_progress);
		EXPECT_EQ(tests[i].want_len, u->entries.len);
	}
}

/* Not the original's: only the snapshot that was written ceases to be unstable. */
TEST(unstable_stable_snap_to)
{
	struct unstable *u = new_unstable(&no_ents, 5, 5, 4, 1);

	u->snapshot_in_progress = true;
	unstable_stable_snap_to(u, 3);
	EXPECT(u->snapshot != NULL);
	unstable_stable_snap_to(u, 4);
	EXPECT_EQ(NULL, u->snapshot);
	EXPECT(!u->snapshot_in_progress);
	unstable_stable_snap_to(u, 4);
}

TEST(unstable_truncate_and_append)
{
	const struct raft_entries *one = index_terms(5, 1), *three = index_terms(5, 1, 1, 1);
	const struct {
		const struct raft_entries *ents;
		raft_index offset_in_progress; /* the offset is 5 */
		const struct raft_entries *to_append;
		raft_index want_offset, want_in_progress;
		const struct raft_entries *want;
	} tests[] = {
		/* append to the end */
		{one, 5, index_terms(6, 1, 1), 5, 5, index_terms(5, 1, 1, 1)},
		{one, 6, index_terms(6, 1, 1), 5, 6, index_terms(5, 1, 1, 1)},
		/* replace all */
		{one, 5, index_terms(5, 2, 2), 5, 5, index_terms(5, 2, 2)},
		{one, 5, index_terms(4, 2, 2, 2), 4, 4, index_terms(4, 2, 2, 2)},
		{one, 6, index_terms(5, 2, 2), 5, 5, index_terms(5, 2, 2)},
		/* truncate and append */
		{three, 5, index_terms(6, 2), 5, 5, index_terms(5, 1, 2)},
		{three, 5, index_terms(7, 2, 2), 5, 5, index_terms(5, 1, 1, 2, 2)},
		{three, 6, index_terms(6, 2), 5, 6, index_terms(5, 1, 2)},
		{three, 7, index_terms(6, 2), 5, 6, index_terms(5, 1, 2)},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		struct unstable *u =
			new_unstable(tests[i].ents, 5, tests[i].offset_in_progress, 0, 0);

		unstable_truncate_and_append(u, tests[i].to_append->v, tests[i].to_append->len);
		EXPECT_EQ(tests[i].want_offset, u->offset);
		EXPECT_EQ(tests[i].want_in_progress, u->offset_in_progress);
		EXPECT_ENTS_EQ(tests[i].want, &u->entries);
	}
}

/* Not the original's: a slice out of bounds, and a gap, are bugs. */
TEST(unstable_slice_panics)
{
	struct unstable *u = new_unstable(index_terms(5, 1, 1), 5, 5, 0, 0);
	const struct raft_entries *gap = index_terms(8, 1);

	EXPECT_EQ(6, unstable_slice(u, 6, 7)->index);
	EXPECT_PANIC(unstable_slice(u, 6, 5));
	EXPECT_STR_EQ("invalid unstable.slice 6 > 5", runner_panic_message());
	EXPECT_PANIC(unstable_slice(u, 4, 5));
	EXPECT_PANIC(unstable_slice(u, 5, 8));
	EXPECT_STR_EQ("unstable.slice[5,8) out of bound [5,7]", runner_panic_message());
	EXPECT_PANIC(unstable_truncate_and_append(u, gap->v, gap->len));
}

/* Not the original's: a snapshot ends before the entries that are being written,
 * none of which it leaves. */
TEST(unstable_restore_over_entries_in_progress)
{
	struct unstable *u = new_unstable(index_terms(5, 1, 1, 1, 1), 5, 9, 0, 0);
	const struct raft_entry *ents;

	unstable_restore(u, new_test_snapshot(6, 2, with_peers(1)));
	EXPECT_EQ(7, u->offset);
	EXPECT_EQ(7, u->offset_in_progress);
	EXPECT_EQ(0, unstable_next_entries(u, &ents));
}
